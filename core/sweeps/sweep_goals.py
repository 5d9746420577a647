"""What the goals of sweeps say of runs: by which metric these are judged, and whether by its best or last values."""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import db.sweeps
from core.common.context import Context
from core.sweeps.definition import read_definition
from db.sweep_records import SweepRecord

Kind = Literal["best", "last"]

TOLD = "Last values count, as in the goal of the newest sweep by this metric."


def kind_of(newest: Iterable[tuple[str, Mapping[str, str]]], experiments: Collection[str], metric: str) -> Kind:
    """The last value where the newest sweep of each experiment goes by it, of those that have the metric for a goal.

    Args:
        newest: of every sweep its experiment, and of each goal's metric which value counts; the newest first.
    """
    found: dict[str, str] = {}
    for experiment, kinds in newest:
        if experiment in experiments and metric in kinds:
            found.setdefault(experiment, kinds[metric])
    return "last" if {*found.values()} == {"last"} else "best"


def kinds_of(sweep: SweepRecord) -> dict[str, str]:
    """Of each goal's metric which value counts: best or last."""
    return {str(goal.get("metric", "")): str(goal.get("kind", "best")) for goal in sweep.definition.get("goals", [])}


def kind_by_goals(context: Context, experiments: Collection[str], metric: str) -> Kind:
    """As `kind_of`, by the sweeps of the workspace: wherever configs of an experiment are judged, by the same value."""
    with context.workspace.read() as session:
        known = db.sweeps.listing(session)
    newest = ((str(sweep.definition.get("experiment", "")), kinds_of(sweep)) for sweep in known)
    return kind_of(newest, experiments, metric)


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
