"""The Overview page."""

import socket
import time

import numpy as np
import pandas as pd
import psutil
import pytest
from streamlit.testing.v1 import AppTest

import db.hosts
import db.runs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.evaluation import report_files, samples
from core.runs import Draft
from core.runs.demo import EXPERIMENT
from db.records import HostRecord, RunState
from pages.shared.nav import OVERVIEW
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

HERE = socket.gethostname()


def texts(app: AppTest) -> str:
    elements = [*app.markdown, *app.caption, *app.subheader, *app.warning]
    return "\n".join([*(element.value for element in elements), *(link.label for link in app.page_link)])


def test_an_empty_store_offers_the_demo_which_is_one_click(open_page: OpenPage, context: Context) -> None:
    app = open_page(OVERVIEW)
    assert "Where they will be compared" in texts(app)
    app.button(key="overview_demo").click().run()
    assert not app.exception
    assert len(runs.active(context)) == 3
    assert "Queue" in texts(app)


def test_a_running_run_shows_progress_time_left_and_its_metrics(open_page: OpenPage, add_run: AddRun) -> None:
    now = time.time()
    add_run(
        name="wide",
        state=RunState.RUNNING,
        training_at=now - 3600,
        trained_seconds=3600.0,
        heartbeat_at=now,
        step=300,
        total_steps=600,
        host=HERE,
        slots=["cpu:0"],
        metrics={"val_loss": [0.5, 0.25], "val_accuracy": [0.5, 0.75]},
    )
    app = open_page(OVERVIEW)
    bar = app.progress[0]
    assert bar.value == 50
    assert bar.text == "Epoch 30 of 60 · step 300 of 600 · about 1 h left"
    assert [(metric.label, metric.value) for metric in app.metric] == [
        ("val\\_loss", "0.25"),
        ("val\\_accuracy", "0.75"),
    ]


def test_queued_runs_show_their_place_and_why_they_can_never_start(
    open_page: OpenPage, workspace: Workspace, context: Context, raw_config: Raw
) -> None:
    for name in ("one", "two"):
        runs.create(context, Draft(raw_config, name))
    with workspace.write() as session:
        db.runs.update(session, 2, reason="It asks for 8 GPUs; this host has none.")
    shown = texts(open_page(OVERVIEW))
    assert "next" in shown
    assert "8 GPUs" in shown


