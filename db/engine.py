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
from db.errors import DatabaseError as DatabaseError  # raised by transactions; core imports them from here
from db.errors import FaultError as FaultError
from db.errors import SchemaTooNewError as SchemaTooNewError
from db.file_watch import Fault
from db.presence import Presence
from db.store_file import StoreFile
from db.urls import sqlite_file

MIGRATIONS = Path(__file__).parent / "migrations"
# SQLSTATE: no privilege, a transaction that may only read, no such table (as in a database that was made anew).
_REFUSALS = ("42501", "25006", "42P01")


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
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _REFUSALS


class Database:
    """A store that is open; safe to share between threads."""

    def __init__(self, engine: sa.Engine, file: StoreFile | None = None, presence: Presence | None = None) -> None:
        """`file` and `presence` of a SQLite database that is a file."""
        self.engine = engine
        self._file = file
        self._presence = presence

    @property
    def generation(self) -> int:
        """Another one whenever connections that were made before are none of this store's any more."""
        return self._file.generation if self._file else 0

    @property
    def notice(self) -> str:
        """What has happened to the database that people should know though it works again; "" where nothing has."""
        return self._file.notice if self._file else ""

    def check(self) -> None:
        """Whether the database is still the one that was opened, at next to no cost. Raises DatabaseError."""
        if self._file is not None:
            with _translated():
                self._file.check()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the store; anything written in it is rolled back."""
        self.check()
        with _translated(), Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self, notify: bool = True) -> Iterator[Session]:
        """Commits at the end, rolls back on an exception. Keep it short: SQLite has one writer at a time.

        `notify`: those who watch a server's database for changes hear of it, see db.changes.
        """
        self.check()
        generation = self.generation
        with (
            _translated(),
            self.engine.connect().execution_options(**_writing(self.engine)) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            if notify and not self.is_sqlite:
                postgresql.notify(session.connection())
            session.commit()
        self.check()
        if self.generation != generation:  # it was committed to a file that has gone, or to a log
            raise FaultError(Fault.REPLACED)

    def compact(self) -> None:
        """Give freed space back to the file system, as far as the database can without a rewrite."""
        self.check()
        with _translated():
            if not self.is_sqlite:
                postgresql.compact(self.engine)
                return
            with contextlib.closing(self.engine.raw_connection()) as connection:
                sqlite.compact(connection)

    def dispose(self) -> None:
        if self._file is not None:
            self._file.close()
        self.engine.dispose()
        if self._presence is not None:
            self._presence.leave()


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
        DatabaseError: not a URL, no such server, not a database, no permission, disk full, …; FaultError where the
            file has vanished under others that have it open.
    """
    file = sqlite_file(url)
    presence = Presence(file) if file is not None else None
    try:
        return _opened(url, file, presence)
    except BaseException:
        if presence is not None:
            presence.leave()
        raise


def _opened(url: str, file: Path | None, presence: Presence | None) -> Database:
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
            return Database(engine, _guarded(engine, file, presence), presence)
    except BaseException:
        engine.dispose()
        raise


def _guarded(engine: sa.Engine, file: Path | None, presence: Presence | None) -> StoreFile | None:
    """Have the database be told from another that comes in its place."""
    with engine.connect() as connection:
        uid = str(connection.scalar(sa.text("SELECT uid FROM store")))
    if file is None or presence is None:
        if engine.dialect.name == "postgresql":
            postgresql.keep_to(engine, uid)
        return None
    presence.share(uid)
    return StoreFile(engine, file, uid, lambda: _migrate(engine))


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
    if engine.dialect.name == "sqlite":
        sqlite.put_mark(engine)
