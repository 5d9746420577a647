"""Files that clients send to the runs that they report: whole, or part by part, so that one cut off goes on later.

Parts come in order. What has come of a file lies beside its run's files until the last byte is there; then it is
checked, if its sum was told, and takes its place in one step.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import db.reported
import db.runs
from core.common.context import Context
from core.common.errors import DataError, NotFoundError, StateError, StoreFullError, TooLargeError
from core.common.text import quoted
from core.runs import logged
from core.runs.kinds import LOGGED
from core.runs.permissions import Action, require
from core.runs.reading import get
from db.records import ArtifactRecord, RunRecord

FOLDER = "artifacts"  # of a run's folder: what clients sent
OTHERS = "mlflow_artifacts"  # in the workspace: what clients of MLflow sent that is of no run, as logged models
_PARTS = ".uploads"  # beside it: what has come of files
_KEPT_SECONDS = 24 * 3600.0  # that a file may lie there with nothing more coming
_PIECE = 2**20  # bytes that are written at once
_MEGABYTE = 2**20


class OffsetError(StateError):
    """A part does not begin where the last one ended, at byte `offset`."""

    def __init__(self, received: int, offset: int) -> None:
        self.offset = offset
        super().__init__(f"The part begins at byte {received:,}; {offset:,} bytes are here. Send on from there.")


@dataclass(frozen=True)
class Part:
    """Where what comes stands in the whole file, in bytes; `total` of a file that comes at once is None."""

    start: int = 0
    total: int | None = None


@dataclass(frozen=True)
class Sent:
    """How much of a file is here, in bytes; `artifact` once it is complete."""

    offset: int
    total: int | None
    artifact: ArtifactRecord | None = None
    is_new: bool = False


async def receive_file(
    context: Context, run_id: int, path: str, part: Part, pieces: AsyncIterator[bytes], sha256: str = ""
) -> Sent:
    """Write what comes of a file, to replace the one of this path once it is complete; `path` is that within FOLDER.

    Args:
        sha256: of the whole file, 64 hexadecimal digits; "" where it is not told.

    Raises:
        NotFoundError, ForbiddenError
        StateError: the run is Traindeck's own, or another request is just sending this file; OffsetError.
        DataError: no path of a file, too large, longer than told, or of another sum: then nothing of it is kept.
        StoreFullError: it cannot be written.
    """
    target = await asyncio.to_thread(_target, context, run_id, path)
    most = context.workspace.settings.max_upload_mb * _MEGABYTE
    if (part.total or 0) > most:
        raise _too_large(most)
    try:
        with _open_part(context, run_id, path, part) as file:
            end = most if part.total is None else part.total
            offset = await _append(file, part.start, end, pieces, whole=part.total is None)
            if part.total is not None and offset < part.total:
                return Sent(offset, part.total)
            if sha256 and await asyncio.to_thread(_sum, file) != sha256:
                file.truncate(0)
                raise DataError("The file has another SHA-256 than was told. Nothing was kept; send it again.")
            is_new = not target.exists()
            artifact = await asyncio.to_thread(_place, context, run_id, path, Path(file.name), target)
            return Sent(offset, part.total, artifact, is_new)
    except OSError as error:
        raise StoreFullError(f"The file could not be written: {error.strerror or error}. Free some space.") from error


def received(context: Context, run_id: int, path: str, total: int) -> int:
    """How many bytes of a file are here that comes in parts; 0 of one that nobody has begun to send.

    Raises NotFoundError; DataError: no path of a file.
    """
    get(context, run_id)
    try:
        return _part_file(context, run_id, _clean(path), total).stat().st_size
    except OSError:
        return 0


def remove_file(context: Context, run_id: int, path: str) -> None:
    """A file that a client sent. Raises NotFoundError, ForbiddenError, StateError, DataError."""
    target = _target(context, run_id, path)
    if not target.is_file():
        raise NotFoundError(f"Run {run_id} has no file {quoted(path)}.")
    target.unlink()
    with context.workspace.write() as session:
        db.runs.remove_artifacts(session, run_id, f"{FOLDER}/{_clean(path)}")


def _clean(path: str) -> str:
    """Raises DataError: it leads elsewhere, or no file can have such a name."""
    parts = path.split("/")
    odd = any(part in ("", ".", "..") or len(part.encode()) > 255 for part in parts)
    if odd or "\\" in path or any(ord(sign) < 32 for sign in path) or len(path.encode()) > 1000:
        raise DataError(
            f"{quoted(path)} is no path of a file; accepted are names with / between them, without . and .. "
            "and control characters, of at most 255 bytes each and 1,000 together."
        )
    return path


def _target(context: Context, run_id: int, path: str) -> Path:
    run = get(context, run_id)
    require(context, Action.REPORT, run)
    _require_open(run)
    root = context.workspace.settings.run_dir(run_id) / FOLDER
    target = root / _clean(path)
    resolved = target.resolve()
    if not resolved.is_relative_to(root.resolve()) or resolved.is_dir():
        raise DataError(f"{quoted(path)} is a folder, or leads elsewhere. Give the file another name.")
    return target


def _require_open(run: RunRecord) -> None:
    if run.kind != LOGGED.name:
        raise StateError(
            f"Run {run.id} is trained by Traindeck itself, which alone writes its files. Begin a run of your own."
        )
    if run.trashed_at is not None or run.deleting_at is not None:
        raise StateError(f"Run {run.id} is in the trash. Take it out first.")


def _part_file(context: Context, run_id: int, path: str, total: int | None) -> Path:
    name = hashlib.sha256(f"{total} {path}".encode()).hexdigest()[:32]
    return context.workspace.settings.run_dir(run_id) / _PARTS / name


@contextmanager
def _open_part(context: Context, run_id: int, path: str, part: Part) -> Iterator[BinaryIO]:
    """What has come of the file, held by this request alone; of one that comes at once, nothing stays behind."""
    place = _part_file(context, run_id, path, part.total)
    place.parent.mkdir(parents=True, exist_ok=True)
    _sweep(place.parent)
    with place.open("a+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateError("Another request is just sending this file. Try again when it has ended.") from None
        if not _is_at(file, place):  # what is the run's file now must not be written to
            raise StateError("Another request has just ended this file. Ask how much of it is here.")
        if not part.start:
            file.truncate(0)
        size = os.fstat(file.fileno()).st_size
        if part.start != size:
            raise OffsetError(part.start, size)
        try:
            yield file
        finally:
            if part.total is None or not os.fstat(file.fileno()).st_size:
                place.unlink(missing_ok=True)


def _is_at(file: BinaryIO, place: Path) -> bool:
    """Whether the file still lies there: it may have become the run's between its opening and its lock."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), place.stat())
    except OSError:
        return False


