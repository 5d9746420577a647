"""Thinned curves, kept beside the points of long metrics so that a chart need not read them all."""

from collections.abc import Iterable

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db import models
from db.batches import batches
from db.models import Metric
from db.records import Curve, Series
from db.upsert import upsert

_TYPES = ("<i8", "<i8", "<f8", "<f8")  # place, step, value, wall time


def put(session: Session, run_id: int, metric: int, curve: Curve) -> None:
    """Add the curve of at least one point, or replace the one there is."""
    points = curve.points
    columns = (curve.place, points.step, points.value, points.wall_time)
    row = {
        "run_id": run_id,
        "metric_id": metric,
        "count": curve.count,
        "last_step": int(points.step[-1]),
        "last_sequence": curve.sequence,
        "data": b"".join(column.astype(kind).tobytes() for column, kind in zip(columns, _TYPES, strict=True)),
    }
    upsert(session, models.Curve, [row])


def of_runs(session: Session, run_ids: Iterable[int], metrics: Iterable[str]) -> dict[tuple[int, str], Curve]:
    """Those there are, by run and metric; points past their last step are not in them."""
    table, wanted = models.Curve, list(metrics)
    found: dict[tuple[int, str], Curve] = {}
    for batch in batches(run_ids):
        query = (
            sa.select(table.run_id, Metric.name, table.count, table.last_sequence, table.data)
            .join(Metric, Metric.id == table.metric_id)
            .where(table.run_id.in_(batch), Metric.name.in_(wanted))
        )
        for run_id, name, count, sequence, data in session.execute(query):
            size = len(data) // len(_TYPES)
            place, *columns = (
                np.frombuffer(data, kind, size // 8, position * size) for position, kind in enumerate(_TYPES)
            )
            found[run_id, name] = Curve(count, place, Series(*columns), sequence)
    return found


def forget(session: Session, run_id: int, metric: int, step: int) -> None:
    """Remove the curve if it covers a later step, because a point comes before its last one."""
    session.connection().execute(_FORGETTING, {"run": run_id, "metric": metric, "step": step})


_FORGETTING = sa.delete(models.Curve).where(  # made once: each call would take longer than its execution
    models.Curve.run_id == sa.bindparam("run"),
    models.Curve.metric_id == sa.bindparam("metric"),
    models.Curve.last_step > sa.bindparam("step"),
)
