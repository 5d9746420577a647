"""Thinned curves beside the points: kept to the bit, and gone as soon as they no longer hold."""

import numpy as np
import pytest

import db.appending
import db.curves
import db.metrics
import db.points
from core.common.workspace import Workspace
from db.records import Curve, Series
from tests.conftest import AddRun

POINTS = Series(
    np.array([0, 3, 2**62]), np.array([np.nan, -np.inf, 5e-324]), np.array([1.7e9, 1.7e9 + 0.1, 1.7e9 + 0.2])
)
CURVE = Curve(7, np.array([0, 4, 6]), POINTS, sequence=2)


@pytest.fixture
def run_id(workspace: Workspace, add_run: AddRun) -> int:
    """A run with the curve of a metric."""
    added = add_run()
    with workspace.write() as session:
        db.curves.put(session, added, db.metrics.metric_ids(session, {"loss": "min"})["loss"], CURVE)
    return added


def known(workspace: Workspace, run_id: int) -> list[tuple[int, str]]:
    with workspace.read() as session:
        return list(db.curves.of_runs(session, [run_id, 999], ["accuracy", "loss"]))


def test_a_curve_comes_back_as_it_went_in(workspace: Workspace, run_id: int) -> None:
    with workspace.read() as session:
        found = db.curves.of_runs(session, [run_id], ["loss"])[run_id, "loss"]

    assert (found.count, found.end) == (7, (2**62, 2))
    for name in ("step", "value", "wall_time"):
        np.testing.assert_array_equal(getattr(found.points, name), getattr(POINTS, name))
    np.testing.assert_array_equal(found.place, CURVE.place)


@pytest.mark.parametrize(("step", "left"), [(2**62 + 1, 1), (2**62, 1), (2**62 - 1, 0), (1, 0)])
def test_a_point_before_the_end_of_a_curve_removes_it_and_one_behind_it_does_not(
    workspace: Workspace, run_id: int, step: int, left: int
) -> None:
    point = Series(np.array([step]), np.array([1.0]), np.array([0.0]))

    with workspace.write() as session:
        metric = db.metrics.metric_ids(session, {"loss": "min"})["loss"]
        db.appending.add(session, run_id, {metric: point})

    assert known(workspace, run_id) == [(run_id, "loss")] * left


def test_removing_points_or_the_run_removes_the_curve(workspace: Workspace, run_id: int) -> None:
    with workspace.write() as session:
        db.points.remove_after(session, run_id, db.metrics.metric_ids(session, {"loss": "min"})["loss"], 2)

    assert known(workspace, run_id) == []
