"""How large a log may grow: past that, its middle is left out, and a line says so."""

import contextlib
import fcntl
import os
import re
from pathlib import Path

MOST_BYTES = 16 * 2**20
HEAD_BYTES = 256 * 2**10  # of its beginning, which says what was run where
_NOTE = re.compile(rb"^\[([\d,]+) lines were left out here\..*\n", re.MULTILINE)
_MOST_NOTE = 200  # bytes


def keep_small(log: Path, most: int = MOST_BYTES, head: int = HEAD_BYTES) -> None:
    """Cut a log that has more than `most` bytes down to its beginning and as much of its end as half of `most`.

    Whoever writes it has to append (O_APPEND), and may go on meanwhile; a line that comes at the very moment of the cut
    can be lost. Does nothing where it cannot be done.
    """
    with contextlib.suppress(OSError):
        if log.stat().st_size <= most:
            return
        with log.open("r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # else another process is about to do it
            size = os.fstat(file.fileno()).st_size
            if size > most:
                _cut(file.fileno(), size, most // 2, head)


def _cut(log: int, size: int, most: int, head: int) -> None:
    beginning, before = _beginning(os.pread(log, head + _MOST_NOTE, 0), head)
    end = os.pread(log, most, size - most)
    end = end[end.find(b"\n") + 1 :]
    dropped = before + _lines(log, len(beginning), size - len(end)) - (1 if before else 0)
    note = f"[{dropped:,} lines were left out here. A log keeps its beginning and its end.]\n".encode()
    os.truncate(log, len(beginning))  # first: on a disk that is full this makes the room for what follows
    # Appended, as what others write is: nobody's lines are overwritten.
    fcntl.fcntl(log, fcntl.F_SETFL, fcntl.fcntl(log, fcntl.F_GETFL) | os.O_APPEND)
    os.write(log, note + end)


def _beginning(read: bytes, head: int) -> tuple[bytes, int]:
    """Whole lines that stay, and how many an earlier cut left out behind them."""
    if found := _NOTE.search(read):
        return read[: found.start()], int(found[1].replace(b",", b""))
    return read[: read.rfind(b"\n", 0, head) + 1], 0


def _lines(log: int, start: int, stop: int) -> int:
    """Lines that end between two places of the file."""
    found = 0
    for place in range(start, stop, 2**20):
        found += os.pread(log, min(2**20, stop - place), place).count(b"\n")
    return found