def _sweep(folder: Path) -> None:
    """Remove what nobody sends any more."""
    with contextlib.suppress(OSError):
        for each in folder.iterdir():
            if each.stat().st_mtime < time.time() - _KEPT_SECONDS:
                each.unlink(missing_ok=True)


async def _append(file: BinaryIO, start: int, end: int, pieces: AsyncIterator[bytes], *, whole: bool) -> int:
    """Write what comes, in large pieces and in a thread; returns where it ends. Raises DataError: past the end."""
    offset, waiting = start, bytearray()
    async for piece in pieces:
        waiting += piece
        if offset + len(waiting) > end:
            file.truncate(start)
            raise _too_large(end) if whole else DataError(f"More came than the {end:,} bytes that were told.")
        if len(waiting) >= _PIECE:
            offset += await asyncio.to_thread(_written, file, bytes(waiting))
            waiting.clear()
    return offset + await asyncio.to_thread(_written, file, bytes(waiting))


def _written(file: BinaryIO, data: bytes) -> int:
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
    return len(data)


def _sum(file: BinaryIO) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while piece := file.read(_PIECE):
        found.update(piece)
    return found.hexdigest()


def _place(context: Context, run_id: int, path: str, part: Path, target: Path) -> ArtifactRecord:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise DataError(f"A part of {quoted(path)} is a file. Give the file another name.") from error
    part.replace(target)
    artifact = ArtifactRecord(run_id, path, "logged", f"{FOLDER}/{path}", target.stat().st_size, time.time())
    with context.workspace.write() as session:
        db.reported.keep_file(session, artifact)
    logged.hear(context, run_id)
    return artifact


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(
        f"The file is too large: at most {most // _MEGABYTE:,} MB are taken (TRAINDECK_MAX_UPLOAD_MB)."
    )
