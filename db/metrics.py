"""Metric points and their summaries. Here NaN is NaN; in the tables it is NULL, since SQLite has no NaN."""

import functools
import json
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.batches import batches
from db.models import Base, Metric, MetricPoint, MetricSummary
from db.records import Series, Summary

Point = tuple[int, float, float]  # step, value, wall time


def metric_id(session: Session, name: str, goal: str) -> int:
    """The metric's key; it is created with this goal ("min" or "max") when there is none of that name."""
    found = session.scalar(sa.select(Metric.id).where(Metric.name == name))
    if found is not None:
        return found
    metric = Metric(name=name, goal=goal)
    session.add(metric)
    session.flush()
    return metric.id


def names(session: Session) -> list[str]:
    """Every metric that some run has, sorted."""
    recorded = sa.exists().where(MetricSummary.metric_id == Metric.id)
    return list(session.scalars(sa.select(Metric.name).where(recorded).order_by(Metric.name)))


def add_points(session: Session, run_id: int, metric: int, points: Iterable[Point]) -> None:
    """Append; a point at a step that is there already takes its place, as when a resumed run repeats an epoch."""
    rows = [(run_id, metric, step, _null(value), wall_time) for step, value, wall_time in points]
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # past the SQL compiler: more than twice as fast
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO metric_points (run_id, metric_id, step, value, wall_time) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        return
    keys = ("run_id", "metric_id", "step", "value", "wall_time")
    _upsert(session, MetricPoint, [dict(zip(keys, row, strict=True)) for row in rows])


def put_summary(session: Session, metric: int, summary: Summary) -> None:
    """Add the summary, or replace the one there is."""
    row = {
        "run_id": summary.run_id,
        "metric_id": metric,
        "last": _null(summary.last),
        "best": _null(summary.best),
        "min": _null(summary.min),
        "max": _null(summary.max),
        "best_step": summary.best_step,
        "last_step": summary.last_step,
        "count": summary.count,
        "curve": json.dumps([_null(value) for value in summary.curve]),
    }
    _upsert(session, MetricSummary, [row])


def _upsert(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert rows, replacing those of the same primary key; past the session, which would look at each."""
    connection = session.connection()
    connection.execute(_upserting(model, connection.dialect.name), rows)


@functools.cache  # made anew, the statement would take longer than its execution
def _upserting(model: type[Base], dialect: str) -> sa.Insert:
    statement = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(model)
    columns = model.__table__.columns
    key = [column.name for column in columns if column.primary_key]
    others = {column.name: statement.excluded[column.name] for column in columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


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
        query = sa.select(*MetricSummary.__table__.columns).where(MetricSummary.run_id.in_(batch))
        if metrics is not None:
            query = query.where(MetricSummary.metric_id.in_(list(wanted)))
        for row in session.execute(query):
            found.setdefault(row.run_id, {})[row.metric_id] = _summary(row, wanted[row.metric_id])
    return {
        run_id: {name: of_run[metric] for metric, name in wanted.items() if metric in of_run}
        for run_id, of_run in found.items()
    }


def _summary(row: sa.Row[Any], name: str) -> Summary:
    return Summary(
        run_id=row.run_id,
        metric=name,
        last=_nan(row.last),
        best=_nan(row.best),
        min=_nan(row.min),
        max=_nan(row.max),
        best_step=row.best_step,
        last_step=row.last_step,
        count=row._mapping["count"],  # row.count is the tuple's method
        curve=tuple(_nan(value) for value in json.loads(row.curve)),
    )


def series(session: Session, run_id: int, metric: str, after: int | None = None) -> Series:
    """The points of one metric by step, all or those past step `after`; empty when there are none."""
    found = session.scalar(sa.select(Metric.id).where(Metric.name == metric))
    return _points(session, run_id, found, after) if found is not None else _series([])


def series_many(session: Session, run_ids: Iterable[int], metrics: Iterable[str]) -> dict[tuple[int, str], Series]:
    """The points of these metrics by run and metric; runs that have none of a metric are left out."""
    metric_ids = session.execute(sa.select(Metric.name, Metric.id).where(Metric.name.in_(list(metrics)))).all()
    found = {
        (run_id, name): _points(session, run_id, metric)
        for run_id in dict.fromkeys(run_ids)
        for name, metric in metric_ids
    }
    return {key: points for key, points in found.items() if len(points)}


def _points(session: Session, run_id: int, metric: int, after: int | None = None) -> Series:
    query = (
        sa.select(MetricPoint.step, MetricPoint.value, MetricPoint.wall_time)
        .where(MetricPoint.run_id == run_id, MetricPoint.metric_id == metric)
        .order_by(MetricPoint.step)
    )
    if after is not None:
        query = query.where(MetricPoint.step > after)
    result = session.connection().execute(query)
    assert result.cursor is not None
    return _series(result.cursor.fetchall())  # the driver's own tuples: much faster than through result rows


def _series(rows: Iterable[Any]) -> Series:
    table = np.fromiter(rows, dtype=[("step", np.int64), ("value", np.float64), ("wall_time", np.float64)])
    return Series(table["step"], table["value"], table["wall_time"])  # None became NaN


def remove_after(session: Session, run_id: int, metric: int, step: int) -> None:
    """Remove the points past a step, and the summary, which no longer holds."""
    points, rows = MetricPoint.__table__.c, MetricSummary.__table__.c
    session.execute(
        sa.delete(MetricPoint).where(points.run_id == run_id, points.metric_id == metric, points.step > step)
    )
    session.execute(sa.delete(MetricSummary).where(rows.run_id == run_id, rows.metric_id == metric))


def _null(value: float) -> float | None:
    return None if math.isnan(value) else value


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
