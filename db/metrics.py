"""Metric points and their summaries. Here NaN is NaN; in the tables it is NULL, since SQLite has no NaN."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Metric, MetricPoint, MetricSummary
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
    return list(session.scalars(sa.select(Metric.name).order_by(Metric.name)))


def add_points(session: Session, run_id: int, metric: int, points: Iterable[Point]) -> None:
    """Append; a point at a step that is there already takes its place, as when a resumed run repeats an epoch."""
    rows = [(run_id, metric, step, _null(value), wall_time) for step, value, wall_time in points]
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # past the SQL compiler: more than twice as fast
        connection.exec_driver_sql("INSERT OR REPLACE INTO metric_points VALUES (?, ?, ?, ?, ?)", rows)
        return
    from sqlalchemy.dialects.postgresql import insert

    statement = insert(MetricPoint)
    statement = statement.on_conflict_do_update(
        index_elements=["run_id", "metric_id", "step"],
        set_={"value": statement.excluded.value, "wall_time": statement.excluded.wall_time},
    )
    keys = ("run_id", "metric_id", "step", "value", "wall_time")
    session.execute(statement, [dict(zip(keys, row, strict=True)) for row in rows])


def put_summary(session: Session, metric: int, summary: Summary) -> None:
    session.merge(
        MetricSummary(
            run_id=summary.run_id,
            metric_id=metric,
            last=_null(summary.last),
            best=_null(summary.best),
            min=_null(summary.min),
            max=_null(summary.max),
            best_step=summary.best_step,
            last_step=summary.last_step,
            count=summary.count,
            curve=json.dumps([_null(value) for value in summary.curve]),
        )
    )


def summaries(
    session: Session, run_ids: Sequence[int], metrics: Sequence[str] | None = None
) -> dict[int, dict[str, Summary]]:
    """By run, then by metric's name; runs without metrics are left out."""
    query = (
        sa.select(MetricSummary, Metric.name)
        .join(Metric, Metric.id == MetricSummary.metric_id)
        .where(MetricSummary.run_id.in_(run_ids))
        .order_by(Metric.name)
    )
    if metrics is not None:
        query = query.where(Metric.name.in_(metrics))
    found: dict[int, dict[str, Summary]] = {}
    for row, name in session.execute(query):
        found.setdefault(row.run_id, {})[name] = Summary(
            run_id=row.run_id,
            metric=name,
            last=_nan(row.last),
            best=_nan(row.best),
            min=_nan(row.min),
            max=_nan(row.max),
            best_step=row.best_step,
            last_step=row.last_step,
            count=row.count,
            curve=tuple(_nan(value) for value in json.loads(row.curve)),
        )
    return found


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


def last_point_time(session: Session, run_id: int) -> float | None:
    return session.scalar(sa.select(sa.func.max(MetricPoint.wall_time)).where(MetricPoint.run_id == run_id))


def _null(value: float) -> float | None:
    return None if math.isnan(value) else value


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
