"""The Compare page as people use it."""

import json
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from core import runs
from core.charts import run_colour
from core.common.context import Context
from core.config.complete import complete
from core.config.edit import Raw, with_values
from core.reports import authoring
from core.runs.records import RunQuery, RunState
from pages.parts.compare.controls import KEYS
from pages.shared.format import literal
from pages.shared.nav import COMPARE
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

CURVES = {"loss": [2.0, 1.0, 0.5], "val_loss": [2.5, 1.5, 1.2], "val_accuracy": [0.2, 0.9, 0.8]}
STRANGE = "<script>alert(1)</script> *bold* $x$"


def figures(app: AppTest) -> list[dict[str, Any]]:
    """The figures of all charts, first to last."""
    return [json.loads(json.loads(chart.proto.json)["figure"]) for chart in app.get("bidi_component")]


def lines(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace.get("hoverinfo") != "skip"]


def table(app: AppTest) -> Any:
    return app.dataframe[0].value


def says(app: AppTest) -> str:
    """Everything that alerts, captions and plain text say."""
    kinds = ("success", "warning", "error", "info", "markdown", "caption")
    return "\n".join(str(getattr(element, "value", "")) for kind in kinds for element in app.get(kind))


@pytest.fixture
def pair(add_run: AddRun, raw_config: Raw) -> tuple[int, int]:
    """Two runs that differ in one param."""
    wide = with_values(raw_config, {"training.batch_size": 64})
    narrow = with_values(raw_config, {"training.batch_size": 16})
    return add_run(name="wide", config=wide, metrics=CURVES), add_run(
        name="narrow", config=narrow, metrics={**CURVES, "val_loss": [2.0, 0.5, 0.7]}
    )


@pytest.fixture
def seeds(add_run: AddRun, raw_config: Raw) -> list[int]:
    """Three runs of one config with different seeds; the last ended early."""
    losses = ([3.0, 2.0, 1.0], [1.0, 2.0, 3.0], [2.0, 5.0])
    return [
        add_run(name=f"net · seed {seed}", config={**raw_config, "seed": seed}, metrics={"val_loss": losses[seed]})
        for seed in range(3)
    ]


def test_without_runs_it_says_what_to_do_next(open_page: OpenPage) -> None:
    assert "No runs yet" in says(open_page(COMPARE))


def test_the_newest_runs_are_one_click_away(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE)
    app.button(key="compare_newest").click().run()
    assert app.multiselect(key="compare_runs").value == [pair[1], pair[0]]
    assert app.query_params["runs"] == f"{pair[1]},{pair[0]}"


