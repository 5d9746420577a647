"""What SQLite needs: pragmas, its kinds of BEGIN, a hint, its space back."""

import contextlib
import math
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

_VACUUM_PAGES = 2_000  # freed per transaction, 8 MB: trainers that want to write wait for it


class _Compiler(SQLiteCompiler):
    """SQLite knows one hint, INDEXED BY, which SQLAlchemy leaves out."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


def configure(engine: sa.Engine) -> None:
    engine.dialect.statement_compiler = _Compiler

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        connection.execute("PRAGMA busy_timeout=30000")  # first: those that follow may have to wait as well
        if connection.execute("PRAGMA page_count").fetchone() == (0,):  # later it has no effect, yet it would write
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # lets an emptied trash give its space back
        connection.create_function("casefold", 1, str.casefold, deterministic=True)  # `lower` knows ASCII only
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-16000",  # kB; the indexes of ten thousand runs fit
            "journal_size_limit=32000000",  # bytes; what a long look or many writers made the log grow to is given back
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def put_mark(engine: sa.Engine) -> None:
    """Have the file itself say which store it is, where so far its log alone may: after a migration."""
    with contextlib.closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def compact(connection: Any) -> None:
    """On a connection of the driver: give freed space back to the file system, as far as a rewrite is not needed."""
    cursor = connection.cursor()
    left = math.inf
    while (free := cursor.execute("PRAGMA freelist_count").fetchone()[0]) and free < left:
        left = free
        cursor.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
