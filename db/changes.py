"""Whether anybody has written to the store, without reading any of it."""

import contextlib
import sqlite3
from typing import Any

import sqlalchemy as sa

from db.engine import Database


class Changes:
    """Watches a store for commits on other connections; one caller, one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._is_sqlite = database.engine.dialect.name == "sqlite"
        self._database = database
        # SQLite counts per connection, so that it has to be the same one every time.
        self._connection: Any = database.engine.raw_connection() if self._is_sqlite else None
        self._seen: int | None = None

    def any(self) -> bool:
        """Whether there was a commit since the last call; always True where the database cannot tell, or not now."""
        if not self._is_sqlite:
            return True
        try:
            if self._connection is None:
                self._connection = self._database.engine.raw_connection()
            version: int = self._connection.driver_connection.execute("PRAGMA data_version").fetchone()[0]
        except (sqlite3.Error, sa.exc.SQLAlchemyError):  # who reads next is told what is wrong
            self.close()
            return True
        changed = version != self._seen
        self._seen = version
        return changed

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error, sa.exc.SQLAlchemyError):
                self._connection.close()
            self._connection = None
