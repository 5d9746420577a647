"""Putting media into a run's folder, whoever brings them: a client, a script's event files, another tool's store."""

import base64
import binascii
import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.common.errors import DataError
from core.common.text import quoted
from core.common.whole_files import write_whole
from core.runs.media import KINDS
from db.media import MediaRecord

FOLDER = "media"  # in a run's folder
MOST_ITEMS = 100_000  # of a run
MOST_BYTES = 64 * 2**20  # of one of them
MAX_NAME = 250  # characters
MAX_CAPTION = 1000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class GivenMedia:
    """Something to show; `content` is a file, which is moved where `is_ours`, or its bytes."""

    kind: str
    name: str
    step: int
    number: int
    at: float
    suffix: str
    content: bytes | Path
    caption: str = ""
    is_ours: bool = False

    def __post_init__(self) -> None:
        """Raises DataError, UnicodeEncodeError."""
        if self.kind not in KINDS:
            raise DataError(f"{quoted(self.kind)} is no kind of media; accepted are {', '.join(KINDS)}.")
        if self.suffix not in KINDS[self.kind]:
            accepted = ", ".join(KINDS[self.kind])
            raise DataError(f"A file {quoted(self.suffix)} is no {self.kind}; accepted are {accepted}.")
        if not 0 < len(self.name) <= MAX_NAME or "\0" in self.name:
            raise DataError(f"A name has 1 to {MAX_NAME} characters, none of them NUL; received {quoted(self.name)}.")
        for text in (self.name, self.caption):
            text.encode()
        if not -(2**63) <= self.step < 2**63 or not 0 <= self.number < 2**31:
            raise DataError(f"Steps have 64 bits and numbers 31; received {self.step} and {self.number}.")

    @property
    def path(self) -> str:
        """Where in the run's folder it lies."""
        name = _UNSAFE.sub("_", self.name).lstrip(".")[:60]
        if name != self.name:
            name += f"-{hashlib.sha256(self.name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
        return f"{FOLDER}/{self.kind}/{name}/{self.step}-{self.number}{self.suffix}"

    def record(self, run_id: int, size: int) -> MediaRecord:
        at = (self.kind, self.name, self.step, self.number)
        return MediaRecord(run_id, *at, self.path, size, self.at, self.caption[:MAX_CAPTION])


def place(folder: Path, run_id: int, item: GivenMedia) -> tuple[MediaRecord, bool]:
    """Have it lie in a run's folder; says whether it is new there. One that was moved before is taken as it is.

    Raises:
        DataError: too large, or its file is not there.
        OSError
    """
    target = folder / item.path
    size = _size(item, target)
    if size > MOST_BYTES:
        raise DataError(f"{quoted(item.name)} has {size:,} bytes; at most {MOST_BYTES // 2**20} MiB are taken.")
    moved_before = item.is_ours and isinstance(item.content, Path) and not item.content.exists()
    same = not item.is_ours and target.is_file() and target.stat().st_size == size
    if moved_before or (same and _digest(item.content) == _digest(target)):
        return item.record(run_id, size), False
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(item.content, Path) and item.is_ours:
        item.content.replace(target)
    else:
        write_whole(target, lambda path: _write(path, item.content))
    return item.record(run_id, size), True


def _size(item: GivenMedia, target: Path) -> int:
    """Raises DataError."""
    if isinstance(item.content, bytes):
        return len(item.content)
    for path in (item.content, target):
        if path.is_file():
            return path.stat().st_size
    raise DataError(f"The file of {quoted(item.name)} at step {item.step:,} was not received.")


def _digest(content: bytes | Path) -> bytes:
    return hashlib.sha256(content if isinstance(content, bytes) else content.read_bytes()).digest()


def _write(path: Path, content: bytes | Path) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        shutil.copyfile(content, path)


def decoded(text: Any) -> bytes:
    """Of base64. Raises ValueError."""
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error as error:
        raise ValueError(f"what it holds is no base64: {error}") from error
