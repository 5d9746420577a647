"""The Experiments page."""

from urllib.parse import parse_qs

from core import runs
from core.cli import verdicts_told
from core.cli.known_runs import RunsHere
from core.common.context import Context
from core.config.complete import complete
from core.config.edit import Raw, with_values
from core.reports.blocks import Table
from core.reports.drawn_panels import drawn
from core.reports.panel_specs import Leaderboard, VerdictPanel
from core.runs import experiment_board
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.fields import from_words
from core.sweeps.trials import view
from pages.shared.format import literal
from pages.shared.nav import COMPARE, EXPERIMENTS
from tests.conftest import AddRun
from tests.core.sweeps.conftest import Begin, End, begin, end
from tests.pages.conftest import OpenPage
from tests.pages.test_compare import says

__all__ = ["begin", "end"]


def test_what_is_kept_of_an_experiment_is_renewed_once_a_run_is_added(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    for batch, score in ((16, 0.8), (32, 0.9)):
        config = with_values(raw_config, {"training.batch_size": batch})
        add_run(name="net", config=config, metrics={"test_accuracy": [score]})
    app = open_page(EXPERIMENTS)
    assert app.dataframe[0].value["test_accuracy"].tolist() == [0.9, 0.8]
    add_run(name="net", config=with_values(raw_config, {"training.batch_size": 64}), metrics={"test_accuracy": [0.95]})
    app.run()
    assert app.dataframe[0].value["test_accuracy"].tolist() == [0.95, 0.9, 0.8]
    runs.trash(context, [1])
    app.run()
    assert app.dataframe[0].value["test_accuracy"].tolist() == [0.95, 0.9]


def test_an_address_of_an_experiment_that_is_gone_says_so(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(metrics={"test_accuracy": [0.9]})
    assert not open_page(EXPERIMENTS, name="default").warning
    [told] = open_page(EXPERIMENTS, name="old *name*").warning
    assert "there is no experiment" in told.value
    assert "renamed" in told.value


def test_configs_on_other_data_sets_are_not_ranked_together(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    for data, folds, scores in (("digits", None, (0.7, 0.8, 0.75)), ("iris", 3, (0.99, 0.98))):
        for place, score in enumerate(scores):
            config = with_values(raw_config, {"data": {"source": data}, "training.batch_size": 8 * 2**place})
            config = with_values(config, {"data.folds": folds + place}) if folds else config
            add_run(name="net", config=complete(config), metrics={"test_accuracy": [score]})
    app = open_page(EXPERIMENTS, data="iris", name="default")  # as a link says it, whatever the counts are by then
    assert not app.warning
    assert app.dataframe[0].value["test_accuracy"].tolist() == [0.99, 0.98]
    assert "Folds" in app.dataframe[0].value
    assert "2 runs of 2 configs. 3 runs on other data." in [each.value for each in app.caption]
    advice = [each.value for each in app.markdown if "lightbulb" in each.value]
    assert any("size was never below 8" in each for each in advice)
    assert not any("folds" in each for each in advice)  # more of them make no network better
    more = app.button("experiment_more_seeds_4")
    assert more.label == "Launch 4 more seeds"
    more.click().run()
    assert "4 runs of it at work or queued" in [each.value for each in app.caption]
    made = [run for run in runs.get_many(context, range(1, 14)) if run.state.value == "queued"]
    assert {(run.config["data"]["folds"], run.config["seed"]) for run in made} == {(3, seed) for seed in range(1, 5)}
    experiment_board.choose_champion(context, "default", 1)
    app.run()
    [told] = [each.value for each in app.markdown if "Champion:" in each.value]
    assert told.endswith("the best so far]")  # the one that was chosen is of the other data set, and not lost
    app.selectbox(key="data").set_value("digits").run()
    assert app.dataframe[0].value["test_accuracy"].tolist() == [0.8, 0.75, 0.7]

    [named] = drawn(context, Leaderboard(experiment="default", data_set="iris")).blocks[:1]
    assert "On iris; 3 runs on other data left out." in str(named)
    tables = [block for block in drawn(context, Leaderboard(experiment="default")).blocks if isinstance(block, Table)]
    assert "Seeds" in tables[0].titles
    assert [row[1] for row in tables[0].rows] == ["0.8000", "0.7500", "0.7000"]  # on the most frequent one
    missing = drawn(context, Leaderboard(experiment="default", data_set="mnist")).blocks
    assert "None of its runs is on a data set 'mnist'" in str(missing)


def test_what_was_confirmed_is_the_best_in_table_advice_and_empty_areas(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    scores = {(8, 2): (0.85, 0.86, 0.87), (16, 1): (0.99,), (8, 1): (0.7, 0.71, 0.72)}
    for (batch, epochs), values in scores.items():
        for seed, score in enumerate(values):
            changes = {"training.batch_size": batch, "training.epochs": epochs, "seed": seed}
            add_run(config=complete(with_values(raw_config, changes)), metrics={"test_accuracy": [score]})
    app = open_page(EXPERIMENTS)
    assert app.dataframe[0].value["test_accuracy"].round(2).tolist() == [0.86, 0.71, 0.99]
    assert "1 config that looked better in a single run stands below." in " ".join(each.value for each in app.caption)
    [tried] = [each.value for each in app.dataframe if "Of the best" in each.value]
    assert dict(zip(tried["Param"], tried["Of the best"], strict=True))["training.batch_size"] == "8"
    told = " ".join(each.value for each in app.markdown).replace("\\", "")
    assert "the nearest to the best config is batch_size 16 with epochs 2" in told
    assert "size was never below 8, where the best config is" in told
    [link] = [each for each in app.get("page_link") if each.proto.label == "Compare the 2 judged in full"]
    asked = {key: value for key, [value] in parse_qs(link.proto.query_string).items()}
    app.button("experiment_more_seeds_4").click().run()  # of the one that looked better
    made = [run for run in runs.get_many(context, range(1, 20)) if run.state.value == "queued"]
    assert [run.config["training"]["batch_size"] for run in made] == [16] * 4
    assert open_page(COMPARE, **asked).toggle("group").value  # a line for each config, as the leaderboard has rows


def test_empty_areas_of_another_experiment_are_called_as_they_are(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    rate = "training.optimizer.learning_rate"
    varied = {"one": ("training.batch_size", "training.epochs"), "two": ("training.epochs", rate)}
    for experiment, (first, second) in varied.items():
        for place, value in enumerate((0.9, 0.8)):
            config = with_values(raw_config, {first: 4 + place, second: 1 + place})
            add_run(name=f"net {place}", config=config, metrics={"test_accuracy": [value]}, experiment=experiment)
    app = open_page(EXPERIMENTS, name="one")
    [told] = [each for each in app.selectbox if each.label == "Params"]
    assert told.options == ["batch_size and epochs (2 of 4 empty)"]
    app.selectbox("name").set_value("two").run()
    [told] = [each for each in app.selectbox if each.label == "Params"]
    assert told.options == ["epochs and learning_rate (2 of 4 empty)"]
    assert told.value == "epochs and learning_rate"


def test_what_would_settle_the_verdict_is_launched_from_here_too(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    for batch, scores in ((16, (0.90, 0.92, 0.91)), (64, (0.91, 0.93, 0.93))):
        for seed, score in enumerate(scores):
            config = complete(with_values(raw_config, {"training.batch_size": batch, "seed": seed}))
            add_run(config=config, metrics={"val_accuracy": [score]})
    app = open_page(EXPERIMENTS)
    assert app.button("leaderboard_more_seeds").label.startswith("Launch ")
    app.button("leaderboard_more_seeds").click().run()
    queued = [run for run in runs.get_many(context, range(7, 100)) if run.state.value == "queued"]
    assert min(run.config["seed"] for run in queued) == 3
    assert len({run.config["training"]["batch_size"] for run in queued}) == 2
    assert "As many are queued or at work." in [each.value for each in app.caption]


def test_an_experiment_is_judged_by_the_goal_of_the_newest_sweep_of_its_runs(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    made = {}
    for experiment in ("default", "searched"):
        for batch in (16, 64):
            config = with_values(raw_config, {"training.batch_size": batch})
            metrics = {"test_accuracy": [0.9], "val_accuracy": [0.9], "val_loss": [0.3], "loss": [0.2]}
            made[experiment, batch] = add_run(config=config, metrics=metrics, experiment=experiment)
    assert open_page(EXPERIMENTS, experiment="searched").selectbox("by").value == "val_accuracy"
    fields = [from_words("training.batch_size=16,64").model_dump(mode="json")]
    asked = {"base": raw_config, "fields": fields, "method": "random", "budget": {"trials": 1}}
    managing.start(context, {**asked, "experiment": "searched"}, "", [made["searched", 16]])
    other = {**asked, "experiment": "searched", "goals": [{"metric": "loss"}]}
    managing.start(context, other)  # newer, of other runs
    app = open_page(EXPERIMENTS, experiment="searched")  # as people write it; the address has `name`
    assert (app.selectbox("name").value, app.selectbox("by").value) == ("searched", "val_loss")
    app.selectbox("name").set_value("default").run()
    assert app.selectbox("by").value == "val_accuracy"
    shown = app.selectbox("by").proto
    assert (shown.set_value, shown.raw_value) == (True, "val_accuracy"), "else a browser keeps what it shows"


def test_what_somebody_judges_an_experiment_by_stays_with_it(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    for experiment in ("one", "two"):
        for batch in (16, 64):
            config = with_values(raw_config, {"training.batch_size": batch})
            add_run(config=config, metrics={"val_accuracy": [0.9], "val_loss": [0.3]}, experiment=experiment)
    app = open_page(EXPERIMENTS, name="one", by="val_loss")
    assert app.selectbox("by").value == "val_loss"
    assert not app.warning
    app.selectbox("name").set_value("two").run()
    assert app.selectbox("by").value == "val_accuracy"
    assert "by" not in app.query_params
    app.run()
    assert app.selectbox("by").value == "val_accuracy"
    app.selectbox("name").set_value("one").run()
    assert (app.selectbox("by").value, app.query_params["by"]) == ("val_loss", "val_loss")
    app.selectbox("by").set_value("val_accuracy").run()
    app.selectbox("name").set_value("two").run()
    app.selectbox("name").set_value("one").run()
    assert app.selectbox("by").value == "val_accuracy"


def test_the_data_set_that_somebody_chose_stays_with_its_experiment(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    of = {"one": {"digits": 3, "iris": 2}, "two": {"iris": 3, "digits": 1}, "three": {"wine": 2, "iris": 1}}
    for experiment, counts in of.items():
        for data, count in counts.items():
            for place in range(count):
                config = with_values(raw_config, {"data": {"source": data}, "training.batch_size": 8 * 2**place})
                add_run(config=complete(config), metrics={"test_accuracy": [0.9]}, experiment=experiment)
    app = open_page(EXPERIMENTS, name="one")
    for experiment, shown in (("two", "iris"), ("three", "wine"), ("one", "digits")):
        app.selectbox("name").set_value(experiment).run()
        box = app.selectbox("data")
        assert (box.value, "data" in app.query_params) == (shown, False), "each begins with its most frequent one"
        assert (box.proto.set_value, box.proto.raw_value) == (True, shown), "else a browser keeps what it shows"
        assert len(app.dataframe[0].value) == max(of[experiment].values())
    app.selectbox("data").set_value("iris").run()
    app.selectbox("name").set_value("three").run()
    assert (app.selectbox("data").value, "data" in app.query_params) == ("wine", False)
    app.selectbox("name").set_value("one").run()
    assert (app.selectbox("data").value, app.query_params["data"]) == ("iris", "iris")


def test_compare_a_report_and_the_command_line_judge_by_what_experiments_judges_by(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    made = [
        add_run(
            config=with_values(raw_config, {"training.batch_size": batch, "seed": seed}), experiment="searched",
            metrics={"test_accuracy": [0.9 + seed / 100], "val_loss": [0.3 + batch / 1000 + seed / 100]},
        )
        for batch in (16, 64)
        for seed in (0, 1, 2)
    ]  # fmt: skip
    fields = [from_words("training.batch_size=16,64").model_dump(mode="json")]
    asked = {"base": raw_config, "fields": fields, "method": "random", "budget": {"trials": 1}}
    managing.start(context, {**asked, "experiment": "searched"}, "", made)
    other = {**asked, "experiment": "searched", "goals": [{"metric": "val_accuracy"}]}
    managing.start(context, other)  # newer, of other runs
    assert open_page(EXPERIMENTS, experiment="searched").selectbox("by").value == "val_loss"
    assert open_page(COMPARE, runs=",".join(map(str, made))).selectbox("by").value == "val_loss"
    assert "Judged by val_loss." in str(drawn(context, VerdictPanel(runs=tuple(made))))
    known = RunsHere(context)
    told = verdicts_told.as_json(known, known.get_many(made), known.summaries(made), "")
    assert told is not None
    assert (told["metric"], told["best"]) == ("val_loss", made[0])
    app = open_page(COMPARE, runs=",".join(map(str, made)))
    app.selectbox("by").set_value("test_accuracy").run()
    searched = literal(
        "The newest sweep of these runs chose by val_loss; this judges by test_accuracy, on the test set, which had "
        "no part in it."
    )
    assert any(searched in each.value for each in app.caption)
    assert "have the same mean, 0.9100 over 3 seeds each" in says(app)
    assert "By val_loss they are told apart: " in says(app)


def test_configs_are_judged_by_last_values_where_the_newest_sweep_of_their_experiment_went_by_these(
    context: Context, open_page: OpenPage, begin: Begin, end: End
) -> None:
    goal = {"metric": "val_loss", "kind": "last"}
    sweep = begin(["training.batch_size=8,16"], method="grid", goals=[goal], budget={"trials": 2}, at_once=2)
    Advancing(context).look(sweep)
    for each, values in zip(view(context, sweep).active, ([0.1, 0.9], [0.5, 0.4]), strict=True):
        end(each.kept.run_id or 0, values)
    app = open_page(EXPERIMENTS)
    assert app.dataframe[0].value["val_loss"].tolist() == [0.4, 0.9]
    assert any("Last values count" in each.value for each in app.caption)
    panel = drawn(context, Leaderboard(experiment="default"))
    [table] = [block for block in panel.blocks if isinstance(block, Table)]
    assert [row[table.titles.index("val_loss")] for row in table.rows] == ["0.4000", "0.9000"]
    assert "Last values count" in str(panel.blocks)
    begin(["training.batch_size=8,16"], method="grid", earlier=(1, 2))
    assert open_page(EXPERIMENTS).dataframe[0].value["val_loss"].tolist() == [0.1, 0.4]