def test_sets_of_runs_are_chosen_at_once(open_page: OpenPage, add_run: AddRun) -> None:
    made = [add_run(name="net", experiment=("one", "two")[n % 2], tags=["sweep 9"][: n // 5]) for n in range(7)]
    app = open_page(COMPARE, runs=str(made[1]))
    assert not [each for each in app.button if str(each.key).startswith("compare_set_")]  # looked up once it is open

    def offered() -> dict[str, str]:
        app.session_state["compare_sets"] = True
        app.run()
        sets = [each for each in app.button if str(each.key).startswith("compare_set_")]
        return {each.label.replace("\\", "").replace(" :gray[", " ").rstrip("]"): str(each.key) for each in sets}

    assert list(offered()) == [
        "All of experiment two · 3",
        "All of experiment one · 4",
        "All tagged sweep 9 · 2",
        "The newest 5 runs",
    ]
    for title, chosen in (
        ("All of experiment one · 4", made[::2]),
        ("All tagged sweep 9 · 2", made[5:]),
        ("The newest 5 runs", made[2:]),
    ):
        key = offered()[title]
        app.button(key).click().run()
        assert sorted(app.multiselect(key="compare_runs").value) == chosen
        assert not app.session_state["compare_sets"]
    app.text_input("compare_find").set_value("experiment = two").run()
    key = offered()["All that “experiment = two” finds · 3"]
    app.button(key).click().run()
    assert sorted(app.multiselect(key="compare_runs").value) == made[1::2]


def test_runs_of_one_name_are_told_apart_where_they_are_chosen(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    small, large = (with_values(raw_config, {"training.batch_size": size}) for size in (16, 64))
    add_run(name="net", config=small), add_run(name="net", config=large), add_run(name="net", config=large)
    options = open_page(COMPARE).multiselect(key="compare_runs").options
    assert [each.split(" · ")[0] for each in options] == ["#3 batch_size 64", "#2 batch_size 64", "#1 batch_size 16"]
    assert [len(each.split(" · ")) for each in options] == [4, 4, 3]  # of two that are alike the time, too


def test_runs_lie_over_each_other_in_their_own_colours(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")
    loss, accuracy, *_ = figures(app)
    colours = [run_colour(run_id) for run_id in pair]
    assert [line["line"]["color"] for line in lines(loss)] == colours
    assert [line["line"]["color"] for line in lines(accuracy)] == colours
    assert app.multiselect(key="metrics").value == ["val_loss", "val_accuracy"]


def test_results_are_drawn_first_and_not_what_was_set(open_page: OpenPage, add_run: AddRun) -> None:
    made = [add_run(metrics={"learning_rate": [0.1], "score": [value]}) for value in (0.8, 0.9)]
    app = open_page(COMPARE, runs=",".join(map(str, made)))
    assert app.multiselect(key="metrics").value == ["score"]


def test_training_and_validation_of_a_metric_share_a_chart(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]}", metrics=["loss", "val_loss"])
    assert [line["line"]["dash"] for line in lines(figures(app)[0])] == ["solid", "dash"]


def test_the_address_restores_axis_smoothing_and_scale(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]}", x="time", smooth="0.6", log="true", metrics=["loss"])
    figure = figures(app)[0]
    assert figure["layout"]["yaxis"]["type"] == "log"
    assert figure["layout"]["xaxis"]["title"]["text"] == "Elapsed time (s)"
    raw, smooth = figure["data"]
    assert raw["hoverinfo"] == "skip"
    assert raw["y"] != smooth["y"]


def test_the_axis_is_epochs_to_begin_with(open_page: OpenPage, pair: tuple[int, int]) -> None:
    assert figures(open_page(COMPARE, runs=f"{pair[0]}"))[0]["layout"]["xaxis"]["title"]["text"] == "Epoch"


def test_the_table_shows_only_the_params_that_differ(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")
    assert [name for name in table(app) if "." in name] == ["training.batch_size"]
    assert list(table(app)["training.batch_size"]) == ["64", "16"]
    app.toggle(key="all").set_value(True).run()
    assert "data.source" in table(app)


def test_the_table_has_last_best_and_step_of_best(open_page: OpenPage, pair: tuple[int, int]) -> None:
    row = table(open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")).loc[pair[1]]
    assert (row["val_loss last"], row["val_loss best"], row["val_loss best step"]) == (0.7, 0.5, 20)


def test_a_scatter_and_parallel_axes_show_what_a_param_does(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}", metric="val_loss", value="best")
    *_, scatter, parallel = figures(app)
    assert app.selectbox(key="param").value == "training.batch_size"
    assert scatter["layout"]["yaxis"]["title"]["text"] == "val_loss best"
    assert len(scatter["data"][0]["marker"]["color"]) == 2
    assert parallel["layout"]["xaxis"]["ticktext"] == ["batch_size", "<b>val_loss<br>best</b>"]


def test_groups_are_respected_in_scatter_and_parallel_coordinates(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw, seeds: list[int]
) -> None:
    other = with_values(raw_config, {"training.batch_size": 64})
    wide = add_run(name="wide", config=other, metrics={"val_loss": [9.0, 7.0]})
    app = open_page(COMPARE, runs=",".join(map(str, [*seeds, wide])), group="true", metric="val_loss", value="last")
    *_, scatter, parallel = figures(app)
    spread, points = scatter["data"]
    assert points["y"] == [3.0, 7.0]  # the mean of 1, 3 and 5
    assert spread["y"] == [1.0, 5.0]
    assert parallel["layout"]["meta"]["parallel"]["ids"] == [seeds[0], wide]
    assert "seed" not in app.selectbox(key="param").options


def test_axes_are_chosen_and_their_order_stands_in_the_address(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    run_ids = [
        add_run(config=with_values(raw_config, {"training.batch_size": size, "training.epochs": size}), metrics=CURVES)
        for size in (16, 32)
    ]
    app = open_page(COMPARE, runs=",".join(map(str, run_ids)))

    def titles() -> list[str]:
        return list(figures(app)[-1]["layout"]["xaxis"]["ticktext"][:-1])

    assert app.multiselect(key="axes").value == ["training.batch_size", "training.epochs"]
    assert titles() == ["batch_size", "epochs"]
    app.multiselect(key="axes").set_value(["training.epochs", "training.batch_size"]).run()
    assert titles() == ["epochs", "batch_size"]
    app.multiselect(key="axes").set_value([]).run()
    assert "Choose at least one axis" in says(app)


def test_what_the_brushes_keep_can_be_compared_alone(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")
    assert "Drag along an axis" in says(app)
    app.session_state["compare_kept"] = [pair[1], 777]
    app.run()
    assert "1 of 2 lines kept" in says(app)
    *_, scatter, _ = figures(app)
    assert scatter["data"][0]["marker"]["opacity"] == [0.12, 1.0]
    app.button(key="compare_keep").click().run()
    assert app.query_params["runs"] == f"{pair[1]}"


def test_runs_of_several_data_sets_are_told_and_marked_apart(open_page: OpenPage, add_run: AddRun) -> None:
    run_ids = [add_run(config={"data": {"source": name}}, metrics=CURVES) for name in ("iris", "wine")]
    app = open_page(COMPARE, runs=",".join(map(str, run_ids)))
    assert list(table(app)["data set"]) == ["iris", "wine"]
    assert "2 data sets" in says(app)
    assert [line["name"] for line in lines(figures(app)[0])] == [
        f"#{run_ids[0]} run · iris", f"#{run_ids[1]} run · wine"
    ]  # fmt: skip


def test_a_log_scale_says_what_it_cannot_show(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = add_run(metrics={"loss": [1.0, 0.5, 0.0]})
    app = open_page(COMPARE, runs=f"{run_id}", metrics=["loss"], log="true")
    assert "a log axis has no place for 0 and below" in says(app)
    app.toggle(key="log").set_value(False).run()
    assert "a log axis" not in says(app)


def test_runs_that_are_gone_are_named_and_the_rest_is_shown(
    open_page: OpenPage, context: Context, pair: tuple[int, int]
) -> None:
    runs.trash(context, [pair[1]])
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]},777,<b>")
    assert literal(f"<b>, {pair[1]}, 777") in says(app)
    assert len(lines(figures(app)[0])) == 1


def test_picking_runs_changes_the_address(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},777")
    app.multiselect(key="compare_runs").set_value([pair[1]]).run()
    assert app.query_params["runs"] == f"{pair[1]}"
    assert "777" not in says(app)


def test_the_search_narrows_the_choice_and_keeps_what_is_chosen(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]}")
    app.text_input(key="compare_find").set_value("narrow").run()
    assert app.multiselect(key="compare_runs").options == [f"#{pair[0]} wide · digits", f"#{pair[1]} narrow · digits"]
    app.text_input(key="compare_find").set_value("(half a search").run()
    assert app.multiselect(key="compare_runs").value == [pair[0]]
    assert "An opening bracket without a closing one" in says(app)


def test_seeds_become_one_line_that_says_how_many_it_stands_for(open_page: OpenPage, seeds: list[int]) -> None:
    app = open_page(COMPARE, runs=",".join(map(str, seeds)), group="true")
    (line,) = lines(figures(app)[0])
    assert line["line"]["color"] == run_colour(seeds[0])
    assert "n=%{customdata[0]}" in line["hovertemplate"]
    assert "Some means stand for fewer runs" in says(app)
    row = table(app).iloc[0]
    assert (row["group"], row["n"]) == ("net (n=3)", 3)
    assert row["val_loss last"] == "3 (1 to 5) n=3"
    assert "In brackets: min to max around the mean. Behind it n, how many seeds or folds have a value" in says(app)
    assert json.loads(app.dataframe[0].proto.columns)["n"]["help"].startswith("n: how many seeds or folds count")
    assert row["runs"] == f"compare?runs={','.join(map(str, seeds))}&folds=true"  # from a group to its runs


def test_a_cross_validation_is_one_thing_until_it_is_taken_apart(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw, pair: tuple[int, int]
) -> None:
    folds = [
        add_run(
            name=f"net · fold {fold + 1} of 2", metrics={"val_loss": [2.0, 1.0 + fold]},
            config=with_values(raw_config, {"data.folds": 2, "data.fold": fold}),
        )
        for fold in range(2)
    ]  # fmt: skip
    app = open_page(COMPARE, runs=",".join(map(str, [*folds, pair[0]])), metrics=["val_loss"])
    assert table(app)["group"].tolist() == ["net (n=2)", "wide (n=1)"]
    assert len(lines(figures(app)[0])) == 2
    app.toggle(key="folds").set_value(True).run()
    assert len(lines(figures(app)[0])) == 3
    assert len(table(app)) == 3


def test_groups_of_one_name_are_called_by_what_tells_them_apart(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    run_ids = []
    for size, seed in ((16, 0), (16, 1), (64, 0), (64, 1)):
        config = with_values(raw_config, {"training.batch_size": size, "seed": seed})
        state = RunState.FAILED if (size, seed) == (64, 1) else RunState.FINISHED
        metrics = CURVES if state is RunState.FINISHED else {}
        run_ids.append(add_run(name=f"net · seed {seed}", config=config, metrics=metrics, state=state))
    app = open_page(COMPARE, runs=",".join(map(str, run_ids)), group="true")
    assert table(app)["group"].tolist() == ["net (batch_size 16, n=2)", "net (batch_size 64, n=1)"]
    assert "of net (batch_size 64, n=1) 1 failed" in says(app).replace("\\", "")
    *_, scatter, _ = figures(app)
    assert [data[-1] for data in scatter["data"][-1]["customdata"]] == [run_ids[0], run_ids[2]]


def test_networks_of_which_nobody_said_what_they_take_are_left_out_with_a_word(
    open_page: OpenPage, add_run: AddRun, context: Context, pair: tuple[int, int]
) -> None:
    mine = add_run(name="mine", kind="script", metrics=CURVES)
    for run_id in (*pair, mine):
        folder = context.workspace.settings.run_dir(run_id) / "checkpoints"
        folder.mkdir(parents=True)
        (folder / runs.BEST_CHECKPOINT).write_bytes(b"a network")
    app = open_page(COMPARE, runs=",".join(map(str, [*pair, mine])))
    offered = app.multiselect(key="compare_on_networks_runs")
    assert offered.options == [f"#{pair[0]} wide", f"#{pair[1]} narrow"]
    assert f"Not offered yet: #{mine} mine. Nobody said whose inputs" in says(app).replace("\\", "")


def test_runs_may_be_grouped_by_any_param(open_page: OpenPage, pair: tuple[int, int], seeds: list[int]) -> None:
    app = open_page(COMPARE, runs=",".join(map(str, [*pair, *seeds])))
    app.multiselect(key="groups").set_value(["training.batch_size"]).run()
    assert not app.exception
    names = table(app)["group"].tolist()
    assert names == ["batch_size 64 (n=1)", "batch_size 16 (n=1)", "batch_size none (n=3)"]
    app.button_group(key="band").set_value("95 % interval").run()
    app.button_group(key="centre").set_value("median").run()
    assert not app.exception


def test_groups_are_drawn_along_params_in_which_their_runs_do_not_differ(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    told = (("adam", 8, 23), ("adam", 16, 64), ("sgd", 8, 32), ("sgd", 16, 32))
    fields = "training.optimizer.name", "training.batch_size", "architecture.hidden"
    made = [
        add_run(
            config=with_values(raw_config, dict(zip(fields, (name, batch, [hidden]), strict=True))),
            metrics={"val_loss": [0.5 + hidden / 1000]},
        )
        for name, batch, hidden in told
    ]
    app = open_page(COMPARE, runs=",".join(map(str, made)))
    assert fields[1] in app.multiselect(key="axes").value
    app.multiselect(key="groups").set_value([fields[0]]).run()
    assert not app.exception
    param = app.selectbox(key="param")
    assert (param.value, param.options) == (fields[0], [fields[0], fields[2]])
    assert param.proto.raw_value == fields[0], "else a browser keeps what it shows"
    assert app.multiselect(key="axes").value == [fields[0]]
    assert f"Not offered, as each group has several values: {fields[1]}." in says(app).replace("\\", "")
    left = "Not drawn, as their runs have several values: optimizer adam (n=2) (2 of architecture.hidden)."
    assert left not in says(app).replace("\\", "")
    param.set_value(fields[2]).run()
    assert left in says(app).replace("\\", "")
    app.selectbox(key="param").set_value(fields[0]).run()
    app.multiselect(key="axes").set_value([fields[0], fields[2]]).run()
    assert not app.exception
    assert left in says(app).replace("\\", "")


def test_runs_of_scripts_are_not_grouped_by_the_hash_of_their_code(open_page: OpenPage, add_run: AddRun) -> None:
    def of(code: str, rate: float) -> int:
        config = {"project": {"snapshot": code * 64}, "entry": "train.py", "arguments": {"lr": rate}}
        return add_run(kind="script", config=config, metrics=CURVES)

    app = open_page(COMPARE, runs=",".join(map(str, [of("a", 0.1), of("a", 0.2), of("b", 0.1)])))
    assert app.multiselect(key="groups").options == ["arguments.lr"]


def test_grouping_is_offered_only_where_runs_differ_in_nothing_but_their_seed(
    open_page: OpenPage, pair: tuple[int, int]
) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")
    assert "group" not in [toggle.key for toggle in app.toggle]


def test_runs_that_have_recorded_nothing_yet_say_so(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = add_run(state=RunState.QUEUED)
    app = open_page(COMPARE, runs=f"{run_id}")
    assert "None of these runs has recorded a metric yet." in says(app)


def test_names_are_shown_as_they_were_written(open_page: OpenPage, add_run: AddRun) -> None:
    run_id, other = (add_run(name=STRANGE, metrics=CURVES) for _ in range(2))
    app = open_page(COMPARE, runs=f"{run_id},{other}")
    assert list(table(app)["run"]) == [STRANGE, STRANGE]
    assert "&lt;script&gt;" in lines(figures(app)[0])[0]["name"]
    assert "<script>" not in str(cast("Any", app.get("html")[0]).value)


def test_baselines_stand_among_the_runs_that_share_their_data(open_page: OpenPage, add_run: AddRun) -> None:
    baseline = {"name": "logistic regression", "metrics": {"test_accuracy": 0.9}, "fitted_on": 80, "available": 80}
    facts = {"baselines": [baseline], "examples": {"test": 1000}}
    better, worse = (
        add_run(name=name, facts=facts, metrics={"val_loss": [1.0], "test_accuracy": [accuracy]})
        for name, accuracy in (("better", 0.95), ("worse", 0.7))
    )
    app = open_page(COMPARE, runs=f"{worse},{better}")
    assert not app.exception
    shown = next(each.value for each in app.dataframe if "stands" in each.value)
    assert shown["name"].tolist() == ["#1 better · digits", "baseline: logistic regression", "#2 worse · digits"]
    assert shown["test_accuracy"].tolist() == [0.95, 0.9, 0.7]
    assert shown["stands"].tolist()[0] == "5.0 points above logistic regression (0.900)"


def test_the_verdict_stands_above_the_curves_and_launches_what_would_settle_it(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw, context: Context
) -> None:
    made = [
        add_run(
            name=f"net · seed {seed}",
            config=with_values(raw_config, {"training.batch_size": batch, "seed": seed}),
            metrics={"val_accuracy": [score]},
        )
        for batch, scores in ((16, (0.90, 0.92, 0.91)), (64, (0.91, 0.93, 0.93)))
        for seed, score in enumerate(scores)
    ]
    app = open_page(COMPARE, runs=",".join(map(str, made)))
    both = [literal(f"net (batch_size {size})") for size in (64, 16)]
    assert f"Not decided: **{both[0]}** leads **{both[1]}** by 1.33 points" in says(app)
    assert "more seeds of each would tell a difference of 1.33 points with 80 % power" in says(app)

    app.button(key="compare_more_seeds").click().run()
    queued = [run for run in runs.listing(context, RunQuery(limit=100)).runs if run.id not in made]
    assert {run.state for run in queued} == {RunState.QUEUED}
    assert len(queued) % 2 == 0
    assert min(run.config["seed"] for run in queued) == 3
    assert set(app.multiselect(key="compare_runs").value) == {*made, *(run.id for run in queued)}


def test_single_runs_that_are_ahead_are_not_judged_beside_configs_with_several_seeds(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw, context: Context
) -> None:
    scores = {8: (0.97,), 16: (0.90, 0.92, 0.91), 64: (0.91, 0.93, 0.93)}
    made = [
        add_run(
            name=f"net · seed {seed}", config=with_values(raw_config, {"training.batch_size": batch, "seed": seed}),
            metrics={"val_accuracy": [score]},
        )
        for batch, of_config in scores.items() for seed, score in enumerate(of_config)
    ]  # fmt: skip
    app = open_page(COMPARE, runs=",".join(map(str, made)))
    single, other, best = (literal(f"net (batch_size {size})") for size in scores)
    assert f"Not decided: **{best}** leads **{other}** by 1.33 points" in says(app)
    told = f"Judged: the 2 configs with several seeds, of 3. Not judged: **{single}** (a single run)."
    assert told in says(app)
    assert app.button(key="compare_more_seeds").label.endswith(f" more seeds of {best} and {other} each")
    app.button(key="compare_more_seeds").click().run()
    queued = [run for run in runs.listing(context, RunQuery(limit=100)).runs if run.id not in made]
    assert {run.config["training"]["batch_size"] for run in queued} == {16, 64}


def test_a_verdict_beside_grouped_curves_says_what_it_judges(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    made = [
        add_run(
            config=with_values(raw_config, {"training.batch_size": batch, "training.optimizer.learning_rate": rate}),
            metrics={"val_accuracy": [0.9]},
        )
        for batch in (16, 64) for rate in (0.1, 0.01)
    ]  # fmt: skip
    chosen = ",".join(map(str, made))
    told = "It judges the 4 configs, not the groups by batch"
    app = open_page(COMPARE, runs=chosen)
    assert told not in says(app)
    assert told in says(app.multiselect(key=KEYS).set_value(["training.batch_size"]).run())


def test_seeds_that_are_there_and_not_shown_are_offered_first_and_not_launched_again(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw, context: Context
) -> None:
    made = [
        add_run(
            config=complete(with_values(raw_config, {"training.batch_size": batch, "seed": seed})),
            metrics={"val_accuracy": [score]},
        )
        for batch, scores in ((16, (0.90, 0.92, 0.91, 0.91)), (64, (0.91, 0.93, 0.93, 0.92)))
        for seed, score in enumerate(scores)
    ]
    shown, there = [*made[:3], *made[4:7]], [made[3], made[7]]
    app = open_page(COMPARE, runs=",".join(map(str, shown)))
    assert f"2 further runs of them are there and not compared: #{there[0]} and #{there[1]}." in says(app)
    assert "compare_more_seeds" not in [button.key for button in app.button], "they come first"
    app.button(key="compare_show_there").click().run()
    assert {*made} <= {*app.multiselect(key="compare_runs").value}
    app.button(key="compare_more_seeds").click().run()
    queued = [run for run in runs.listing(context, RunQuery(limit=100)).runs if run.id not in made]
    assert min(run.config["seed"] for run in queued) == 4


def test_more_seeds_than_one_launches_at_once_are_begun_with_the_first(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw, context: Context
) -> None:
    made = [
        add_run(
            config=with_values(raw_config, {"training.batch_size": batch, "seed": seed}),
            metrics={"val_accuracy": [score]}, kind=kind,
        )
        for kind in ("network", "logged")
        for batch, scores in ((16, (0.90, 0.94, 0.92)), (64, (0.91, 0.95, 0.93)))
        for seed, score in enumerate(scores)
    ]  # fmt: skip
    app = open_page(COMPARE, runs=",".join(map(str, made[:6])))
    assert "61 more seeds of each would tell" in says(app)
    assert app.button(key="compare_more_seeds").label == "Launch 20 more seeds of each first"
    assert app.button(key="compare_all_seeds").label == "Launch all 122 runs"
    assert "here is room for 50 runs, Experiments judges any number" in says(app)
    app.button(key="compare_more_seeds").click().run()
    assert runs.listing(context, RunQuery(limit=1)).total == len(made) + 40

    app = open_page(COMPARE, runs=",".join(map(str, made[6:])))
    assert "61 more seeds of each would tell" in says(app)
    assert "what a client reported, nobody launches from here" in says(app)


def test_what_settles_a_cross_validation_is_launched_with_the_same_folds_for_both(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw, context: Context
) -> None:
    base = complete(with_values(raw_config, {"data.folds": 3, "seed": 4}))
    made = [
        add_run(
            name=f"net · fold {fold + 1} of 3", metrics={"val_accuracy": [score]}, starting_at=100.0, finished_at=130.0,
            config=with_values(base, {"training.batch_size": batch, "data.fold": fold}),
        )
        for batch, scores in ((16, (0.90, 0.91, 0.92)), (64, (0.91, 0.932, 0.94)))
        for fold, score in enumerate(scores)
    ]  # fmt: skip
    app = open_page(COMPARE, runs=",".join(map(str, made)))
    elsewhere = complete(with_values(base, {"training.batch_size": 64, "data.fold": 1, "seed": 6}))
    made.append(add_run(name="net · fold 2 of 3 · seed 6", config=elsewhere, metrics={"val_accuracy": [0.9]}))
    told = "2 more seeds of each with all 3 folds (12 runs)"
    assert f"{told} would tell a difference of 1.73 points with 80 % power" in says(app)
    assert app.button(key="compare_more_seeds").label == f"Launch {told}"
    assert "about 6 min" in says(app)
    app.button(key="compare_more_seeds").click().run()
    queued = [run for run in runs.listing(context, RunQuery(limit=100)).runs if run.id not in made]
    assert sorted((run.config["training"]["batch_size"], run.config["seed"], run.config["data"]["fold"], run.name)
                  for run in queued) == [
        (batch, seed, fold, f"net · fold {fold + 1} of 3 · seed {seed}")
        for batch in (16, 64) for seed in (5, 6) for fold in range(3) if (batch, seed, fold) != (64, 6, 1)
    ]  # fmt: skip
    assert set(app.multiselect(key="compare_runs").value) == {*made, *(run.id for run in queued)}
    assert "As many are queued or at work." in says(app)  # and are not offered again
    assert "compare_more_seeds" not in [button.key for button in app.button]


def test_runs_of_one_config_get_no_verdict_and_the_reason(open_page: OpenPage, seeds: list[int]) -> None:
    app = open_page(COMPARE, runs=",".join(map(str, seeds)))
    assert "No verdict: these are runs of one config, which differ by chance alone." in says(app)


def test_single_runs_get_no_verdict_and_the_way_to_one(open_page: OpenPage, pair: tuple[int, int]) -> None:
    app = open_page(COMPARE, runs=f"{pair[0]},{pair[1]}")
    assert "No verdict: each is a single run, which says nothing of another seed." in says(app)
    assert app.button(key="compare_more_seeds").label == "Launch 2 more seeds of each"


def test_means_and_names_of_groups_have_the_room_that_they_take(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    name = "a network whose name takes more than a few words"
    for seed in range(3):
        add_run(name=f"{name} · seed {seed}", config={**raw_config, "seed": seed}, metrics={"val_loss": [0.123456]})
    app = open_page(COMPARE, runs="1,2,3", group="true")
    columns, frame = json.loads(app.dataframe[0].proto.columns), table(app)
    for column in ("group", "val_loss best"):
        assert columns[column]["width"] >= 6 * max(map(len, frame[column])), column
        assert columns[column]["alignment"] == "left"


def test_the_table_and_what_a_report_gets_of_it_have_the_metric_that_the_verdict_goes_by(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    for size in (8, 16):
        for seed in (0, 1):
            config = with_values(raw_config, {"training.batch_size": size, "data.seed": seed})
            add_run(config=config, metrics={"val_loss": [size / 50 + seed / 100], "test_accuracy": [0.9 + seed / 100]})
    made = authoring.create(context, "Findings")
    app = open_page(COMPARE, runs="1,2,3,4", metrics="val_loss", by="test_accuracy")
    assert [name for name in table(app) if name.endswith(" best")] == ["test_accuracy best", "val_loss best"]
    app.session_state["report_table"] = True
    app.run()
    app.selectbox("report_table_which").set_value(made.id)
    app.button("report_table_add").click().run()
    source = authoring.version(context, made.id).source
    assert "metrics: [test_accuracy, val_loss]" in source
    app.selectbox("by").set_value("val_loss").run()
    assert [name for name in table(app) if name.endswith(" best")] == ["val_loss best"]


def test_pairs_are_apart_in_the_unit_of_the_verdict(open_page: OpenPage, add_run: AddRun, raw_config: Raw) -> None:
    for size, score in ((8, 0.7), (16, 0.8), (32, 0.9)):
        for seed in range(2):
            config = with_values(raw_config, {"training.batch_size": size, "data.seed": seed})
            add_run(config=config, metrics={"test_accuracy": [score + seed / 1000]})
    app = open_page(COMPARE, runs=",".join(map(str, range(1, 7))), by="test_accuracy")
    [pairs] = [each.value for each in app.dataframe if "p (Holm)" in each.value]
    assert pairs["test_accuracy, one less other"].tolist() == ["10.00 points", "20.00 points", "10.00 points"]
