"""Metric points, read and removed; db.appending adds them. Here NaN is NaN; in the table it is NULL."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Curve, Metric, MetricPoint, MetricSummary
from db.records import Position, Series


def series(session: Session, run_id: int, metric: str, after: Position | int | None = None) -> Series:
    """The points of one metric in order, all, those past step `after`, or past a point; empty when there are none."""
    found = session.scalar(sa.select(Metric.id).where(Metric.name == metric))
    return _points(session, run_id, found, after) if found is not None else _series([])


def following(session: Session, run_id: int, metric: str, after: Position, most: int) -> Series:
    """The first points past a point, at most so many."""
    found = session.scalar(sa.select(Metric.id).where(Metric.name == metric))
    if found is None:
        return _series([])
    parameters = {"run": run_id, "metric": found, "step": after.step, "sequence": after.sequence, "most": most}
    result = session.connection().execute(_FOLLOWING, parameters)
    assert result.cursor is not None
    return _series(result.cursor.fetchall())


def between(session: Session, run_id: int, metric: str, first: int, last: int, most: int) -> Series:
    """The points from one step to another, both included, in order; at most so many."""
    found = session.scalar(sa.select(Metric.id).where(Metric.name == metric))
    if found is None:
        return _series([])
    parameters = {"run": run_id, "metric": found, "first": first, "last": last, "most": most}
    result = session.connection().execute(_BETWEEN, parameters)
    assert result.cursor is not None
    return _series(result.cursor.fetchall())


def series_many(
    session: Session,
    run_ids: Iterable[int],
    metrics: Iterable[str],
    after: Mapping[tuple[int, str], Position] | None = None,
) -> dict[tuple[int, str], Series]:
    """The points of these metrics by run and metric, all or those past a point; without those that have none."""
    metric_ids = session.execute(sa.select(Metric.name, Metric.id).where(Metric.name.in_(list(metrics)))).all()
    since = after or {}
    found = {
        (run_id, name): _points(session, run_id, metric, since.get((run_id, name)))
        for run_id in dict.fromkeys(run_ids)
        for name, metric in metric_ids
    }
    return {key: points for key, points in found.items() if len(points)}


def at_steps(
    session: Session, run_id: int, steps: Mapping[str, Iterable[int]]
) -> set[tuple[str, int, float | None, float]]:
    """What is stored at these steps of metrics by name: name, step, value (None for NaN) and wall time."""
    names = dict(session.execute(sa.select(Metric.id, Metric.name).where(Metric.name.in_(list(steps)))).all())
    wanted = [(metric, step) for metric, name in names.items() for step in steps[name]]
    if not wanted:
        return set()
    is_sqlite = session.connection().dialect.name == "sqlite"
    parameters: dict[str, Any] = {"run": run_id}
    if is_sqlite:
        parameters["wanted"] = json.dumps(wanted)
    else:
        parameters |= {"metrics": [metric for metric, _ in wanted], "steps": [step for _, step in wanted]}
    rows = session.connection().execute(_AT_STEPS if is_sqlite else _AT_STEPS_POSTGRESQL, parameters)
    return {(names[metric], step, value, wall_time) for metric, step, value, wall_time in rows}


_SELECTED = "SELECT points.metric_id, points.step, points.value, points.wall_time"
_AT_STEPS = sa.text(  # CROSS keeps the order of the join: a seek for each that is wanted
    f"{_SELECTED} FROM json_each(:wanted) AS wanted CROSS JOIN metric_points AS points WHERE points.run_id = :run "
    "AND points.metric_id = json_extract(wanted.value, '$[0]') AND points.step = json_extract(wanted.value, '$[1]')"
)
_AT_STEPS_POSTGRESQL = sa.text(
    f"{_SELECTED} FROM unnest(CAST(:metrics AS integer[]), CAST(:steps AS bigint[])) AS wanted (metric, step) "
    "JOIN metric_points AS points ON points.metric_id = wanted.metric AND points.step = wanted.step "
    "WHERE points.run_id = :run"
)


def ends(session: Session, run_id: int, metrics: Iterable[str]) -> dict[str, Position]:
    """The point of the highest step, by the names of metrics that have a summary. It is the last unless steps fell."""
    wanted = set(metrics)
    # Each that is named costs a place in the statement: of many, all that the run has are read.
    named = {"names": list(wanted)} if len(wanted) <= _MOST_NAMED else {}
    rows = session.connection().execute(_ENDS_NAMED if named else _ENDS, {"run": run_id, **named})
    return {name: Position(step, sequence) for name, step, sequence in rows if name in wanted}


def _of_summary(column: Any) -> sa.Select[Any]:
    return sa.select(column).where(
        MetricPoint.run_id == MetricSummary.run_id, MetricPoint.metric_id == MetricSummary.metric_id
    )


_HIGHEST = _of_summary(MetricPoint.step).order_by(MetricPoint.step.desc()).limit(1).scalar_subquery()
_ENDS = (  # a seek for each
    sa.select(
        Metric.name,
        _HIGHEST,
        _of_summary(MetricPoint.sequence)
        .order_by(MetricPoint.step.desc(), MetricPoint.sequence.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .select_from(MetricSummary)
    .join(Metric, Metric.id == MetricSummary.metric_id)
    .where(MetricSummary.run_id == sa.bindparam("run"))
)
_MOST_NAMED = 50
_ENDS_NAMED = _ENDS.where(Metric.name.in_(sa.bindparam("names", expanding=True)))


def _points(session: Session, run_id: int, metric: int, after: Position | int | None = None) -> Series:
    parameters = {"run": run_id, "metric": metric}
    if isinstance(after, Position):
        query = _PAST_POINT
        parameters |= {"step": after.step, "sequence": after.sequence}
    elif after is not None:
        query = _PAST_STEP
        parameters["step"] = after
    else:
        query = _EVERY
    result = session.connection().execute(query, parameters)
    assert result.cursor is not None
    return _series(result.cursor.fetchall())  # the driver's own tuples: much faster than through result rows


_EVERY = (  # made once: each call would take longer than its execution
    sa.select(MetricPoint.step, MetricPoint.value, MetricPoint.wall_time)
    .where(MetricPoint.run_id == sa.bindparam("run"), MetricPoint.metric_id == sa.bindparam("metric"))
    .order_by(MetricPoint.step, MetricPoint.sequence)
)
_STEP = sa.bindparam("step", type_=sa.BigInteger)
_PAST_STEP = _EVERY.where(MetricPoint.step > _STEP)
_PAST_POINT = _EVERY.where(
    sa.tuple_(MetricPoint.step, MetricPoint.sequence) > sa.tuple_(_STEP, sa.bindparam("sequence", type_=sa.Integer))
)
_BETWEEN = _EVERY.where(
    MetricPoint.step >= sa.bindparam("first", type_=sa.BigInteger),
    MetricPoint.step <= sa.bindparam("last", type_=sa.BigInteger),
).limit(sa.bindparam("most", type_=sa.Integer))
_FOLLOWING = _PAST_POINT.limit(sa.bindparam("most", type_=sa.Integer))


def _series(rows: Iterable[Any]) -> Series:
    table = np.fromiter(rows, dtype=[("step", np.int64), ("value", np.float64), ("wall_time", np.float64)])
    return Series(table["step"], table["value"], table["wall_time"])  # None became NaN


def remove_after(session: Session, run_id: int, metric: int, step: int) -> None:
    """Remove the points past a step, and the summary and the curve, which no longer hold."""
    for table, *past in ((MetricPoint, MetricPoint.step > step), (MetricSummary,), (Curve,)):
        session.execute(sa.delete(table).where(table.run_id == run_id, table.metric_id == metric, *past))


def remove_first(session: Session, run_id: int, count: int) -> None:
    """Remove so many points of a run, of whichever metric, but none when it has no more than that."""
    key = (MetricPoint.metric_id, MetricPoint.step, MetricPoint.sequence)
    of_run = MetricPoint.run_id == run_id
    following = session.execute(sa.select(*key).where(of_run).order_by(*key).offset(count).limit(1)).first()
    if following is not None:
        metric, step, sequence = following
        bound = sa.tuple_(sa.literal(metric), sa.literal(step, sa.BigInteger), sa.literal(sequence))
        session.execute(sa.delete(MetricPoint).where(of_run, sa.tuple_(*key) < bound))
