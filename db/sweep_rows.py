"""The trials of a sweep, of which few have changed since somebody looked last."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from db.models import Metric, MetricSummary, Run, SweepTrial

Stamp = tuple[Any, ...]  # of a trial's runs: another one after any change of what is known of those at rest


def stamps(session: Session, sweep_id: int, metrics: Iterable[str]) -> dict[int, Stamp]:
    """By the trial's number, in their order. Of runs that are at work all may change without another stamp."""
    keys = session.scalars(sa.select(Metric.id).where(Metric.name.in_(list(metrics)))).all()
    summaries = [aliased(MetricSummary) for _ in keys]
    columns = (
        SweepTrial.number, SweepTrial.run_id, SweepTrial.state, SweepTrial.seconds, SweepTrial.note,
        Run.state, Run.attempt, Run.trained_seconds, Run.finished_at, *(each.revision for each in summaries),
    )  # fmt: skip
    query = sa.select(*columns).outerjoin(Run, Run.id == SweepTrial.run_id)
    for key, each in zip(keys, summaries, strict=True):
        query = query.outerjoin(each, sa.and_(each.run_id == SweepTrial.run_id, each.metric_id == key))
    query = query.where(SweepTrial.sweep_id == sweep_id).order_by(SweepTrial.number, SweepTrial.repeat)
    found: dict[int, Stamp] = {}
    for row in map(tuple, session.execute(query)):
        found[row[0]] = (*found[row[0]], *row) if row[0] in found else row
    return found
