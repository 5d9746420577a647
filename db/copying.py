"""Metric points into PostgreSQL, by COPY in its binary form: many times faster than rows as parameters.

The form is described in PostgreSQL's manual under COPY, "Binary Format": each row the number of its fields, each field
its length in bytes and its value, all big-endian; a length of -1 is NULL, without a value.
"""

from collections.abc import Iterable

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from db.records import Series

_COPY = "COPY metric_points (run_id, metric_id, step, sequence, wall_time, value) FROM STDIN (FORMAT BINARY)"
_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_FIELDS = (("run_id", ">i4"), ("metric_id", ">i4"), ("step", ">i8"), ("sequence", ">i4"), ("wall_time", ">f8"))


def _row(last: list[tuple[str, str]]) -> np.dtype[np.void]:
    fields = [part for name, kind in _FIELDS for part in ((f"{name}_size", ">i4"), (name, kind))]
    return np.dtype([("fields", ">i2"), *fields, ("value_size", ">i4"), *last])


_NUMBER, _NULL = _row([("value", ">f8")]), _row([])


def rows(run_id: int, metric: int, points: Series, sequence: NDArray[np.int64] | None) -> bytes:
    """Those of one metric's points."""
    missing = np.isnan(points.value)
    packed = []
    for kind, some in ((_NUMBER, ~missing), (_NULL, missing)):
        table = np.empty(int(some.sum()), kind)
        table["fields"] = len(_FIELDS) + 1
        for name, size in _FIELDS:
            table[f"{name}_size"] = np.dtype(size).itemsize
        table["value_size"] = 8 if kind is _NUMBER else -1
        table["run_id"], table["metric_id"] = run_id, metric
        table["step"], table["wall_time"] = points.step[some], points.wall_time[some]
        table["sequence"] = 0 if sequence is None else sequence[some]
        if kind is _NUMBER:
            table["value"] = points.value[some]
        packed.append(table.tobytes())
    return b"".join(packed)


def copy(connection: sa.Connection, packed: Iterable[bytes]) -> None:
    """Store rows; in the transaction that is under way, with the errors of any other statement."""
    driver, dbapi = connection.connection.driver_connection, connection.dialect.loaded_dbapi
    assert driver is not None
    try:
        with driver.cursor() as cursor, cursor.copy(_COPY) as stream:
            stream.write(b"".join([_HEAD, *packed, _END]))
    except dbapi.Error as error:
        raise sa.exc.DBAPIError.instance(_COPY, None, error, dbapi.Error, dialect=connection.dialect) from error
