"""Curves of live runs: each chart knows how far it is drawn, and a refresh of the page reads no points."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from core.common.workspace import Workspace
from core.runs.records import RunState
from core.tracking.recorder import Recorder
from core.web.api import build_api
from pages.shared import data
from pages.shared.nav import COMPARE, OVERVIEW, RUN
from tests.asgi import ask
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage

METRICS = {"loss": [0.9, 0.5], "val_loss": [0.8, 0.6], "val_accuracy": [0.7, 0.6]}


def live(app: AppTest) -> list[list[dict[str, Any]]]:
    """What each chart asks for."""
    return [json.loads(chart.proto.json)["live"] for chart in app.get("bidi_component")]


def answered(workspace: Workspace, asked: list[list[Any]]) -> Any:
    """What the browser gets for this question, as JSON."""
    body = json.dumps(asked).encode()
    return ask(build_api(lambda: workspace), "POST", "/growth", body, [("content-type", "application/json")]).json()


@pytest.fixture
def statements(open_page: OpenPage) -> Iterator[list[str]]:
    """What the pages ask the store, from now on."""
    said: list[str] = []
    open_page(OVERVIEW)
    engine = data.workspace().database.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(engine, "before_cursor_execute", note)


def test_the_charts_of_a_live_run_know_how_far_they_are_drawn(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = add_run(state=RunState.RUNNING, total_steps=100, metrics=METRICS)
    loss, accuracy = live(open_page(RUN, id=str(run_id)))
    assert [(curve["metric"], curve["step"]) for curve in loss] == [("loss", 20), ("val_loss", 20)]
    assert {curve["count"] for curve in (*loss, *accuracy)} == {2}
    assert [(curve["by"], curve["scale"]) for curve in accuracy] == [("step", 10)]  # epochs of ten steps


def test_over_time_x_is_seconds_of_training_also_of_what_is_new(
    open_page: OpenPage, add_run: AddRun, workspace: Workspace
) -> None:
    run_id = add_run(state=RunState.RUNNING, total_steps=100, training_at=1234.5, metrics={"loss": [0.5]})
    ((curve,),) = live(open_page(RUN, id=str(run_id), run_x="Elapsed time"))
    assert (curve["by"], curve["scale"]) == ("elapsed", 3600.0)
    recorder = Recorder(workspace, run_id)
    recorder.log({"loss": 0.25}, 20, wall_time=1235.75)
    recorder.flush()
    (grown,) = answered(workspace, [[run_id, "loss", 10, 1, 0]])
    assert grown["x"] == {"step": [20], "elapsed": [1.25]}


def test_charts_of_runs_at_rest_ask_for_nothing(open_page: OpenPage, add_run: AddRun) -> None:
    run_id = add_run(metrics=METRICS)
    assert live(open_page(RUN, id=str(run_id))) == [[], []]
    assert live(open_page(COMPARE, runs=str(run_id)))[:2] == [[], []]


def test_a_comparison_with_a_live_run_grows_unless_its_lines_are_made_on_the_server(
    open_page: OpenPage, add_run: AddRun
) -> None:
    run_ids = [add_run(metrics=METRICS), add_run(state=RunState.RUNNING, total_steps=100, metrics=METRICS)]
    chosen = ",".join(map(str, run_ids))
    app = open_page(COMPARE, runs=chosen)
    loss = live(app)[0]
    assert [(curve["run"], curve["metric"]) for curve in loss] == [(run_id, "val_loss") for run_id in run_ids]
    assert live(app.slider(key="smooth").set_value(0.5).run())[0] == []


def test_a_refresh_of_a_live_run_reads_no_points_and_the_browser_gets_only_new_ones(
    open_page: OpenPage, add_run: AddRun, workspace: Workspace, statements: list[str]
) -> None:
    run_id = add_run(state=RunState.RUNNING, total_steps=100, metrics=METRICS)
    app = open_page(RUN, id=str(run_id))
    assert any("FROM metric_points" in statement for statement in statements)
    (curve, _), _ = live(app)

    statements.clear()
    app.run()
    assert statements
    assert not any("FROM metric_points" in statement for statement in statements)

    recorder = Recorder(workspace, run_id)
    recorder.log({"loss": 0.25}, 30)
    recorder.flush()
    asked = [[curve[name] for name in ("run", "metric", "step", "count", "sequence")], [run_id, "val_loss", 20, 2, 0]]
    grown, unchanged = answered(workspace, asked)
    assert (grown["x"]["step"], grown["value"], grown["step"], grown["count"]) == ([30], [0.25], 30, 3)
    assert unchanged is None


def test_values_that_are_no_numbers_come_as_gaps(workspace: Workspace, add_run: AddRun) -> None:
    run_id = add_run(state=RunState.RUNNING, metrics={"loss": [0.5, float("nan"), float("inf")]})
    (grown,) = answered(workspace, [[run_id, "loss", 10, 1, 0]])
    assert grown["value"] == [None, None]
