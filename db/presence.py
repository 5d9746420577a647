"""Who has the file of a SQLite database open, told by a lock beside it that the system gives back when a process ends.

An empty database is made where there is none, for a new workspace. Where somebody has one open whose file has vanished,
an empty one in its place would hide that: it is refused.
"""

import contextlib
import fcntl
import os
from pathlib import Path

from db.errors import FaultError
from db.file_watch import Fault, Identity, at_first_sight, hold, let_go

_UID = 32  # characters
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC


class Presence:
    """Shared by all that have the database open; whoever may have to make it has it alone meanwhile."""

    def __init__(self, file: Path) -> None:
        """Waits for another that is just making the database.

        Raises:
            FaultError: others have it open, and what is in its place is not the same, or nothing.
        """
        self._descriptor: int | None = None
        # Where it cannot be made, as in a folder that may not be written, the database says so itself.
        with contextlib.suppress(OSError):
            self._descriptor = None if file.is_dir() else os.open(f"{file}.lock", _FLAGS, 0o666)
        self._alone = self._descriptor is None or self._is_alone()
        self._held: Identity | None = hold(file)
        self._file = file
        # Before SQLite opens the file: it would take what is left in the log of the right one into another.
        fault = None if self._alone else at_first_sight(file, self._told())
        if fault is not None:
            self.leave()
            raise FaultError(fault)

    def _is_alone(self) -> bool:
        assert self._descriptor is not None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._share()
            return False
        except OSError:  # a file system without locks
            return True
        return True

    def share(self, uid: str) -> None:
        """The database is made, if it had to be, and has this id. Raises FaultError when others have another open."""
        self._held = self._held or hold(self._file)  # before another thread may look at it
        if self._descriptor is None:
            return
        if self._alone:
            with contextlib.suppress(OSError):  # a full disk
                os.ftruncate(self._descriptor, 0)
                os.pwrite(self._descriptor, uid.encode(), 0)
            self._share()
        elif self._told() not in ("", uid):
            raise FaultError(Fault.REPLACED)

    def _told(self) -> str:
        """The id of the store that the others have open, "" where they could not tell it."""
        told = os.pread(self._descriptor, 100, 0).decode(errors="replace") if self._descriptor is not None else ""
        return told if len(told) == _UID and set(told) <= set("0123456789abcdef") else ""

    def _share(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Once no connection is open."""
        if self._held is not None:
            let_go(self._held)
            self._held = None
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
