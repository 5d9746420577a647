"""Opening the store: URL, SQLite's pragmas, the schema's version, and the two kinds of transaction."""

import contextlib
import math
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.orm import Session as Session  # what a transaction yields; core imports it from here

MIGRATIONS = Path(__file__).parent / "migrations"
_VACUUM_PAGES = 2_000  # freed per transaction, 8 MB: trainers that want to write wait for it


class DatabaseError(Exception):
    """The database refused: read-only, full, broken, not a database, out of reach. The text is its own."""


class SchemaTooNewError(Exception):
    """The database was written by a newer version of the program; the text is the schema's version."""


@contextmanager
def _translated() -> Iterator[None]:
    # IntegrityError and the like are the program's mistakes and stay what they are.
    try:
        yield
    except sa.exc.DatabaseError as error:
        if isinstance(error, sa.exc.OperationalError) or type(error) is sa.exc.DatabaseError:
            raise DatabaseError(str(error.orig)) from error
        raise
    except (sqlite3.DatabaseError, sa.exc.TimeoutError) as error:  # on a connection of the driver; none was free
        raise DatabaseError(str(error)) from error


class Database:
    """A store that is open; safe to share between threads."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the store; anything written in it is rolled back."""
        with _translated(), Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Commits at the end, rolls back on an exception. Keep it short: SQLite has one writer at a time."""
        # The lock is taken at the start (BEGIN IMMEDIATE): a transaction that reads first and asks for it later
        # fails at once with "database is locked" when somebody else wrote in between, whatever the timeout.
        with (
            _translated(),
            self.engine.connect().execution_options(immediate=True) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.commit()

    def compact(self) -> None:
        """Give freed space back to the file system, as far as the database can without a rewrite."""
        if self.engine.dialect.name != "sqlite":
            return
        with _translated(), contextlib.closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            left = math.inf
            while (free := cursor.execute("PRAGMA freelist_count").fetchone()[0]) and free < left:
                left = free
                cursor.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def dispose(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Connect and bring the schema up to date.

    Raises:
        SchemaTooNewError: the schema is of a newer version of the program than this one.
        DatabaseError: not a URL, no such server, not a database, no permission, disk full, …
    """
    try:
        engine = sa.create_engine(url)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise DatabaseError(str(error)) from error
    except ValueError:  # its text repeats what stands where a port should, often a part of the password
        raise DatabaseError("the port in the URL is no number; quote : / and @ in a password as %3A %2F %40") from None
    if engine.dialect.name == "sqlite":
        _configure_sqlite(engine)
    try:
        with _translated():
            _migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


class _Compiler(SQLiteCompiler):
    """SQLite knows one hint, INDEXED BY, which SQLAlchemy leaves out."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


def _configure_sqlite(engine: sa.Engine) -> None:
    engine.dialect.statement_compiler = _Compiler

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        connection.execute("PRAGMA busy_timeout=30000")  # first: those that follow may have to wait as well
        if connection.execute("PRAGMA page_count").fetchone() == (0,):  # later it has no effect, yet it would write
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # lets an emptied trash give its space back
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


def _migrate(engine: sa.Engine) -> None:
    versions = sorted(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    with engine.connect() as connection:
        current = None
        if sa.inspect(connection).has_table("alembic_version"):
            current = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if current == versions[-1]:
        return
    if current is not None and current not in versions:
        raise SchemaTooNewError(current)

    from alembic import command  # only when there is something to migrate: importing it takes longer than a query
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
