"""The folds of a cross-validation, which lists show as one run."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from db.batches import batches
from db.models import MetricSummary, Run, RunFold


def insert(session: Session, run_id: int, key: str) -> None:
    session.add(RunFold(run_id=run_id, key=key))


def first_of_each(matching: sa.Select[int]) -> sa.ColumnElement[bool]:
    """Of runs: those that are of no cross-validation, and the first of those of each that match."""
    first = (
        sa.select(sa.func.min(Run.id))
        .join(RunFold, RunFold.run_id == Run.id)
        .where(Run.id.in_(matching))
        .group_by(Run.experiment_id, RunFold.key)
    )
    return sa.or_(Run.id.not_in(sa.select(RunFold.run_id)), Run.id.in_(first))


def means(matching: sa.Select[int], metric_id: int | None, kind: str) -> sa.Subquery:
    """Of each cross-validation that matches, `first` run and `mean` of a metric's value over its folds."""
    value = getattr(MetricSummary, kind)
    return (
        sa.select(sa.func.min(Run.id).label("first"), sa.func.avg(value).label("mean"))
        .join(RunFold, RunFold.run_id == Run.id)
        .outerjoin(MetricSummary, sa.and_(MetricSummary.run_id == Run.id, MetricSummary.metric_id == metric_id))
        .where(Run.id.in_(matching))
        .group_by(Run.experiment_id, RunFold.key)
        .subquery()
    )


def together(session: Session, run_ids: Iterable[int], matching: sa.Select[int]) -> Mapping[int, list[int]]:
    """Of each of these runs that is a fold: all those of its cross-validation that match, the first first."""
    found: dict[int, list[int]] = {}
    own, own_run = aliased(RunFold), aliased(Run)
    for batch in batches(run_ids):
        rows = session.execute(
            sa.select(own.run_id, Run.id)
            .join(own_run, own_run.id == own.run_id)
            .join(RunFold, RunFold.key == own.key)
            .join(Run, sa.and_(Run.id == RunFold.run_id, Run.experiment_id == own_run.experiment_id))
            .where(own.run_id.in_(batch), Run.id.in_(matching))
            .order_by(Run.id)
        )
        for run_id, fold in rows:
            found.setdefault(run_id, []).append(fold)
    return found