def test_runs_are_stopped_and_taken_off_the_queue_where_they_are_shown(
    open_page: OpenPage, context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    running = add_run(state=RunState.RUNNING, host=HERE, slots=["cpu:0"], heartbeat_at=time.time())
    (queued,) = runs.create(context, Draft(raw_config, "later"))
    app = open_page(OVERVIEW)
    app.button(key=f"overview_stop_{running}").click().run()
    app.button(key=f"overview_stop_{queued}").click().run()
    assert not app.exception
    assert runs.get(context, running).stop_requested
    assert runs.get(context, queued).state is RunState.STOPPED
    assert app.button(key=f"overview_stop_{running}").disabled


def test_many_running_runs_are_counted(open_page: OpenPage, add_run: AddRun) -> None:
    for _ in range(14):
        add_run(state=RunState.RUNNING, host=HERE, slots=["cpu:0"], heartbeat_at=time.time())
    app = open_page(OVERVIEW)
    assert len([each for each in app.button if (each.key or "").startswith("overview_stop_")]) == 12
    assert any("2 more" in each.label for each in app.page_link)


def test_a_dead_supervisor_is_called_dead(open_page: OpenPage, workspace: Workspace, add_run: AddRun) -> None:
    add_run()
    with workspace.write() as session:
        db.hosts.put(session, HostRecord(HERE, psutil.Process().pid, 1.0, time.time(), ("cpu:0",)))
    app = open_page(OVERVIEW)
    assert "is gone" in app.warning[0].value
    assert "not served" in texts(app)


def test_results_and_the_best_of_each_experiment_are_shown(open_page: OpenPage, add_run: AddRun) -> None:
    add_run(name="good", experiment="a", metrics={"val_loss": [0.2], "test_accuracy": [0.9]})
    add_run(name="bad", experiment="a", metrics={"val_loss": [0.8]})
    add_run(name="gone", experiment="b", state=RunState.LOST)
    app = open_page(OVERVIEW)
    best, newest = (table.value for table in app.dataframe)
    assert best[["Run", "Experiment", "Best"]].values.tolist() == [["good", "a", "0.2 val_loss, epoch 1"]]
    assert set(newest["Run"]) == {"good", "bad", "gone"}
    assert newest.set_index("Run").loc["good", "Result"] == "0.9 test_accuracy"


def end_demo(workspace: Workspace, add_run: AddRun, right: dict[str, int]) -> list[int]:
    """Runs as the demo leaves them, each right on so many of 100 digits; returns their numbers."""
    ended = []
    for name, count in right.items():
        run_id = add_run(
            name=name,
            experiment=EXPERIMENT,
            tags=["demo"],
            metrics={"val_accuracy": [0.5, 0.9], "test_accuracy": [count / 100]},
        )
        predicted = np.where(np.arange(100) < count, 1, 7)
        frame = pd.DataFrame({"index": range(100), "label": 1, "predicted": predicted, "confidence": 0.75})
        folder = report_files.file(workspace.settings, run_id, report_files.PREDICTIONS).parent
        folder.mkdir(parents=True)
        frame.to_parquet(folder / report_files.PREDICTIONS)
        samples.save_samples(folder / report_files.SAMPLES, np.zeros((100, 8, 8, 1), np.uint8), frame)
        ended.append(run_id)
    return ended


DEMO = {"One narrow layer": 80, "Two wide layers, dropout": 94, "Convolutions": 95}


def test_the_demo_ends_with_its_answer(open_page: OpenPage, workspace: Workspace, add_run: AddRun) -> None:
    end_demo(workspace, add_run, DEMO)
    app = open_page(OVERVIEW)
    shown = texts(app)
    assert "**Convolutions** has the most right, 95 of 100. Whether it is the best is not decided." in shown
    assert "**One narrow layer** has 80, 15.0 points less" in shown
    assert shown.count("a 1, read as a 7, 75 % sure") == 3
    assert [link.label for link in app.page_link if "Compare them" in link.label] == ["Compare them in full"]


def test_a_demo_that_is_not_whole_or_no_longer_the_newest_has_no_answer(
    open_page: OpenPage, workspace: Workspace, add_run: AddRun
) -> None:
    _, _, last = end_demo(workspace, add_run, DEMO)
    report_files.file(workspace.settings, last, report_files.PREDICTIONS).unlink()
    assert "The demo's answer" not in texts(open_page(OVERVIEW))
    end_demo(workspace, add_run, DEMO)
    add_run(name="my own")
    assert "The demo's answer" not in texts(open_page(OVERVIEW))


def test_names_are_shown_as_they_were_written(open_page: OpenPage, add_run: AddRun) -> None:
    name = ":material/star: **bold** [x](http://e.vil) <script>alert(1)</script> -> :red[y]"
    add_run(name=name, state=RunState.RUNNING, host=HERE, slots=["cpu:0"], total_steps=10)
    add_run(name=name)
    app = open_page(OVERVIEW)
    assert "**bold**" not in texts(app)
    assert "\\<script\\>" in texts(app)
    assert app.dataframe[-1].value["Run"][0].replace("\u2060", "").startswith(":material/star: **bold**")


@pytest.mark.parametrize("told", [False, True])
def test_a_run_without_metrics_has_an_empty_curve_and_no_column_where_none_has_one(
    open_page: OpenPage, add_run: AddRun, *, told: bool
) -> None:
    add_run(name="silent", finished_at=time.time() - 5)
    if told:
        add_run(name="told", finished_at=time.time(), metrics={"val_loss": [0.5, 0.25], "val_accuracy": [0.5, 0.75]})
    app = open_page(OVERVIEW)
    shown = next(each.value for each in app.dataframe if "Ended" in each.value.columns)
    assert set(shown["Run"]) == ({"silent", "told"} if told else {"silent"})
    assert ("Curve" in shown.columns) == told
    if told:
        curves = dict(zip(shown["Run"], map(list, shown["Curve"]), strict=True))
        assert curves["silent"] == []
        assert len(curves["told"]) == 2
