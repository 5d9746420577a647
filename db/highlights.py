"""What stands out among many runs: the newest and the best of each experiment and data set, found in one pass each."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.conditions import with_data_set
from db.models import Experiment, Metric, MetricSummary, Run
from db.records import RunState


class Group(NamedTuple):
    """Runs of one experiment that learned from data of one name, outside the trash."""

    experiment: str
    data_set: str  # "" where the config names none
    runs: int
    newest: int  # the number of the run in one of the states that ended last


def newest_of_groups(session: Session, experiments: Iterable[str], states: Iterable[RunState]) -> list[Group]:
    """The groups of these experiments that have a run in one of the states, the one used last first."""
    at_rest = Run.state.in_([state.value for state in states])
    ended = sa.case((at_rest, Run.finished_at))
    statement, (group,) = _by_group(experiments)
    place = sa.func.row_number().over(partition_by=list(group), order_by=(ended.desc().nulls_last(), Run.id.desc()))
    count = sa.func.count().over(partition_by=list(group))
    found = statement.add_columns(
        group[0].label("experiment"), group[1].label("data_set"), place.label("place"), count.label("runs"),
        ended.label("ended"), Run.state.label("state"),
    ).subquery()  # fmt: skip
    first = sa.select(found).where(found.c.place == 1, found.c.ended.is_not(None)).order_by(found.c.ended.desc())
    return [Group(row.experiment, row.data_set, row.runs, row.id) for row in session.execute(first)]


def best_of_groups(
    session: Session, experiments: Iterable[str], states: Iterable[RunState], metric: str, goal: str, limit: int
) -> dict[tuple[str, str], list[int]]:
    """By experiment and data set, the runs in these states with the best values of a metric, the best first."""
    statement, (group,) = _by_group(experiments)
    best = MetricSummary.best
    join = sa.and_(MetricSummary.run_id == Run.id, MetricSummary.metric_id == Metric.id)
    order = best.desc() if goal == "max" else best.asc()
    place = sa.func.row_number().over(partition_by=list(group), order_by=(order, Run.id.desc()))
    statement = statement.join(Metric, Metric.name == metric).join(MetricSummary, join)
    statement = statement.where(Run.state.in_([state.value for state in states]), best.is_not(None))
    found = statement.add_columns(
        group[0].label("experiment"), group[1].label("data_set"), place.label("place")
    ).subquery()
    rows = session.execute(sa.select(found).where(found.c.place <= limit).order_by(found.c.place))
    ranked: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        ranked.setdefault((row.experiment, row.data_set), []).append(row.id)
    return ranked


def _by_group(experiments: Iterable[str]) -> tuple[Any, list[tuple[Any, Any]]]:
    """Runs of the experiments, and what they are grouped by."""
    statement = sa.select(Run.id).join(Experiment, Experiment.id == Run.experiment_id)
    statement, (name,) = with_data_set(statement)
    statement = statement.where(Run.trashed_at.is_(None), Experiment.name.in_(list(experiments)))
    return statement, [(Experiment.name, sa.func.coalesce(name, ""))]
