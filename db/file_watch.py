"""Whether the file of a SQLite database is still the one that was opened: a few looks at names and 100 of its bytes.

SQLite itself writes on into a file that was deleted, and into a log that others no longer see, without a word.
"""

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

MAGIC = b"SQLite format 3\0"
_HEADER = 100  # bytes
_MARK = slice(68, 72)  # of the header: what SQLite calls the application id
_LASTS = 2.0  # seconds; while SQLite takes its log into the file, its header may be ahead of its length


# Immutable: without the log beside it, which may be that of another file.
_LOOK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], uri=True)
[uid] = connection.execute("SELECT uid FROM store").fetchone()
print(uid if connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)] else "")
"""


class Fault(StrEnum):
    GONE = "gone"
    REPLACED = "replaced"
    OVERWRITTEN = "overwritten"
    TRUNCATED = "truncated"
    LOG_GONE = "log gone"
    DAMAGED = "damaged"


class Identity(NamedTuple):
    """Of a file, whatever its name: two that exist at the same time never have the same."""

    device: int
    inode: int

    @classmethod
    def of(cls, file: Path) -> "Identity | None":
        """None where there is no such file."""
        try:
            found = file.stat()
        except OSError:
            return None
        return cls(found.st_dev, found.st_ino)


class _Handles:
    """One descriptor a file, however often it is watched in this process.

    Closing any descriptor of a file gives back all the locks that the process has on it, SQLite's as well: so none is
    closed while somebody watches the file.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Identity, tuple[int, int]] = {}  # descriptor, and how many use it

    def take(self, file: Path) -> tuple[Identity, int]:
        """Raises OSError."""
        with self._lock:
            found = file.stat()
            identity = Identity(found.st_dev, found.st_ino)
            descriptor, users = self._open.get(identity) or (os.open(file, os.O_RDONLY | os.O_CLOEXEC), 0)
            self._open[identity] = descriptor, users + 1
            return identity, descriptor

    def give_back(self, identity: Identity) -> None:
        with self._lock:
            descriptor, users = self._open.pop(identity)
            if users > 1:
                self._open[identity] = descriptor, users - 1
            else:
                os.close(descriptor)


_HANDLES = _Handles()


def hold(file: Path) -> Identity | None:
    """Until `let_go`, no look at the file that ends takes SQLite's locks on it away; None where there is no file."""
    try:
        return _HANDLES.take(file)[0]
    except OSError:
        return None


def let_go(held: Identity) -> None:
    """Of what `hold` gave, once for each."""
    _HANDLES.give_back(held)


class FileWatch:
    """Of one file, from when it is made to `close`."""

    def __init__(self, file: Path, mark: int) -> None:
        """`mark`: the number in the header that tells this store from others, see `mark_of`. Raises OSError."""
        self.file = file
        self._mark = mark
        self._logs = [file.with_name(f"{file.name}-{end}") for end in ("wal", "shm")]
        self._known: dict[Path, Identity] = {}  # of the logs; they are held, so that no later one has their numbers
        self._identity, self._descriptor = _HANDLES.take(file)
        self._marked = False  # once the header has the mark it keeps it; it comes with the log
        self._short_since: float | None = None
        self._sound: set[tuple[int, int]] = set()  # lengths that SQLite found right, whatever the header says

    def close(self) -> None:
        """Once no connection is open."""
        for identity in (self._identity, *self._known.values()):
            _HANDLES.give_back(identity)

    def fault(self) -> Fault | None:
        """What has become of the file, None when all is well. Costs some microseconds."""
        try:
            found = self.file.stat()
        except OSError:
            return Fault.GONE
        if (found.st_dev, found.st_ino) != self._identity:
            return Fault.REPLACED
        try:
            header = os.pread(self._descriptor, _HEADER, 0)
        except OSError:  # the disk fails; or another thread has just given this watch up
            return Fault.DAMAGED
        if len(header) < _HEADER:
            return Fault.TRUNCATED
        if not header.startswith(MAGIC) or not self._is_marked(header):
            return Fault.OVERWRITTEN
        if self._is_short(header, found.st_size):
            return Fault.TRUNCATED
        return Fault.LOG_GONE if self._has_lost_log() else None

    def _is_marked(self, header: bytes) -> bool:
        found = int.from_bytes(header[_MARK], "big")
        self._marked = self._marked or found == self._mark
        return found == self._mark or (not self._marked and found == 0)

    def _is_short(self, header: bytes, size: int) -> bool:
        """Whether pages are missing at the end, for longer than it takes SQLite to write them."""
        wanted = _told_size(header)
        if size >= wanted or (size, wanted) in self._sound:
            self._short_since = None
            return False
        now = time.monotonic()
        self._short_since = now if self._short_since is None else self._short_since
        return now - self._short_since > _LASTS

    def is_sound_as_it_is(self) -> None:
        """SQLite has found a file that looked short to be whole, as when a process was killed while it wrote."""
        header, size = os.pread(self._descriptor, _HEADER, 0), os.fstat(self._descriptor).st_size
        self._sound.add((size, _told_size(header)))

    def _has_lost_log(self) -> bool:
        """While a connection is open its log stays what it is, unless somebody takes it away."""
        lost = False
        for log in self._logs:
            if log in self._known:
                lost = lost or Identity.of(log) != self._known[log]
                continue
            with contextlib.suppress(OSError):
                self._known[log] = _HANDLES.take(log)[0]
        return lost

    @property
    def lost_logs(self) -> list[Path]:
        """Those of the logs that were taken away; another may be in the place of each."""
        return [log for log, known in self._known.items() if Identity.of(log) != known]

    def set_logs_aside(self) -> None:
        """What belongs to a file that is gone must not be taken into the one that has come in its place."""
        for log, known in self._known.items():
            if Identity.of(log) == known:
                log.rename(log.with_name(f"{log.name}.of-a-lost-database"))


def _told_size(header: bytes) -> int:
    """Bytes of the whole file, as it says itself."""
    page = int.from_bytes(header[16:18], "big")
    return int.from_bytes(header[28:32], "big") * (65536 if page == 1 else page)


def at_first_sight(file: Path, uid: str) -> Fault | None:
    """What is wrong with a file that others have open as that of this store, "" for one that is not known."""
    try:
        identity, descriptor = _HANDLES.take(file)
    except OSError:
        return Fault.GONE
    try:
        header = os.pread(descriptor, _HEADER, 0)
    finally:
        _HANDLES.give_back(identity)
    if not header:
        return Fault.TRUNCATED
    if not header.startswith(MAGIC):
        return Fault.OVERWRITTEN
    found = int.from_bytes(header[_MARK], "big")
    return Fault.REPLACED if uid and found not in (0, mark_of(uid)) else None


def mark_of(uid: str) -> int:
    """The number that stands for a store in the header of its file: 31 bits, never 0."""
    return int(uid[:8], 16) % (2**31 - 1) + 1


def uid_in(file: Path) -> str | None:
    """The id of the store in this file, None where there is none to read, or pages are missing or broken.

    By a process of its own: SQLite's locks on a file are the whole process's, and end with the first look that ends.
    """
    try:
        command = [sys.executable, "-I", "-c", _LOOK, f"{file.absolute().as_uri()}?immutable=1"]
        told = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    except (OSError, subprocess.CalledProcessError):
        return None
    return told.stdout.strip() or None


def is_whole(connection: sqlite3.Connection) -> bool:
    """By a look at all pages, though not at what is in them."""
    try:
        found: Iterable[tuple[str]] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error:
        return False
    return list(found) == [("ok",)]
