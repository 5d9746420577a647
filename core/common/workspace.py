"""The workspace: settings and the open store, handed to every use case."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from core.common.errors import StoreError, StoreFullError
from core.common.secrets import without_secrets
from core.common.settings import Settings
from core.common.store_faults import told
from db.engine import Database, DatabaseError, FaultError, SchemaTooNewError, Session, open_database
from db.file_watch import Fault


class Workspace:
    """Settings and the open store; one per process, safe to share between threads."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database

    @classmethod
    def open(cls, settings: Settings) -> "Workspace":
        """Make the folders, open the database and bring its schema up to date.

        Raises:
            StoreError: the folder cannot be written, or the database is broken, newer than this code, or out of reach.
        """
        try:
            settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)  # nobody else is to read it
            for folder in (settings.runs_dir, settings.datasets_dir, settings.inbox_dir):
                folder.mkdir(parents=True, exist_ok=True)
            if not os.access(settings.home, os.W_OK):
                raise PermissionError(13, "no permission to write")
        except OSError as error:
            raise StoreError(
                f"The workspace {settings.home} cannot be written ({error.strerror}). "
                "Set TRAINDECK_HOME to a folder that you may write."
            ) from error
        try:
            return cls(settings, open_database(settings.database_url))
        except FaultError as error:
            raise _explained(error, settings) from error
        except SchemaTooNewError as error:
            raise StoreError(
                f"The database {settings.shown_database_url} was written by a newer version of Traindeck "  # noqa: S608 - a sentence, no SQL
                f"(schema {error}). Update Traindeck, or set TRAINDECK_HOME to another folder; nothing was changed."
            ) from error
        except DatabaseError as error:
            raise _explained(error, settings, was_open=False) from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of the store. Raises StoreError."""
        try:
            with self.database.read() as session:
                yield session
        except DatabaseError as error:
            raise _explained(error, self.settings) from error

    @contextmanager
    def write(self, notify: bool = True) -> Iterator[Session]:
        """A short transaction: all of it is stored, or nothing; `notify` as in db.engine. Raises StoreError."""
        try:
            with self.database.write(notify) as session:
                yield session
        except DatabaseError as error:
            raise _explained(error, self.settings) from error

    @property
    def notice(self) -> str:
        """What has happened to the database that people should know though it works again; "" where nothing has."""
        return self.database.notice

    def check(self) -> None:
        """A light look: is the database still the one that was opened, does a server answer? Raises StoreError."""
        try:
            self.database.check()
            if not self.database.is_sqlite:
                with self.database.read() as session:
                    session.connection()
        except DatabaseError as error:
            raise _explained(error, self.settings) from error

    def compact(self) -> None:
        """Give the space of what was deleted back to the file system. Raises StoreError."""
        try:
            self.database.compact()
        except DatabaseError as error:
            raise _explained(error, self.settings) from error

    def close(self) -> None:
        self.database.dispose()


def keep_private(settings: Settings) -> None:
    """What this process and its children write from now on is for this user alone.

    In a folder that its group may write into, which somebody has made so, it is for that group as well.
    """
    try:
        is_shared = bool(settings.home.stat().st_mode & stat.S_IWGRP)
    except OSError:  # not there yet
        is_shared = False
    os.umask(0o007 if is_shared else 0o077)


def _explained(error: DatabaseError, settings: Settings, was_open: bool = True) -> StoreError:
    text = without_secrets(str(error), settings.database_url)
    where = f"The database {settings.shown_database_url}"
    if isinstance(error, FaultError):
        return StoreError(told(where, error.fault))
    if was_open and settings.database_file is None and re.search(r"(database|relation) .* does not exist", text):
        return StoreError(told(where, Fault.GONE, f"it was dropped, or never made ({text})"))
    if "psycopg" in text and "No module" in text:
        return StoreError(f"{where} needs a driver ({text}). Install it: pip install -r requirements-postgres.txt.")
    if "full" in text or "No space left" in text:
        return StoreFullError(
            f"{where} cannot grow: the disk is full ({text}). Free some space; nothing recorded was lost."
        )
    if "disk I/O error" in text:  # SQLite's for a full disk, too, where it is its log or its index that cannot grow
        return StoreFullError(
            f"{where} cannot be written: the disk is full or fails ({text}). Free some space, or look after the disk."
        )
    if "readonly" in text or "read-only" in text or "permission denied" in text:
        return StoreError(
            f"{where} is read-only ({text}). Give this user write permission, or set TRAINDECK_HOME to another folder."
        )
    if "not a database" in text or "malformed" in text:
        return StoreError(
            f"{where} is broken or not a database ({text}). Restore a copy, or move the file away to start a new one."
        )
    if settings.database_file is None and "connection" in text:
        return StoreError(
            f"{where} is out of reach: {text}. Check that its server runs, that its address, user, password and "
            "database are right (TRAINDECK_DB_URL), and that this host may connect; what waits to be stored is kept."
        )
    return StoreError(f"{where} cannot be used: {text}. Check the path or URL and that it can be reached and written.")
