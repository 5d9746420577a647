import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import db.appending
import db.metrics
import db.points
from core.common.workspace import Workspace
from db.engine import Database, open_database
from db.records import Position, Series
from tests.conftest import AddRun

HUGE = 2**62
Point = tuple[int, float, float]  # step, value, wall time


@pytest.fixture
def run_id(add_run: AddRun) -> int:
    return add_run()


def of_points(points: list[Point]) -> Series:
    columns = list(zip(*points, strict=True)) or [(), (), ()]
    return Series(np.array(columns[0], np.int64), np.array(columns[1], np.float64), np.array(columns[2], np.float64))


def record(workspace: Workspace, run_id: int, name: str, points: list[Point]) -> Series:
    with workspace.write() as session:
        metric = db.metrics.metric_ids(session, {name: "min"})[name]
        db.appending.add(session, run_id, {metric: of_points(points)})
    with workspace.read() as session:
        return db.points.series(session, run_id, name)


def test_nan_and_infinities_come_back_as_they_went_in(workspace: Workspace, run_id: int) -> None:
    values = [1.0, math.nan, math.inf, -math.inf, -0.0, 5e-324]

    found = record(workspace, run_id, "loss", [(step, value, 0.0) for step, value in enumerate(values)])

    np.testing.assert_array_equal(found.value, values)


def test_steps_have_64_bits(workspace: Workspace, run_id: int) -> None:
    found = record(workspace, run_id, "loss", [(HUGE, 1.0, 0.0), (2**31, 2.0, 0.0), (2**63 - 1, 3.0, 0.0)])

    assert found.step.tolist() == [2**31, HUGE, 2**63 - 1]


def test_values_at_one_step_are_kept_in_the_order_in_which_they_came(workspace: Workspace, run_id: int) -> None:
    record(workspace, run_id, "loss", [(1, 0.5, 10.0), (2, 0.4, 20.0), (2, 0.6, 21.0), (1, 0.7, 22.0)])

    found = record(workspace, run_id, "loss", [(2, math.nan, 30.0), (3, 0.3, 40.0), (1, 0.2, 50.0), (2, 0.1, 60.0)])

    assert found.step.tolist() == [1, 1, 1, 2, 2, 2, 2, 3]
    np.testing.assert_array_equal(found.value, [0.5, 0.7, 0.2, 0.4, 0.6, math.nan, 0.1, 0.3])
    assert found.wall_time.tolist() == [10.0, 22.0, 50.0, 20.0, 21.0, 30.0, 60.0, 40.0]


Batches = list[list[Point]]


@pytest.fixture(scope="module")
def in_memory() -> Iterator[Database]:
    database = open_database("sqlite://")
    yield database
    database.dispose()


_FEW_STEPS = st.one_of(st.integers(0, 3), st.integers(-(2**63), 2**63 - 1))


@given(st.lists(st.lists(st.tuples(_FEW_STEPS, st.floats(), st.floats(0, 1e12)), min_size=1, max_size=60), max_size=4))
def test_any_points_come_back_sorted_by_step_and_then_as_they_came(in_memory: Database, batches: Batches) -> None:
    with in_memory.write() as session:
        metric = db.metrics.metric_ids(session, {"m": "min"})["m"]
        for batch in batches:
            db.appending.add(session, 1, {metric: of_points(batch)})
        found = db.points.series(session, 1, "m")
        session.rollback()  # for the next example

    expected = sorted((point for batch in batches for point in batch), key=lambda point: point[0])
    assert found.step.tolist() == [step for step, _, _ in expected]
    np.testing.assert_array_equal(found.value, [value for _, value, _ in expected])
    np.testing.assert_array_equal(found.wall_time, [time for _, _, time in expected])


@pytest.mark.parametrize("end", [None, Position(5, 1)])
def test_what_the_caller_knows_of_the_end_changes_nothing(
    workspace: Workspace, run_id: int, end: Position | None
) -> None:
    record(workspace, run_id, "loss", [(4, 1.0, 0.0), (5, 2.0, 0.0), (5, 3.0, 0.0)])

    with workspace.write() as session:
        metric = db.metrics.metric_ids(session, {"loss": "min"})["loss"]
        ends = {} if end is None else {metric: end}
        new = of_points([(5, 4.0, 0.0), (7, 5.0, 0.0), (6, 6.0, 0.0), (5, 7.0, 0.0)])
        assert db.appending.add(session, run_id, {metric: new}, ends) == {metric: 3}
        assert db.points.series(session, run_id, "loss").value.tolist() == [1.0, 2.0, 3.0, 4.0, 7.0, 6.0, 5.0]
        assert db.points.series(session, run_id, "loss", Position(5, 2)).value.tolist() == [7.0, 6.0, 5.0]


def test_only_what_is_new_can_be_read(workspace: Workspace, run_id: int) -> None:
    record(workspace, run_id, "loss", [(step, float(step), 0.0) for step in range(10)])

    with workspace.read() as session:
        assert db.points.series(session, run_id, "loss", after=7).step.tolist() == [8, 9]
        assert len(db.points.series(session, run_id, "loss", after=9)) == 0
        assert len(db.points.series(session, run_id, "unknown")) == 0


def test_many_series_are_read_at_once_without_those_that_are_empty(workspace: Workspace, add_run: AddRun) -> None:
    first = add_run(metrics={"loss": [0.5, 0.4], "accuracy": [0.1, 0.2]})
    second = add_run(metrics={"loss": [0.9]})

    with workspace.read() as session:
        found = db.points.series_many(session, [second, first, 999], ["accuracy", "loss", "unknown"])

    assert {key: series.value.tolist() for key, series in found.items()} == {
        (first, "loss"): [0.5, 0.4],
        (first, "accuracy"): [0.1, 0.2],
        (second, "loss"): [0.9],
    }


def test_only_the_points_after_what_is_known_of_each_are_read(workspace: Workspace, add_run: AddRun) -> None:
    first, second = add_run(metrics={"loss": [0.5, 0.4]}), add_run(metrics={"loss": [0.9, 0.8]})

    with workspace.read() as session:
        found = db.points.series_many(
            session, [first, second], ["loss"], {(first, "loss"): Position(10, 0), (second, "loss"): Position(20, 0)}
        )

    assert {key: series.value.tolist() for key, series in found.items()} == {(first, "loss"): [0.4]}


def test_points_past_a_step_can_be_removed(workspace: Workspace, run_id: int) -> None:
    record(workspace, run_id, "loss", [(step, 1.0, 0.0) for step in range(5)])
    record(workspace, run_id, "accuracy", [(step, 1.0, 0.0) for step in range(5)])

    with workspace.write() as session:
        db.points.remove_after(session, run_id, db.metrics.metric_ids(session, {"loss": "min"})["loss"], 2)
        assert db.points.series(session, run_id, "loss").step.tolist() == [0, 1, 2]
        assert len(db.points.series(session, run_id, "accuracy")) == 5
