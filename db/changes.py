"""Whether anybody has written to the store, without reading any of it."""

import contextlib
import sqlite3
from typing import Any

import sqlalchemy as sa

from db.engine import Database, DatabaseError
from db.postgresql import CHANNEL


class Changes:
    """Watches a store for commits on other connections; one caller, one thread at a time.

    A server's database is listened to, which costs no question. What is written without `notify`, metrics, is not
    heard of there, and where something between swallows the word (a pooler of connections), nothing is: look now and
    then all the same.
    """

    def __init__(self, database: Database) -> None:
        self._watch = _Versions(database) if database.is_sqlite else _Listener(database)

    def any(self) -> bool:
        """Whether there was a commit since the last call; True, too, where that cannot be told."""
        return self._watch.any()

    def close(self) -> None:
        self._watch.close()


class _Versions:
    def __init__(self, database: Database) -> None:
        self._database = database
        # SQLite counts per connection, so that it has to be the same one every time.
        self._connection: Any = None
        self._generation = database.generation
        self._seen: int | None = None

    def any(self) -> bool:
        try:
            self._database.check()
            if self._generation != self._database.generation:
                self.close()
                self._generation, self._seen = self._database.generation, None
            if self._connection is None:
                self._connection = self._database.engine.raw_connection()
            version: int = self._connection.driver_connection.execute("PRAGMA data_version").fetchone()[0]
        except (sqlite3.Error, sa.exc.SQLAlchemyError, DatabaseError):
            self.close()
            return True  # whoever reads the store now gets the error with its reason
        changed = version != self._seen
        self._seen = version
        return changed

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(Exception):  # it may be broken, which is why it is closed
                self._connection.close()
            self._connection = None


class _Listener:
    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._connection: Any = None

    def any(self) -> bool:
        dbapi: Any = self._engine.dialect.loaded_dbapi
        try:
            if self._connection is None:
                self._connection = self._listening()
                return True  # who knows what was before
            return len(list(self._connection.notifies(timeout=0))) > 0
        except (dbapi.Error, sa.exc.SQLAlchemyError):
            self.close()
            return True  # whoever reads the store now gets the error with its reason

    def _listening(self) -> Any:
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()  # it is no other's from now on
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        return connection

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(Exception):  # it may be broken, which is why it is closed
                self._connection.close()
            self._connection = None
