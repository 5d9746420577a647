"""What a run reports, as lines of a file: written by the script at once, sent from there by whoever comes first.

A folder a run: `begin.json` says what run it is and where it belongs, `lines.jsonl` has what was logged, `lines.sent`
how many bytes of that the server has, and `file_lines` are the same for lines that name files. While the script lives,
it holds a lock on the lines.
"""

import contextlib
import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from .spooled_files import FILES

LINES, FILE_LINES = "lines.jsonl", "file_lines.jsonl"  # the latter name files, and wait for these to be sent
BEGIN, SENDING = "begin.json", "sending.lock"
MOST_BYTES = 512 * 1024  # that are sent at a time


def spool_folder() -> Path:
    """Of all runs of this user on this host."""
    given = os.environ.get("TRAINDECK_SPOOL")
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(given or Path(cache) / "traindeck" / "spool").expanduser()


class Writer:
    """The script's end: a line is with the system, and so outlives the script, as soon as `add` returns."""

    def __init__(self, file: Path) -> None:
        """Raises OSError."""
        self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def add(self, line: str) -> None:
        """One line, without its end. Raises OSError: nothing of it is kept, and the next one may be."""
        whole = f"{line}\n".encode()
        written = os.write(self._descriptor, whole)
        if written < len(whole):  # the disk is full: what follows half a line could not be read
            end = os.fstat(self._descriptor).st_size
            if os.pread(self._descriptor, written, end - written) == whole[:written]:
                os.ftruncate(self._descriptor, end - written)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        os.close(self._descriptor)


class Spooled:
    """The sender's end of one run's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sent: dict[str, int] = {}  # by file, for a disk that takes no note of it

    @classmethod
    def make(cls, folder: Path, begin: dict[str, Any]) -> "Spooled":
        """Raises OSError."""
        folder.mkdir(mode=0o700, parents=True)
        (folder / BEGIN).write_text(json.dumps(begin), encoding="utf-8")
        return cls(folder)

    @property
    def begin(self) -> dict[str, Any]:
        """Raises OSError, ValueError."""
        found: dict[str, Any] = json.loads((self.folder / BEGIN).read_text(encoding="utf-8"))
        return found

    def sent(self, of: str = LINES) -> int:
        """Bytes that the server has."""
        noted = 0
        with contextlib.suppress(OSError, ValueError):
            noted = int((self.folder / of).with_suffix(".sent").read_text())
        return max(noted, self._sent.get(of, 0))

    def put_sent(self, position: int, of: str = LINES) -> None:
        """Where that cannot be noted, the next sender sends again what the server has, which tells it so."""
        self._sent[of] = position
        new = self.folder / "sent.new"
        with contextlib.suppress(OSError):
            new.write_text(str(position))
            new.replace((self.folder / of).with_suffix(".sent"))

    def unsent(self, of: str = LINES) -> bytes:
        """Whole lines that the server does not have, as many as go at a time; b"" when there is none."""
        with contextlib.suppress(FileNotFoundError), (self.folder / of).open("rb") as lines:
            lines.seek(self.sent(of))
            piece = lines.read(MOST_BYTES)
            return piece[: piece.rfind(b"\n") + 1]
        return b""

    @property
    def files(self) -> Path:
        return self.folder / FILES

    @property
    def is_written(self) -> bool:
        """Whether its script lives, and may write more."""
        with contextlib.suppress(FileNotFoundError), (self.folder / LINES).open("rb") as lines:
            return not _locked(lines)
        return False

    @contextlib.contextmanager
    def sending(self) -> Iterator[bool]:
        """Whether nobody else sends it; nobody else does meanwhile then."""
        with (self.folder / SENDING).open("ab") as file:
            yield _locked(file)

    def remove(self) -> None:
        """All of it has been sent."""
        shutil.rmtree(self.folder / FILES, ignore_errors=True)
        for of in (LINES, FILE_LINES):
            (self.folder / of).unlink(missing_ok=True)
            (self.folder / of).with_suffix(".sent").unlink(missing_ok=True)
        for file in (SENDING, BEGIN, "sent.new"):
            (self.folder / file).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something else lies there
            self.folder.rmdir()


def _locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
