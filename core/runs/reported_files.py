"""Files that the package `traindeck` sends: in pieces first, then named by a line of its spool, and put in place.

A piece says where in its file it begins, as lines do in their spool: one that comes again adds nothing.
"""

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from core.common.context import Context
from core.common.errors import DataError, StateError, StoreFullError, TooLargeError
from core.common.text import quoted
from core.runs import logged
from core.runs.control import BEST_CHECKPOINT
from core.runs.media_files import MOST_ITEMS, GivenMedia, decoded, place
from core.runs.sent_files import OffsetError
from db.media import MediaRecord
from db.records import ArtifactRecord, RunRecord

INCOMING, ARTIFACTS = "incoming", "artifacts"  # in a run's folder
_KEY = re.compile(r"[0-9a-f]{32}")
_MEGABYTE = 1024**2


@dataclass(frozen=True)
class NamedFile:
    """A file that a line names: the key that it was sent by, and its size in bytes."""

    path: str  # among the run's artifacts
    key: str
    size: int
    facts: dict[str, Any] | None = None  # of a checkpoint

    @classmethod
    def read(cls, path: Any, told: Any, facts: Any = None) -> "NamedFile":
        """Raises ValueError, TypeError, KeyError."""
        key, size = str(told["file"]), int(told["size"])
        if not _KEY.fullmatch(key) or size < 0:
            raise ValueError("a file has a key of 32 hexadecimal digits, and a size")
        return cls(safe_path(str(path)), key, size, None if facts is None else dict(facts))


@dataclass
class Placed:
    """What was put into the run's folder and has to be noted."""

    media: list[MediaRecord] = field(default_factory=list)
    artifacts: list[ArtifactRecord] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def safe_path(path: str) -> str:
    """Within a folder, without control characters. Raises ValueError: nothing is left of it."""
    parts = [part for part in PurePosixPath(path.replace("\\", "/")).parts if part not in ("/", ".", "..")]
    clean = ["".join(c if c.isprintable() else "_" for c in part) for part in parts]
    short = [part.encode("utf-8", "replace")[:200].decode(errors="ignore") for part in clean]
    if not short or sum(map(len, short)) > 1000:
        raise ValueError(f"{quoted(path)} is no path of a file")
    return "/".join(short)


def receive_piece(context: Context, run: RunRecord, key: str, position: int, body: bytes, sha256: str = "") -> int:
    """Keep a piece of a file that a line will name; returns how many bytes of the file are there.

    Args:
        sha256: of the piece, 64 hexadecimal digits; "" where it is not told.

    Raises:
        NotFoundError, ForbiddenError
        StateError: it is no logged run, or the piece came damaged; OffsetError: what comes before is not here.
        TooLargeError, StoreFullError: nothing was kept of the piece.
    """
    logged.hear(context, run.id)
    settings = context.workspace.settings
    if position + len(body) > settings.max_upload_mb * _MEGABYTE:
        most = f"at most {settings.max_upload_mb:,} MB are taken (TRAINDECK_MAX_UPLOAD_MB)"
        raise TooLargeError(f"The file is too large: {most}. Keep it elsewhere, and log where that is.")
    if sha256 and hashlib.sha256(body).hexdigest() != sha256:
        raise StateError("The piece has another SHA-256 than was told: it came damaged. Send it again.")
    path = settings.run_dir(run.id) / INCOMING / key
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            known = os.fstat(file.fileno()).st_size
            if position > known:
                raise OffsetError(position, known)
            left = memoryview(body)[known - position :]
            while left:
                left = left[os.write(file.fileno(), left) :]
            return max(known, position + len(body))
    except OSError as error:
        raise StoreFullError(f"The file could not be written: {error.strerror or error}. Free some space.") from error


def read_media(rest: list[Any]) -> GivenMedia:
    """Of a line ["media", step, time, kind, name, number, ending, caption, {"data": base64} or {"file": key, …}].

    Raises:
        ValueError, TypeError, KeyError, DataError
    """
    step, at, kind, name, number, suffix, caption, told = rest
    content = decoded(told["data"]) if "data" in told else Path(NamedFile.read("media", told).key)
    texts = (str(suffix), content, str(caption))
    return GivenMedia(str(kind), str(name), int(step), int(number), float(at), *texts, isinstance(content, Path))


def put_in_place(
    folder: Path,
    run_id: int,
    incoming: Path,
    media: Iterable[GivenMedia],
    artifacts: Iterable[NamedFile],
    checkpoints: Iterable[NamedFile],
    known: int = 0,
) -> Placed:
    """Give what a piece's lines name its place in a run's folder.

    Args:
        incoming: the folder with files by their keys.
        known: how many media the run has.

    Raises:
        StoreFullError
    """
    placed = Placed()
    try:
        for item in media:
            if known + len(placed.media) >= MOST_ITEMS:
                placed.problems.append(f"{quoted(item.name)} is left out: a run has at most {MOST_ITEMS:,} media.")
                break
            _place_media(folder, run_id, incoming, item, placed)
        for named in artifacts:
            target = folder / ARTIFACTS / named.path
            if _move(incoming / named.key, target, named, placed):
                placed.artifacts.append(_record(run_id, folder, target, named.path, "logged"))
        _place_checkpoint(folder, run_id, incoming, list(checkpoints), placed)
    except OSError as error:
        raise StoreFullError(f"A file could not be written: {error.strerror or error}. Free some space.") from error
    return placed


def _place_media(folder: Path, run_id: int, incoming: Path, item: GivenMedia, placed: Placed) -> None:
    if isinstance(item.content, Path):
        item = replace(item, content=incoming / item.content)
    try:
        placed.media.append(place(folder, run_id, item)[0])
    except DataError as error:
        placed.problems.append(str(error))


def _place_checkpoint(folder: Path, run_id: int, incoming: Path, found: list[NamedFile], placed: Placed) -> None:
    """The last one that was sent: a script keeps only its best so far, and removes those before it."""
    sent = [each for each in found if (incoming / each.key).exists()]
    for named in sent[:-1]:
        (incoming / named.key).unlink()
    for named in (sent or found)[-1:]:
        target = folder / "checkpoints" / BEST_CHECKPOINT
        if _move(incoming / named.key, target, named, placed):
            placed.artifacts.append(_record(run_id, folder, target, target.name, "checkpoint"))
            placed.facts |= {"checkpoint": named.facts or {}}


def _move(source: Path, target: Path, named: NamedFile, placed: Placed) -> bool:
    """Whether the file is where it belongs, now or since an earlier try."""
    if source.exists():
        if source.stat().st_size != named.size:
            source.unlink()
            placed.problems.append(f"{quoted(named.path)} came damaged, and is left out.")
            return False
        if target.is_dir():
            placed.problems.append(f"{quoted(named.path)} is a folder of the run already. Take another name.")
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        return True
    if target.is_file() and target.stat().st_size == named.size:
        return True
    placed.problems.append(f"The file of {quoted(named.path)} was not received.")
    return False


def _record(run_id: int, folder: Path, target: Path, name: str, kind: str) -> ArtifactRecord:
    inside = target.relative_to(folder).as_posix()
    return ArtifactRecord(run_id, name, kind, inside, target.stat().st_size, time.time())
