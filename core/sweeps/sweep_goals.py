"""What the goals of their sweeps say of runs: which metric they are for, and whether its best or its last value."""

from collections.abc import Iterable
from typing import Literal

import db.sweeps
from core.common.context import Context
from core.sweeps.definition import read_definition
from db.sweep_records import SweepRecord

TOLD = "Last values count, as in the goal of their sweep."


def kind_by_goals(context: Context, run_ids: Iterable[int], metric: str) -> Literal["best", "last"]:
    """The last value where every sweep that these runs are of, and that has the metric for a goal, goes by it."""
    with context.workspace.read() as session:
        found = [db.sweeps.get(session, sweep) for sweep in db.sweeps.of_runs(session, run_ids)]
    goals = [goal for each in found if each is not None for goal in read_definition(each.definition).goals]
    kinds = {goal.kind for goal in goals if goal.metric == metric}
    return "last" if kinds == {"last"} else "best"


def sweep_of(context: Context, run_id: int) -> SweepRecord | None:
    """The newest that a run is a trial of."""
    with context.workspace.read() as session:
        trial = db.sweeps.trial_of_run(session, run_id)
        return db.sweeps.get(session, trial.sweep_id) if trial else None


def goal_of(sweep: SweepRecord) -> str:
    """The metric that a sweep is for, of several goals the first."""
    return read_definition(sweep.definition).goals[0].metric


def newest_goal(context: Context, run_ids: Iterable[int]) -> str:
    """The metric that the newest sweep is for of which any of these runs is a trial; "" where there is none."""
    with context.workspace.read() as session:
        newest = max(db.sweeps.of_runs(session, run_ids), default=None)
        found = None if newest is None else db.sweeps.get(session, newest)
    return goal_of(found) if found else ""
