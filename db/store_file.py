"""Keeps a process from reading and writing a SQLite file that is no longer the store it opened, and lets it go on when
the right one is back: the same file, or a copy of the same store in its place."""

import contextlib
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.errors import FaultError
from db.file_watch import Fault, FileWatch, is_whole, mark_of, uid_in

RESCUED = "Its write-ahead log was taken away while it was in use; what that held has been saved in the database."
LOST = (
    "Its write-ahead log was taken away while it was in use, and it goes on with a new one; what was stored in that "
    "moment may be missing."
)


class StoreFile:
    """Of one engine. Safe to share between threads."""

    def __init__(self, engine: sa.Engine, file: Path, uid: str, migrate: Callable[[], None]) -> None:
        """`migrate` brings the schema up to date, which an older copy may need. Raises OSError, sa.exc.DBAPIError."""
        self.generation = 0  # counts how often all connections were given up
        self.notice = ""  # what has happened to the file that people should know though all is well again
        self._engine, self._file, self._uid, self._migrate = engine, file, uid, migrate
        self._lock = threading.RLock()
        self._closed = False
        self._left: Fault | None = None  # because of which no connection is kept
        self._refused: tuple[int, ...] = ()  # what was last found not to be the store, or not whole
        self._keeper: Any = None  # a connection that keeps the log what it is, and in reach when that is taken away
        self._watch = FileWatch(file, mark_of(uid))
        self._hold()

    def check(self) -> None:
        """Before each transaction. Raises FaultError."""
        if self._closed or (self._watch.fault() is None and self._left is None):
            return
        with self._lock:
            self._deal_with(self._watch.fault())

    def close(self) -> None:
        """With the engine's connections."""
        with self._lock:
            self._give_up_connections()
            if not self._closed:
                self._closed = True
                if self._watch.fault() is Fault.REPLACED:
                    self._set_logs_aside()  # whoever begins with the other file next must not find them
                self._watch.close()

    def _deal_with(self, fault: Fault | None) -> None:
        """Return where all is well again."""
        match fault:
            case Fault.REPLACED:
                self._take_copy()
            case Fault.LOG_GONE if self._left is None:
                self._save_log()
            case Fault.TRUNCATED if self._left is None and self._is_whole():
                self._watch.is_sound_as_it_is()
            case None | Fault.LOG_GONE if self._left is not None:
                self._return()
            case Fault.TRUNCATED | Fault.OVERWRITTEN:
                # Now, not later: SQLite writes its log into the file when it closes it, and a copy may soon be there.
                if self._left is None:
                    self._left = fault
                    self._give_up_connections()
                raise FaultError(fault)
            case Fault():  # gone: the same file may come back, and with it all that is open is right again
                raise FaultError(fault)

    def _take_copy(self) -> None:
        """Go on with the file that has come in the place of the one that was opened, if it is of the same store."""
        self._refuse_unless(Fault.REPLACED, lambda: uid_in(self._file) == self._uid)
        self._give_up_connections()
        self._set_logs_aside()
        self._begin_anew()

    def _return(self) -> None:
        """The file has been put right in its place."""
        self._refuse_unless(Fault.DAMAGED, lambda: uid_in(self._file) == self._uid)
        self._set_logs_aside()
        self._begin_anew()

    def _save_log(self) -> None:
        """Take what the log held into the file, if nobody has begun a new one, and begin a new one."""
        if not any(log.exists() for log in self._watch.lost_logs) and self._keeper is not None:
            try:
                busy, *_ = self._keeper.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except self._sqlite_error:
                busy = 1
            if busy:
                raise FaultError(Fault.LOG_GONE)
            self.notice = RESCUED
        else:
            self.notice = LOST
        self._give_up_connections()
        self._begin_anew()

    def _set_logs_aside(self) -> None:
        with _alone(self._file.parent):
            self._watch.set_logs_aside()

    def _refuse_unless(self, fault: Fault, is_right: Callable[[], bool]) -> None:
        """Looking into a file is no light work: it is done once for each state of it. Raises FaultError."""
        try:
            found = self._file.stat()
        except OSError:
            raise FaultError(Fault.GONE) from None
        state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        if state == self._refused or not is_right():
            self._refused = state
            raise FaultError(fault)

    def _begin_anew(self) -> None:
        """With the file that is there now. Raises FaultError."""
        try:
            watch = FileWatch(self._file, mark_of(self._uid))
        except OSError:
            raise FaultError(Fault.GONE) from None
        self._watch.close()
        self._watch = watch
        self._left, self._refused = None, ()
        self._migrate()
        self._hold()

    def _hold(self) -> None:
        pooled = self._engine.raw_connection()
        self._keeper = pooled.driver_connection
        pooled.detach()  # it is this object's own from now on
        self._keeper.execute("SELECT uid FROM store").fetchall()  # opens the log
        self._watch.fault()

    def _give_up_connections(self) -> None:
        if self._keeper is not None:
            with contextlib.suppress(self._sqlite_error):
                self._keeper.close()
        self._keeper = None
        self._engine.dispose()
        self.generation += 1

    def _is_whole(self) -> bool:
        return self._file.stat().st_size > 0 and self._keeper is not None and is_whole(self._keeper)

    @property
    def _sqlite_error(self) -> type[Exception]:
        error: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        return error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Several processes notice the same at the same moment."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
