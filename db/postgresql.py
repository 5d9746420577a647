"""What PostgreSQL needs: options of its connections, values that it does not take, word of commits, its space back."""

import json
import math
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from db.errors import FaultError
from db.file_watch import Fault

CHANNEL = "traindeck"
_MIGRATING = 0x7D71  # of advisory locks, the one on the schema
_TABLES = "metric_points, summaries, curves, run_params, run_texts, run_tags, artifacts, runs"


# A host that is cut off from the server without a word is noticed by both within half a minute: it tries again, and
# what it had locked is free. Linux would wait for a quarter of an hour, and for a connection at rest two hours.
_CUT_OFF = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
_SERVER = {
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "5min",  # of a process that was halted within one
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30s",
}


def options(url: sa.URL) -> dict[str, Any]:
    """For `create_engine`."""
    server = " ".join(f"-c {name}={value}" for name, value in _SERVER.items())
    connecting = {"connect_timeout": 10, "options": server, "application_name": "traindeck", **_CUT_OFF}
    return {
        "isolation_level": "REPEATABLE READ",  # one view of the store for as long as somebody reads
        "pool_pre_ping": True,  # a server that was restarted costs nobody an error
        "connect_args": {name: value for name, value in connecting.items() if name not in url.query},
        "json_serializer": _to_json,
        "json_deserializer": lambda text: json.loads(text, object_hook=_from_json),
    }


def configure(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "before_cursor_execute", retval=True)
    def _without_nul(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, is_many: bool
    ) -> tuple[str, Any]:
        if is_many:
            return statement, [_clean(each) for each in parameters]
        return statement, _clean(parameters)


def _clean(parameters: Any) -> Any:
    """The only character that PostgreSQL keeps in no text is replaced by the one for what cannot be shown."""
    if not isinstance(parameters, Mapping) or not any(isinstance(v, str) and "\0" in v for v in parameters.values()):
        return parameters
    return {name: v.replace("\0", "\ufffd") if isinstance(v, str) else v for name, v in parameters.items()}


def _to_json(value: Any) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:  # JSON has no NaN and no infinities; SQLite keeps Python's words for them, PostgreSQL does not
        return json.dumps(_named(value))


def _named(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": str(value)}
    if isinstance(value, dict):
        return {name: _named(each) for name, each in value.items()}
    return [_named(each) for each in value] if isinstance(value, list | tuple) else value


def _from_json(found: dict[str, Any]) -> Any:
    return float(found["$float"]) if found.keys() == {"$float"} else found


def keep_to(engine: sa.Engine, uid: str) -> None:
    """From now on refuse a connection to another store, as to one that was made anew under the same name."""

    @sa.event.listens_for(engine, "connect")
    def _same(connection: Any, _record: Any) -> None:
        try:
            found = connection.execute("SELECT uid FROM store").fetchone()
        except engine.dialect.loaded_dbapi.Error:  # no such table
            found = None
        connection.rollback()
        if found != (uid,):
            connection.close()
            raise FaultError(Fault.REPLACED)


def lock_schema(connection: sa.Connection) -> None:
    """Several processes may open a new database at the same moment: one makes the tables, the others wait."""
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})


def notify(connection: sa.Connection) -> None:
    """Tell those who listen, once the transaction is committed."""
    connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


def compact(engine: sa.Engine) -> None:
    """Make the space of deleted rows free for new ones, at the end of a table for the file system."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM (SKIP_LOCKED) {_TABLES}")
