"""Adding metric points: none takes the place of another; values at one step are numbered as they came."""

import functools
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

import db.curves
from db import copying
from db.quick_record import record
from db.records import Position, Series

NOWHERE = Position(-(2**63), -1)  # the end of a metric without points
_TOGETHER = 50  # rows a statement: one by one, a third of the time goes into starting statements
_LOCK = 0x7D  # of advisory locks, those on the metrics of a run


@record
class Numbered:
    """New points of one metric. `sequence` is None where each is the first at its step."""

    metric: int
    points: Series
    sequence: NDArray[np.int64] | None


def lock(session: Session, run_id: int) -> None:
    """Keep others from recording metrics of this run until the transaction ends. SQLite has one writer anyway."""
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(sa.text("SELECT pg_advisory_xact_lock(:a, :b)"), {"a": _LOCK, "b": run_id})


def add(
    session: Session, run_id: int, found: Mapping[int, Series], ends: Mapping[int, Position] | None = None
) -> dict[int, int]:
    """Append points by the metric's key, of at least one point each; returns the last point's number at its step.

    `ends` has the last point of metrics of which the caller knows, since `lock`, that none has a higher step; of
    others it is looked up what they have.
    """
    known = ends or {}
    numbered = [_number(session, run_id, metric, points, known.get(metric)) for metric, points in found.items()]
    if session.connection().dialect.name == "postgresql":
        rows = [copying.rows(run_id, each.metric, each.points, each.sequence) for each in numbered]
        copying.copy(session.connection(), rows)
    else:
        _insert(session.connection(), run_id, numbered)
    return {each.metric: 0 if each.sequence is None else int(each.sequence[-1]) for each in numbered}


def _number(session: Session, run_id: int, metric: int, points: Series, end: Position | None) -> Numbered:
    steps = points.step
    first = int(steps[0] if len(steps) == 1 else steps.min())
    if end is None or first < end.step:
        db.curves.forget(session, run_id, metric, first)
        taken = _taken(session, run_id, metric, steps)
    else:
        taken = {end.step: end.sequence + 1} if first == end.step else {}
    if not taken and (len(steps) == 1 or bool((steps[1:] > steps[:-1]).all())):
        return Numbered(metric, points, None)
    order = np.argsort(steps, kind="stable")
    ordered = steps[order]
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sizes = np.diff(begins, append=len(steps))
    offsets = np.array([taken.get(int(step), 0) for step in ordered[begins]], np.int64)
    sequence = np.empty(len(steps), np.int64)
    sequence[order] = np.arange(len(steps)) - np.repeat(begins - offsets, sizes)
    return Numbered(metric, points, sequence)


def _taken(session: Session, run_id: int, metric: int, steps: NDArray[np.int64]) -> dict[int, int]:
    """How many values there are at those of the steps that have some."""
    connection = session.connection()
    wanted = np.unique(steps).tolist()
    is_sqlite = connection.dialect.name == "sqlite"
    parameters = {"run": run_id, "metric": metric, "steps": json.dumps(wanted) if is_sqlite else wanted}
    rows = connection.execute(_TAKEN if is_sqlite else _TAKEN_POSTGRESQL, parameters)
    return {step: last + 1 for step, last in rows if last is not None}


_LAST = "SELECT max(sequence) FROM metric_points WHERE run_id = :run AND metric_id = :metric AND step = wanted.value"
_TAKEN = sa.text(f"SELECT value, ({_LAST}) FROM json_each(:steps) AS wanted")  # noqa: S608 - names of our own columns
_TAKEN_POSTGRESQL = sa.text(f"SELECT value, ({_LAST}) FROM unnest(CAST(:steps AS bigint[])) AS wanted (value)")  # noqa: S608 - names of our own columns


def _insert(connection: sa.Connection, run_id: int, numbered: list[Numbered]) -> None:
    """Past the SQL compiler; SQLite makes NULL of NaN by itself."""
    for is_first in (True, False):
        many: list[tuple[Any, ...]] = []
        single: list[tuple[Any, ...]] = []
        for each in numbered:
            if (each.sequence is None) == is_first:
                key = (run_id, each.metric)
                columns = _columns(each)
                if len(columns[0]) == 1:
                    single.append((*key, *[column.item() for column in columns]))
                    continue
                whole = len(each.points) - len(each.points) % _TOGETHER
                if whole:
                    many += [(*key, *values) for values in _flat([column[:whole] for column in columns])]
                single += [(*key, *row) for row in zip(*(column[whole:].tolist() for column in columns), strict=True)]
        for together, parameters in ((_TOGETHER, many), (1, single)):
            if parameters:
                connection.exec_driver_sql(_inserting(together, is_first), parameters)


def _columns(numbered: Numbered) -> list[NDArray[Any]]:
    points, sequence = numbered.points, numbered.sequence
    return [points.step, points.value, points.wall_time, *([] if sequence is None else [sequence])]


def _flat(columns: list[NDArray[Any]]) -> list[list[Any]]:
    """The rows of so many statements as a multiple of `_TOGETHER` makes, those of each one after the other."""
    rows = np.empty((len(columns[0]), len(columns)), dtype=object)
    for column, values in enumerate(columns):
        rows[:, column] = values
    flat: list[list[Any]] = rows.reshape(-1, _TOGETHER * len(columns)).tolist()
    return flat


@functools.cache
def _inserting(rows: int, is_first: bool) -> str:
    """The run and the metric are bound once for all rows, the number at the step is 0 or bound, too.

    FAIL: the transaction is rolled back anyway, so that the statement need not be able to take itself back.
    """
    width = 3 if is_first else 4
    bound = [[f"?{3 + width * row + column}" for column in range(width)] for row in range(rows)]
    values = [f"(?1, ?2, {', '.join(row)}{', 0' if is_first else ''})" for row in bound]
    named = "run_id, metric_id, step, value, wall_time, sequence"
    return f"INSERT OR FAIL INTO metric_points ({named}) VALUES {', '.join(values)}"  # noqa: S608 - names of our own columns
