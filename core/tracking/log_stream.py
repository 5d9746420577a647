"""Standard output and error that never raise, and that say what of them was lost."""

import contextlib
import errno
import io
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from core.tracking.log_size import keep_small

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

FULL = (errno.ENOSPC, errno.EDQUOT)
_LOOK_BYTES = 64 * 1024  # written between two looks at the size of the log


class LogStream(io.BufferedIOBase):
    """The end of a descriptor. What cannot be written is counted by lines, and the next that can be tells the count.

    Safe to share between threads. A child process that was forked goes on with a copy.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.RLock()  # a signal's handler may want to tell something, too
        self.begin(None)

    def begin(self, log: Path | None) -> None:
        """The descriptor leads elsewhere now: to this log, which is kept small; None where its size is not ours."""
        self._log = log
        self._lost = 0  # lines
        self._why: OSError | None = None
        self._torn = False  # the last line that was written has no end
        self._since = 0  # bytes, since the last look at the log's size

    @property
    def name(self) -> int:
        """As that of Python's own files that were opened by their descriptor."""
        return self._descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def write(self, data: "ReadableBuffer") -> int:
        given = bytes(data)
        with self._lock:
            try:
                if self._lost:
                    self._put(self._told().encode())
                    self._lost = 0
                self._put(given)
            except OSError as error:
                self._lost += max(1, given.count(b"\n"))
                self._why = error
            self._since += len(given)
            if self._log is not None and self._since > _LOOK_BYTES:
                self._since = 0
                keep_small(self._log)
        return len(given)

    def _told(self) -> str:
        lines = "1 line was" if self._lost == 1 else f"{self._lost:,} lines were"
        full = self._why is not None and self._why.errno in FULL
        why = "while the disk was full" if full else f"here: {self._why.strerror if self._why else ''}"
        return f"{chr(10) * self._torn}{lines} lost {why}.\n"

    def _put(self, data: bytes) -> None:
        """Raises OSError, after a part of it where there was room for a part."""
        left = memoryview(data)
        while left:
            written = os.write(self._descriptor, left)
            self._torn = left[written - 1] != ord("\n")
            left = left[written:]


def guard_output() -> None:
    """From now on, no line that this process or a library prints can end it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None or isinstance(getattr(stream, "buffer", None), LogStream):
            continue
        try:
            descriptor = stream.fileno()
            stream.flush()
        except (OSError, ValueError):  # in memory, as within a test; or it has failed already
            continue
        guarded = io.TextIOWrapper(LogStream(descriptor), stream.encoding, "backslashreplace", line_buffering=True)
        setattr(sys, name, guarded)


def log_to(log: Path) -> None:
    """Standard output and error to the end of this file, which is made, and from now on kept small. Raises OSError."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    for stream in (sys.stdout, sys.stderr):
        raw = getattr(stream, "buffer", None)
        if isinstance(raw, LogStream):
            raw.begin(log)
