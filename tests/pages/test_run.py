"""The Run page."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import db.leases
import db.runs
from core import runs
from core.common.context import Actor, Context
from core.common.workspace import Workspace
from core.config.edit import Raw, with_values
from core.config.run import RunConfig
from core.runs import Draft
from db.records import SUPERVISOR, TRAINER, ArtifactRecord, RunState
from pages.shared.nav import RUN
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

METRICS = {"loss": [0.9, 0.5], "val_loss": [0.8, 0.6], "val_accuracy": [0.7, 0.6], "test_accuracy": [0.75]}


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.error, *app.info, *app.warning])


def charts(app: AppTest) -> int:
    return len(app.get("bidi_component"))


def shown_text(app: AppTest) -> str:
    """Of the page's one config or log."""
    return str(json.loads(app.get("bidi_component")[0].proto.json)["text"])


def test_without_a_run_the_recent_ones_are_offered(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(name="older", created_at=1.0)
    add_run(name="newer")
    assert open_page(RUN).dataframe[0].value["Run"].tolist() == ["newer", "older"]


def test_a_run_that_does_not_exist_says_so_and_offers_others(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(name="there")
    app = open_page(RUN, run="<b>77</b>")  # people guess it so; the page writes id
    assert "There is no run" in app.error[0].value
    assert app.dataframe[0].value["Run"].tolist() == ["there"]


def test_a_finished_run_shows_its_best_values_and_curves(open_page: OpenPage, add_run: AddRun) -> None:
    app = open_page(RUN, id=str(add_run(name="wide net", metrics=METRICS)))
    assert "wide net" in app.title[0].value
    tiles = {metric.label.replace("\\", ""): (metric.value, metric.delta) for metric in app.metric}
    assert tiles["test_accuracy"] == ("0.75", "best checkpoint")
    assert tiles["val_accuracy"] == ("0.6", "best 0.7, epoch 1")
    assert charts(app) == 2  # loss, with that of validation; accuracy


def test_a_generator_of_text_is_told_by_its_perplexity(open_page: OpenPage, add_run: AddRun) -> None:
    metrics = {"perplexity": [30.0, 20.0], "val_perplexity": [28.0, 22.0], "test_perplexity": [24.0]}
    app = open_page(RUN, id=str(add_run(metrics={**metrics, "accuracy": [0.1, 0.2], "val_loss": [3.3, 3.1]})))
    labels = [metric.label.replace("\\", "") for metric in app.metric]
    assert labels == ["test_perplexity", "val_loss", "val_perplexity", "perplexity"]


def test_a_regression_is_told_in_the_unit_of_its_target(open_page: OpenPage, add_run: AddRun) -> None:
    metrics = {
        "mae": [9.0],
        "val_mae": [8.0],
        "val_loss": [0.7],
        "test_mae": [7.5],
        "test_rmse": [9.5],
        "test_r2": [0.4],
    }
    app = open_page(RUN, id=str(add_run(metrics={**metrics, "test_loss": [0.6]}, facts={"target": "takings"})))
    tiles = {metric.label.replace("\\", ""): metric for metric in app.metric}
    assert list(tiles) == ["test_mae", "test_rmse", "test_r2", "val_loss", "val_mae"]
    assert "In the unit of takings" in tiles["test_mae"].help
    assert "predicts takings" in texts(app)


@pytest.mark.parametrize("tab", ["Curves", "Try it", "Log", "Config", "System", "Files", "Facts", "History"])
def test_every_tab_opens_for_a_run_in_any_state(open_page: OpenPage, add_run: AddRun, tab: str) -> None:
    for state in RunState:
        open_page(RUN, id=str(add_run(state=state, total_steps=20)), run_view=tab)
    open_page(RUN, id=str(add_run(metrics={**METRICS, "system/host_cpu_percent": [5, 6]})), run_view=tab)


@pytest.mark.parametrize(("waited", "warned"), [(5, False), (60, True)])
def test_an_input_that_steps_wait_for_is_told(
    open_page: OpenPage, add_run: AddRun, waited: float, warned: bool
) -> None:
    run_id = add_run(metrics={**METRICS, "system/input_wait_percent": [waited, waited + 10]})
    warnings = [warning.value for warning in open_page(RUN, id=str(run_id), run_view="System").warning]
    assert any("waited 65 % of the time" in text for text in warnings) == warned


@pytest.mark.parametrize("axis", ["step", "epoch", "time"])
def test_curves_run_over_steps_epochs_or_time(open_page: OpenPage, add_run: AddRun, axis: str) -> None:
    assert charts(open_page(RUN, id=str(add_run(metrics=METRICS)), run_x=axis, run_log="true")) == 2
    assert charts(open_page(RUN, id=str(add_run(metrics=METRICS, steps_per_epoch=0)), run_x=axis)) == 2


def figure(app: AppTest, place: int = 0) -> Any:
    return json.loads(json.loads(app.get("bidi_component")[place].proto.json)["figure"])


@pytest.mark.parametrize(
    ("axis", "state", "marks"),
    [
        ("Epoch", RunState.FINISHED, ["overfits", "best, epoch 2"]),
        ("Step", RunState.FINISHED, ["overfits", "best, epoch 2"]),
        ("Elapsed time", RunState.FINISHED, []),
        ("Epoch", RunState.RUNNING, []),  # the best moves while it learns
    ],
)
def test_the_best_epoch_and_overfitting_are_marked_once_a_run_is_at_rest(
    open_page: OpenPage, add_run: AddRun, axis: str, state: RunState, marks: list[str]
) -> None:
    metrics = {"loss": [0.9, 0.5, 0.3, 0.2, 0.1, 0.05], "val_loss": [0.8, 0.6, 0.7, 0.8, 0.9, 1.0]}
    layout = figure(open_page(RUN, id=str(add_run(metrics=metrics, state=state)), run_x=axis))["layout"]
    assert [note["text"] for note in layout.get("annotations", [])] == marks


def test_on_another_metrics_chart_the_mark_says_of_which_metric_it_is_the_best(
    open_page: OpenPage, add_run: AddRun
) -> None:
    metrics = {"val_loss": [0.8, 0.6, 0.7], "val_accuracy": [0.9, 0.8, 0.7]}
    app = open_page(RUN, id=str(add_run(metrics=metrics)))
    marks = {note["text"] for place in range(2) for note in figure(app, place)["layout"]["annotations"]}
    assert marks == {"best, epoch 2", "best val_loss, epoch 2"}
    told = {str(metric.delta) for metric in app.metric}
    assert {"best 0.6, epoch 2", "best 0.9, epoch 1"} <= told


def test_a_chart_is_enlarged_and_made_small_again(open_page: OpenPage, add_run: AddRun) -> None:
    app = open_page(RUN, id=str(add_run(metrics=METRICS)))
    small = figure(app)["layout"]["height"]
    app.button(key="run_enlarge_accuracy").click().run()
    assert (charts(app), figure(app)["layout"]["height"] > small) == (2, True)
    app.button(key="run_enlarge_accuracy").click().run()
    assert figure(app)["layout"]["height"] == small


def test_of_many_metrics_a_page_is_drawn_and_others_are_found_by_their_names(
    open_page: OpenPage, add_run: AddRun
) -> None:
    metrics = {f"layer {number}/grad*": [1.0, 2.0] for number in range(60)}
    app = open_page(RUN, id=str(add_run(metrics={**metrics, "loss": [1.0, 0.5], "val_loss": [1.0, 0.5]})))
    assert charts(app) == 24
    assert "1 to 24 of 61 metrics" in texts(app)
    app.number_input(key="run_curve_page").set_value(3).run()
    assert (charts(app), "49 to 61 of 61 metrics" in texts(app)) == (13, True)
    app.text_input(key="run_curve_words").set_value("GRAD 7/").run()
    assert (charts(app), "1 to 6 of 6 metrics with these words" in texts(app)) == (6, True)
    app.button(key="run_enlarge_layer 7/grad*").click().run()
    app.text_input(key="run_curve_words").set_value("nothing").run()
    assert (charts(app), "No metric has these words." in texts(app)) == (1, True)
    app.text_input(key="run_curve_words").set_value("").run()
    assert charts(app) == 25


def test_curves_are_smoothed_and_the_recorded_values_stay_visible(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = str(add_run(metrics={"loss": [1.0, 0.0, 1.0, 0.0]}))
    raw, smooth = figure(open_page(RUN, id=run_id, run_smooth="0.6"))["data"]
    assert raw["hoverinfo"] == "skip"
    assert smooth["y"] != raw["y"]


def test_lines_of_the_log_are_found_by_their_words(open_page: OpenPage, add_run: AddRun, workspace: Workspace) -> None:
    run_id = add_run()
    log = workspace.settings.log_file(run_id)
    log.parent.mkdir(parents=True)
    log.write_text("\n".join(f"epoch {number} loss {number % 7}" for number in range(2000)))
    app = open_page(RUN, id=str(run_id), run_view="Log")
    assert len(shown_text(app).splitlines()) == 200
    app.text_input(key="run_log_words").set_value("EPOCH 1234").run()
    assert shown_text(app).splitlines()[0] == "epoch 1234 loss 2"
    assert "1 of the last 2,000 lines has these words" in texts(app)
    app.text_input(key="run_log_words").set_value("no such").run()
    assert "0 of the last 2,000 lines" in texts(app)


def test_the_head_tells_what_was_trained_how_long_and_on_what(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = add_run(trained_seconds=75.0, facts={"parameters": 12_345, "device": "AMD EPYC"})
    told = texts(open_page(RUN, id=str(run_id))).replace("\\", "")
    assert "data digits · Multilayer perceptron of 12,345 parameters" in told
    assert "trained 1 min 15 s · on AMD EPYC" in told


def test_a_failed_run_shows_the_reason_and_the_end_of_its_log(
    open_page: OpenPage, add_run: AddRun, workspace: Workspace
) -> None:
    run_id = add_run(state=RunState.FAILED, reason="The loss became NaN in epoch 8.")
    log = workspace.settings.log_file(run_id)
    log.parent.mkdir(parents=True)
    log.write_text("\n".join(f"line {number}" for number in range(100)))
    app = open_page(RUN, id=str(run_id))
    assert app.error[0].value == "The loss became NaN in epoch 8\\."
    lines = shown_text(app).splitlines()
    assert (len(lines), lines[-1]) == (15, "line 99")


def test_the_history_tells_who_did_what_the_newest_first(
    open_page: OpenPage, workspace: Workspace, context: Context, raw_config: Raw
) -> None:
    (run_id,) = runs.create(context, Draft(raw_config, name="first"))
    runs.annotate(Context(workspace, Actor("grace", "login")), run_id, name="second")
    with workspace.write() as session:
        where: dict[str, Any] = {"host": "attic", "slots": ["cpu:0"]}
        db.runs.transition(session, run_id, [RunState.QUEUED], RunState.STARTING, actor=SUPERVISOR, **where)
    table = open_page(RUN, id=str(run_id), run_view="History").dataframe[0].value
    assert table[["Who", "What", "Change"]].values.tolist() == [
        ["supervisor", "gave it a process", "queued → starting; host: attic; slots: cpu:0"],
        ["grace", "edited it", "name: first → second"],
        ["ada", "launched it", "name: first; experiment: default; launched by: ada"],
    ]
    assert table["When"].is_monotonic_decreasing


def test_a_run_older_than_the_history_says_so(open_page: OpenPage, add_run: AddRun) -> None:
    app = open_page(RUN, id=str(add_run()), run_view="History")
    assert "older than the history" in app.caption[-1].value


def test_a_running_run_can_be_stopped_gracefully(open_page: OpenPage, add_run: AddRun, context: Context) -> None:
    run_id = add_run(state=RunState.RUNNING, total_steps=100)
    app = open_page(RUN, id=str(run_id))
    app.button(key="run_stop").click().run()
    assert not app.exception
    assert runs.get(context, run_id).stop_requested == "graceful"
    assert app.button(key="run_stop").disabled


def test_stopping_at_once_asks_first(open_page: OpenPage, add_run: AddRun, context: Context) -> None:
    run_id = add_run(state=RunState.RUNNING, total_steps=100)
    app = open_page(RUN, id=str(run_id))
    app.button(key="run_stop_now").click().run()
    assert runs.get(context, run_id).stop_requested == ""
    assert "is ended at once" in texts(app)


def test_a_queued_run_is_taken_off_the_queue(open_page: OpenPage, context: Context, raw_config: Raw) -> None:
    (run_id,) = runs.create(context, Draft(raw_config))
    app = open_page(RUN, id=str(run_id))
    assert "next to start" in app.progress[0].text
    app.button(key="run_unqueue").click().run()
    assert runs.get(context, run_id).state is RunState.STOPPED


def test_a_run_with_a_checkpoint_can_be_resumed(
    open_page: OpenPage, add_run: AddRun, workspace: Workspace, context: Context
) -> None:
    run_id = add_run(state=RunState.LOST)
    assert "run_resume" not in {button.key for button in open_page(RUN, id=str(run_id)).button}
    checkpoint = workspace.settings.run_dir(run_id) / "checkpoints" / runs.LAST_CHECKPOINT
    checkpoint.parent.mkdir(parents=True)
    checkpoint.touch()
    open_page(RUN, id=str(run_id)).button(key="run_resume").click().run()
    assert runs.get(context, run_id).state is RunState.QUEUED


def test_relaunching_makes_a_new_run_and_shows_it(open_page: OpenPage, add_run: AddRun, context: Context) -> None:
    app = open_page(RUN, id=str(add_run()))
    app.button(key="run_relaunch").click().run()
    assert not app.exception
    assert [run.parent_id for run in runs.active(context)] == [1]


def test_a_deleted_run_can_be_taken_back(open_page: OpenPage, add_run: AddRun, context: Context) -> None:
    run_id = add_run()
    app = open_page(RUN, id=str(run_id))
    app.button(key="run_delete").click().run()
    assert runs.get(context, run_id).trashed_at is not None
    app.button(key="run_restore").click().run()
    assert runs.get(context, run_id).trashed_at is None


def test_name_tags_and_notes_are_edited_in_place(open_page: OpenPage, add_run: AddRun, context: Context) -> None:
    run_id = add_run(tags=["old"])
    app = open_page(RUN, id=str(run_id))
    app.text_input(key=f"run_name_{run_id}").set_value("new *name*")
    app.text_area(key=f"run_notes_{run_id}").set_value("seen\ntwice")
    app.button(key=f"run_save_{run_id}").click().run()
    run = runs.get(context, run_id)
    assert (run.name, run.notes, run.tags) == ("new *name*", "seen\ntwice", ("old",))
    assert "new \\*name\\*" in app.title[0].value
    assert app.text[0].value == "seen\ntwice"


def test_a_name_that_is_refused_says_why(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = add_run()
    app = open_page(RUN, id=str(run_id))
    app.text_input(key=f"run_name_{run_id}").set_value(" ")
    app.button(key=f"run_save_{run_id}").click().run()
    assert "must not be empty" in app.error[0].value


def test_what_differs_from_the_parent_is_shown(open_page: OpenPage, add_run: AddRun, raw_config: Raw) -> None:
    changed = with_values(raw_config, {"training.epochs": 7})
    run_id = add_run(config=changed, parent_id=add_run())
    app = open_page(RUN, id=str(run_id), run_view="Config")
    assert app.dataframe[0].value.values.tolist() == [["training.epochs", "2", "7"]]
    assert "epochs: 7" in shown_text(app)


def test_files_have_a_size_and_a_link(open_page: OpenPage, add_run: AddRun, workspace: Workspace) -> None:
    run_id = add_run()
    with workspace.write() as session:
        db.runs.put_artifact(session, ArtifactRecord(run_id, "best.keras", "checkpoint", "checkpoints/best", 2048, 1.0))
    files = open_page(RUN, id=str(run_id), run_view="Files").dataframe[0].value
    assert files.iloc[0][["File", "Size", "Download"]].tolist() == [
        "best.keras",
        "2 KiB",
        f"api/runs/{run_id}/artifacts/checkpoints/best",
    ]


def test_a_config_of_another_version_is_shown_and_told_and_nothing_breaks(
    open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    config = {**raw_config, "training": ["of", "old"], "fine_tune": 3}
    for state in (RunState.FAILED, RunState.RUNNING):
        run_id = add_run(config=config, state=state, metrics=METRICS, total_steps=100, step=20)
        for tab in ("Curves", "Evaluation", "Config", "Facts"):
            open_page(RUN, id=str(run_id), run_view=tab)
        told = texts(open_page(RUN, id=str(run_id), run_view="Config")).replace("\\", "")
        assert f"The config of run {run_id} is of another version of Traindeck: " in told
    app = open_page(RUN, id=str(add_run(config=config)))
    app.button(key="run_relaunch").click().run()
    assert not app.exception
    assert any("is of another version" in error.value for error in app.error)


def test_a_run_of_a_kind_that_only_another_version_knows_shows_what_any_kind_has(
    open_page: OpenPage, add_run: AddRun
) -> None:
    app = open_page(RUN, id=str(add_run(kind="rocket", metrics=METRICS)))
    assert [tab.label for tab in app.tabs] == ["Curves", "Log", "Config", "System", "Files", "Facts", "History"]
    assert "run_clone" not in [button.key for button in app.button]


def test_a_run_of_another_host_says_where_its_files_are(
    open_page: OpenPage, add_run: AddRun, workspace: Workspace
) -> None:
    run_id = add_run(state=RunState.FAILED, host="beta", reason="died", metrics=METRICS)
    log = workspace.settings.log_file(run_id)
    log.parent.mkdir(parents=True)
    log.write_text("of another run\n")
    with workspace.write() as session:
        db.runs.put_artifact(session, ArtifactRecord(run_id, "best", "checkpoint", "checkpoints/best.keras", 3, 0.0))
    for tab in ("Curves", "Evaluation", "Try it", "Log", "Files"):
        app = open_page(RUN, id=str(run_id), run_view=tab)
        if tab != "Curves":
            assert "on host beta" in texts(app).replace("\\", "")
        assert "of another run" not in str(app.get("bidi_component"))
    assert "Download" not in open_page(RUN, id=str(run_id), run_view="Files").dataframe[0].value


def test_attempts_are_shown_where_there_were_several(
    open_page: OpenPage, add_run: AddRun, workspace: Workspace, context: Context
) -> None:
    run_id = add_run(state=RunState.QUEUED)
    for number, device, keras in ((1, "CPU", "3.11"), (2, "H100", "3.12")):
        run = runs.get(context, run_id)
        with workspace.write() as session:
            db.runs.transition(session, run_id, [run.state], RunState.QUEUED, actor=SUPERVISOR)
            lease = db.leases.grant(session, run, "rack", ["gpu:0"], 1000.0 * number)
            assert lease is not None
            db.leases.put_facts(session, lease, {"device": device, "versions": {"keras": keras, "numpy": "2"}})
            db.leases.begin(session, lease, 1000.0 * number, 500 * (number - 1))
            db.leases.heartbeat(session, lease, 1050.0, 500 * number, 50.0 * number)
            db.leases.end(
                session, lease, RunState.STOPPED if number == 1 else RunState.FINISHED, "", 1060.0, actor=TRAINER
            )
    app = open_page(RUN, id=str(run_id), run_view="Facts")
    table = next(each.value for each in app.dataframe if "Attempt" in each.value)
    assert table[["Attempt", "Trained for", "Ended", "From step", "Host", "Device"]].values.tolist() == [
        ["1", "50 s", "stopped", "0", "rack", "CPU"],
        ["2", "1 min 40 s", "finished", "500", "rack", "H100"],
    ]
    assert "It trained for 2 min 30 s in all" in texts(app)
    assert "Attempt 2 ran with keras 3\\.12 in place of 3\\.11" in app.warning[0].value


def test_one_attempt_is_no_table(open_page: OpenPage, add_run: AddRun) -> None:
    app = open_page(RUN, id=str(add_run(attempt=1)), run_view="Facts")
    assert not any("Attempt" in each.value for each in app.dataframe)


def test_a_fold_shows_its_cross_validation_and_launches_what_lacks(
    context: Context, open_page: OpenPage, add_run: AddRun, raw_config: Raw
) -> None:
    for fold, score in enumerate((0.9, 0.92, 0.94)):
        config = with_values(
            RunConfig.model_validate(raw_config).model_dump(mode="json"),
            {"data.folds": 4, "data.fold": fold, "seed": 0},
        )
        add_run(name=f"net · fold {fold + 1} of 4", config=config, metrics={"val_accuracy": [score]})
    app = open_page(RUN, id="2")
    assert "val_accuracy 0.920 in the mean of 3 folds, with a standard deviation of 0.020" in texts(app).replace(
        "\\", ""
    )
    table = app.dataframe(key="run_folds").value
    assert table["Run"].tolist() == ["#1", "#2, this one", "#3", "not launched"]
    app.button(key="run_folds_launch").click().run()
    assert runs.get(context, 4).config["data"]["fold"] == 3
    assert app.dataframe(key="run_folds").value["Run"].tolist()[-1] == "#4"
