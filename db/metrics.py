"""Metrics by name, and the summaries of runs. Here NaN is NaN; in the tables it is NULL, since SQLite has no NaN."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches, pieces
from db.models import Metric, MetricSummary
from db.records import Summary
from db.upsert import insert_missing, upsert_plain


def metric_ids(session: Session, goals: Mapping[str, str]) -> dict[str, int]:
    """Keys of metrics by name; those that there are none of are created with their goal, "min" or "max"."""
    found = _known_ids(session, goals)
    # In one order everywhere: two that wait for each other's names would wait for ever.
    new = [{"name": name, "goal": goals[name]} for name in sorted(goals) if name not in found]
    if new:
        insert_missing(session, Metric, new)
        found |= _known_ids(session, [row["name"] for row in new])
    return found


def _known_ids(session: Session, wanted: Iterable[str]) -> dict[str, int]:
    connection = session.connection()
    found: dict[str, int] = {}
    for some in pieces(wanted):
        if connection.dialect.name == "sqlite":  # past the SQL compiler, which takes longer than looking them up
            places = ", ".join("?" * len(some))
            rows = connection.exec_driver_sql(f"SELECT name, id FROM metrics WHERE name IN ({places})", tuple(some))  # noqa: S608 - marks
        else:
            rows = connection.execute(sa.select(Metric.name, Metric.id).where(Metric.name.in_(some)))
        assert rows.cursor is not None
        found |= dict(rows.cursor.fetchall())
    return found


def names(session: Session) -> list[str]:
    """Every metric that some run has, sorted."""
    recorded = sa.exists().where(MetricSummary.metric_id == Metric.id)
    return list(session.scalars(sa.select(Metric.name).where(recorded).order_by(Metric.name)))


def put_summaries(session: Session, found: Mapping[int, Summary]) -> None:
    """Add summaries, by the metric's key, or replace those there are."""
    upsert_plain(session, MetricSummary, _COLUMNS, [_row(metric, summary) for metric, summary in found.items()])


_COLUMNS = (
    *("run_id", "metric_id", "last", "best", "min", "max", "best_step", "last_step", "count", "curve"),
    *("last_sequence", "last_at", "revision"),
)


def _row(metric: int, summary: Summary) -> tuple[Any, ...]:
    return (
        summary.run_id,
        metric,
        summary.last if summary.last == summary.last else None,
        summary.best if summary.best == summary.best else None,
        summary.min if summary.min == summary.min else None,
        summary.max if summary.max == summary.max else None,
        summary.best_step,
        summary.last_step,
        summary.count,
        summary.spaced,
        summary.last_sequence,
        summary.last_at,
        summary.revision,
    )


def summaries(
    session: Session, run_ids: Iterable[int], metrics: Iterable[str] | None = None
) -> dict[int, dict[str, Summary]]:
    """By run, then by metric's name; runs without metrics are left out."""
    known = sa.select(Metric.id, Metric.name).order_by(Metric.name)
    if metrics is not None:
        known = known.where(Metric.name.in_(list(metrics)))
    wanted: dict[int, str] = dict(session.execute(known).all())
    found: dict[int, dict[int, Summary]] = {}
    for batch in batches(run_ids):
        query = sa.select(*_SELECTED).where(MetricSummary.run_id.in_(batch))
        if metrics is not None:
            query = query.where(MetricSummary.metric_id.in_(list(wanted)))
        for row in session.execute(query):
            found.setdefault(row[0], {})[row[1]] = _summary(row, wanted[row[1]])
    return {
        run_id: {name: of_run[metric] for metric, name in wanted.items() if metric in of_run}
        for run_id, of_run in found.items()
    }


def has_any(session: Session, run_id: int) -> bool:
    """Whether anything was ever recorded of a run."""
    return session.connection().execute(_ANY, {"run": run_id}).first() is not None


_ANY = sa.select(MetricSummary.metric_id).where(MetricSummary.run_id == sa.bindparam("run")).limit(1)


def counts(session: Session, run_ids: Iterable[int]) -> dict[int, int]:
    """How many points runs have in all; without runs that have none."""
    found: dict[int, int] = {}
    for batch in batches(run_ids):
        total = sa.cast(sa.func.sum(MetricSummary.count), sa.BigInteger)
        query = sa.select(MetricSummary.run_id, total).where(MetricSummary.run_id.in_(batch))
        found |= dict(session.execute(query.group_by(MetricSummary.run_id)).all())
    return found


def revisions(session: Session, run_id: int, metric_ids: Iterable[int]) -> dict[int, int]:
    """Of the summaries of a run by the metric's key; without those that there are none of."""
    wanted = list(metric_ids)
    # Each that is named costs a place in the statement: of many, all that the run has are read.
    named = {"metrics": wanted} if len(wanted) <= _MOST_NAMED else {}
    query = _REVISIONS_NAMED if named else _REVISIONS
    result = session.connection().execute(query, {"run": run_id, **named})
    assert result.cursor is not None
    found: dict[int, int] = dict(result.cursor.fetchall())
    return found if named else {metric: found[metric] for metric in wanted if metric in found}


_MOST_NAMED = 50
_REVISIONS = sa.select(MetricSummary.metric_id, MetricSummary.revision).where(
    MetricSummary.run_id == sa.bindparam("run")
)
_REVISIONS_NAMED = _REVISIONS.where(MetricSummary.metric_id.in_(sa.bindparam("metrics", expanding=True)))


_SELECTED = (
    *(MetricSummary.run_id, MetricSummary.metric_id, MetricSummary.last, MetricSummary.best, MetricSummary.min),
    *(MetricSummary.max, MetricSummary.best_step, MetricSummary.last_step, MetricSummary.count, MetricSummary.curve),
    *(MetricSummary.last_sequence, MetricSummary.last_at, MetricSummary.revision),
)


def _summary(row: Any, name: str) -> Summary:
    # By position: a row's attributes are looked up one by one.
    run_id, _, last, best, low, high, best_step, last_step, count, curve, last_sequence, at, revision = row
    return Summary(
        run_id=run_id,
        metric=name,
        last=_nan(last),
        best=_nan(best),
        min=_nan(low),
        max=_nan(high),
        best_step=best_step,
        last_step=last_step,
        count=count,
        spaced=curve,
        last_sequence=last_sequence,
        last_at=at,
        revision=revision,
    )


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
