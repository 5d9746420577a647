"""Opening the store: URL, the schema's version, and the two kinds of transaction. What SQLite and PostgreSQL need for
it is in db.sqlite and db.postgresql."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session as Session  # what a transaction yields; core imports it from here

from db import postgresql, sqlite

MIGRATIONS = Path(__file__).parent / "migrations"
_NOT_ALLOWED = ("42501", "25006")  # SQLSTATE: no privilege, a transaction that may only read


class DatabaseError(Exception):
    """The database refused: read-only, full, broken, not a database, out of reach. The text is its own."""


class SchemaTooNewError(Exception):
    """The database was written by a newer version of the program; the text is the schema's version."""


@contextmanager
def _translated() -> Iterator[None]:
    # IntegrityError and the like are the program's mistakes and stay what they are.
    try:
        yield
    except sa.exc.DBAPIError as error:
        if _is_refusal(error):
            raise DatabaseError(" ".join(str(error.orig).split())) from error
        raise
    except (sqlite3.DatabaseError, sa.exc.TimeoutError) as error:  # on a connection of the driver; none was free
        raise DatabaseError(str(error)) from error


def _is_refusal(error: sa.exc.DBAPIError) -> bool:
    if isinstance(error, sa.exc.OperationalError | sa.exc.InternalError) or type(error) is sa.exc.DatabaseError:
        return True
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _NOT_ALLOWED


class Database:
    """A store that is open; safe to share between threads."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the store; anything written in it is rolled back."""
        with _translated(), Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self, notify: bool = True) -> Iterator[Session]:
        """Commits at the end, rolls back on an exception. Keep it short: SQLite has one writer at a time.

        `notify`: those who watch a server's database for changes hear of it, see db.changes.
        """
        with (
            _translated(),
            self.engine.connect().execution_options(**_writing(self.engine)) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            if notify and not self.is_sqlite:
                postgresql.notify(session.connection())
            session.commit()

    def compact(self) -> None:
        """Give freed space back to the file system, as far as the database can without a rewrite."""
        with _translated():
            if not self.is_sqlite:
                postgresql.compact(self.engine)
                return
            with contextlib.closing(self.engine.raw_connection()) as connection:
                sqlite.compact(connection)

    def dispose(self) -> None:
        self.engine.dispose()


def _writing(engine: sa.Engine) -> dict[str, Any]:
    """Options of a connection that writes."""
    if engine.dialect.name == "sqlite":
        # The lock is taken at the start (BEGIN IMMEDIATE): a transaction that reads first and asks for it later fails
        # at once with "database is locked" when somebody else wrote in between, whatever the timeout.
        return {"immediate": True}
    # Several write at once; what one reads after it has waited for another is what that one left.
    return {"isolation_level": "READ COMMITTED"}


def open_database(url: str) -> Database:
    """Connect and bring the schema up to date.

    Raises:
        SchemaTooNewError: the schema is of a newer version of the program than this one.
        DatabaseError: not a URL, no such server, not a database, no permission, disk full, …
    """
    try:
        parsed = sa.make_url(url)
        is_server = parsed.get_backend_name() == "postgresql"
        options = postgresql.options(parsed) if is_server else {"json_deserializer": _from_json}
        engine = sa.create_engine(parsed, **options)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise DatabaseError(str(error)) from error
    except ValueError:  # its text repeats what stands where a port should, often a part of the password
        raise DatabaseError("the port in the URL is no number; quote : / and @ in a password as %3A %2F %40") from None
    if is_server:
        postgresql.configure(engine)
    elif engine.dialect.name == "sqlite":
        sqlite.configure(engine)
    try:
        with _translated():
            _migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


def _from_json(text: str) -> Any:
    """The value, or the text itself where it is no JSON: one bad row must not hide those that are read with it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


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
    with engine.connect().execution_options(**_writing(engine)) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            postgresql.lock_schema(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
