"""Metric points. Here NaN is NaN; in the table it is NULL, since SQLite has no NaN."""

import functools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

import db.curves
from db.models import Curve, Metric, MetricPoint, MetricSummary
from db.records import Series
from db.upsert import upsert

_COLUMNS = ("run_id", "metric_id", "step", "value", "wall_time")
_TOGETHER = 50  # rows a statement: one by one, a third of the time goes into starting statements


def add(session: Session, run_id: int, metric: int, points: Series) -> None:
    """Append; a point at a step that is there already takes its place, as when a resumed run repeats an epoch."""
    if not len(points):
        return
    db.curves.forget(session, run_id, metric, int(points.step.min()))
    rows = np.empty((len(points), len(_COLUMNS)), dtype=object)
    for column, values in enumerate((run_id, metric, points.step, points.value, points.wall_time)):
        rows[:, column] = values
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # past the SQL compiler, and SQLite makes NULL of NaN by itself
        whole = len(rows) - len(rows) % _TOGETHER
        _insert(connection, rows[:whole], _TOGETHER)
        _insert(connection, rows[whole:], 1)
        return
    rows[np.isnan(points.value), _COLUMNS.index("value")] = None
    upsert(session, MetricPoint, [dict(zip(_COLUMNS, row, strict=True)) for row in rows.tolist()])


def _insert(connection: sa.Connection, rows: NDArray[np.object_], together: int) -> None:
    if len(rows):
        values = rows.reshape(-1, together * len(_COLUMNS)).tolist()
        connection.exec_driver_sql(_inserting(together), [tuple(row) for row in values])


@functools.cache
def _inserting(rows: int) -> str:
    row = f"({', '.join('?' * len(_COLUMNS))})"
    return f"INSERT OR REPLACE INTO metric_points ({', '.join(_COLUMNS)}) VALUES {', '.join([row] * rows)}"


def series(session: Session, run_id: int, metric: str, after: int | None = None, most: int | None = None) -> Series:
    """The first points of one metric by step, all or those past step `after`; empty when there are none."""
    found = session.scalar(sa.select(Metric.id).where(Metric.name == metric))
    return _points(session, run_id, found, after, most) if found is not None else _series([])


def series_many(
    session: Session, run_ids: Iterable[int], metrics: Iterable[str], after: Mapping[tuple[int, str], int] | None = None
) -> dict[tuple[int, str], Series]:
    """The points of these metrics by run and metric, all or those past a step; without those that have none."""
    metric_ids = session.execute(sa.select(Metric.name, Metric.id).where(Metric.name.in_(list(metrics)))).all()
    since = after or {}
    found = {
        (run_id, name): _points(session, run_id, metric, since.get((run_id, name)))
        for run_id in dict.fromkeys(run_ids)
        for name, metric in metric_ids
    }
    return {key: points for key, points in found.items() if len(points)}


def _points(session: Session, run_id: int, metric: int, after: int | None = None, most: int | None = None) -> Series:
    query = (
        sa.select(MetricPoint.step, MetricPoint.value, MetricPoint.wall_time)
        .where(MetricPoint.run_id == run_id, MetricPoint.metric_id == metric)
        .order_by(MetricPoint.step)
    )
    if after is not None:
        query = query.where(MetricPoint.step > after)
    if most is not None:
        query = query.limit(most)
    result = session.connection().execute(query)
    assert result.cursor is not None
    return _series(result.cursor.fetchall())  # the driver's own tuples: much faster than through result rows


def _series(rows: Iterable[Any]) -> Series:
    table = np.fromiter(rows, dtype=[("step", np.int64), ("value", np.float64), ("wall_time", np.float64)])
    return Series(table["step"], table["value"], table["wall_time"])  # None became NaN


def remove_after(session: Session, run_id: int, metric: int, step: int) -> None:
    """Remove the points past a step, and the summary and the curve, which no longer hold."""
    for table, *past in ((MetricPoint, MetricPoint.step > step), (MetricSummary,), (Curve,)):
        session.execute(sa.delete(table).where(table.run_id == run_id, table.metric_id == metric, *past))
