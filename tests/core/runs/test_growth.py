"""What curves gain: only points past a cursor are read."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.runs import Cursor, Growth
from core.tracking.recorder import Recorder
from tests.conftest import AddRun


@pytest.fixture
def rows_read(workspace: Workspace) -> Iterator[list[int]]:
    """The number of points that each statement on the table of points has found."""
    found: list[int] = []

    def note(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "metric_points" in statement and statement.startswith("SELECT"):
            found.append(len(connection.connection.driver_connection.execute(statement, parameters).fetchall()))

    sa.event.listen(workspace.database.engine, "after_cursor_execute", note)
    yield found
    sa.event.remove(workspace.database.engine, "after_cursor_execute", note)


def record(workspace: Workspace, run_id: int, values: dict[int, float]) -> None:
    recorder = Recorder(workspace, run_id)
    for step, value in values.items():
        recorder.log({"loss": value}, step, 1000.0 + step)
    recorder.flush()


def gained(context: Context, cursor: Cursor) -> Growth | None:
    (growth,) = runs.growth(context, [cursor])
    return growth


def test_only_the_points_past_the_cursor_are_read(
    workspace: Workspace, context: Context, add_run: AddRun, rows_read: list[int]
) -> None:
    run_id = add_run(metrics={"loss": [0.5] * 100})  # steps 10 to 1000
    record(workspace, run_id, {1010: 0.25, 1020: 0.125})
    rows_read.clear()  # the recorder's own
    growth = gained(context, Cursor(run_id, "loss", 1000, 100))
    assert growth is not None
    assert growth.points.step.tolist() == [1010, 1020]
    assert growth.points.value.tolist() == [0.25, 0.125]
    assert growth.points.wall_time.tolist() == [2010.0, 2020.0]
    assert (growth.step, growth.count, growth.rewritten) == (1020, 102, False)
    assert rows_read == [2]


def test_where_nothing_came_no_point_is_read(context: Context, add_run: AddRun, rows_read: list[int]) -> None:
    run_id = add_run(metrics={"loss": [0.5, 0.4]})
    assert gained(context, Cursor(run_id, "loss", 20, 2)) is None
    assert gained(context, Cursor(run_id, "val_loss", 0, 0)) is None
    assert rows_read == []


def test_a_curve_that_was_taken_back_or_deleted_says_so(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run(metrics={"loss": [0.5, 0.4, 0.3]})
    cursor = Cursor(run_id, "loss", 30, 3)
    Recorder(workspace, run_id).rewind(10)
    shorter = gained(context, cursor)
    assert shorter is not None
    assert shorter.rewritten
    deleted = gained(context, Cursor(run_id + 1, "loss", 30, 3))
    assert deleted is not None
    assert deleted.rewritten


def test_who_was_away_for_long_gets_no_more_than_a_chart_can_show(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    record(workspace, run_id, {step: float(step) for step in range(1, 5001)})
    growth = gained(context, Cursor(run_id, "loss", 0, 0))
    assert growth is not None
    assert len(growth.points) <= 1000
    assert (growth.points.step[-1], growth.count, growth.rewritten) == (5000, 5000, False)


def test_values_that_came_at_the_step_of_the_cursor_are_read_and_those_it_has_are_not(
    workspace: Workspace, context: Context, add_run: AddRun, rows_read: list[int]
) -> None:
    run_id = add_run()
    recorder, cursor, seen = Recorder(workspace, run_id), Cursor(run_id, "loss", 0, 0), list[float]()
    for values in ([1.0, 2.0], [3.0], [4.0, 5.0]):
        for value in values:
            recorder.log({"loss": value}, 0)
        recorder.flush()
        rows_read.clear()
        growth = gained(context, cursor)
        assert growth is not None
        assert not growth.rewritten
        assert rows_read == [len(values)]
        seen += growth.points.value.tolist()
        cursor = Cursor(run_id, "loss", growth.step, growth.count, growth.sequence)
    assert seen == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert gained(context, cursor) is None
