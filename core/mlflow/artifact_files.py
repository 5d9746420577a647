"""Files that clients send, list, read and remove."""

import contextlib
import mimetypes
import os
import shutil
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from anyio import to_thread

import db.media
import db.reported
import db.runs
from core.common.context import Context
from core.common.errors import StoreFullError, TooLargeError
from core.mlflow.artifact_paths import FOLDER, Place, checked
from core.mlflow.mlflow_error import MISSING, STATE, MlflowError
from core.runs import logged
from core.runs.permissions import Action, require
from core.runs.shown_files import shown_by
from db.records import ArtifactRecord

MEGABYTE = 1024**2
_PART = ".part-"
_TEXTS = ("mlmodel", "mlproject")
_AS_TEXT = frozenset(
    {".txt", ".log", ".py", ".md", ".yaml", ".yml", ".json", ".csv", ".tsv", ".cfg", ".conf", ".ini", ".sh"}
)


async def receive(context: Context, place: Place, size: int, pieces: AsyncIterator[bytes]) -> None:
    """Write a file from what comes, in place of the one there is; `size` as promised, 0 where nobody knows.

    Raises:
        MlflowError: its place is a folder, or clients may not write there.
        TooLargeError, StoreFullError, ForbiddenError: nothing was kept.
    """
    most = context.workspace.settings.max_upload_mb * MEGABYTE
    if size > most:
        raise _too_large(most)
    target = await to_thread.run_sync(_target, context, place)
    part = target.with_name(f"{_PART}{uuid.uuid4().hex}")
    try:
        with part.open("xb") as file:
            async for piece in pieces:
                if piece:
                    await to_thread.run_sync(file.write, piece)
                    if file.tell() > most:
                        raise _too_large(most)
        await to_thread.run_sync(_keep, context, place, part, target)
    except OSError as error:
        raise StoreFullError(f"The file could not be written: {error.strerror or error}. Free some space.") from error
    finally:
        part.unlink(missing_ok=True)


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(f"The file is too large: at most {most // MEGABYTE:,} MB are taken (TRAINDECK_MAX_UPLOAD_MB).")


def _target(context: Context, place: Place) -> Path:
    _writable(context, place)
    target = place.path
    if not place.inside or target.is_dir():
        raise MlflowError("Invalid path: it is a folder")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise MlflowError("Invalid path: a part of it is a file") from error
    return target


def _writable(context: Context, place: Place) -> None:
    require(context, Action.REPORT)
    if not place.is_open:
        raise MlflowError("Traindeck itself keeps these files, and alone writes them.", STATE)


def _keep(context: Context, place: Place, part: Path, target: Path) -> None:
    size = part.stat().st_size
    part.replace(target)
    if place.run:
        path, shown = f"{FOLDER}/{place.inside}", shown_by(place.inside, target)
        with context.workspace.write() as session:
            record = ArtifactRecord(place.run, place.inside, "logged", path, size, time.time())
            db.reported.keep_file(session, record)
            if shown is not None:
                db.media.put_file(session, shown.record(place.run, path, size, record.created_at))
        logged.hear(context, place.run)


def listed(place: Place, below: str) -> list[dict[str, Any]]:
    """What a folder has, folders without size; nothing where there is none. `below` stands before each path.

    Symbolic links are left out: clients make none by this server, and in a shared folder they could lead anywhere.
    """
    start = f"{below}/" if below else ""
    found = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(place.path) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name.startswith(_PART) or entry.is_symlink():
                continue
            if entry.is_dir():
                found.append({"path": f"{start}{entry.name}", "is_dir": True})
            else:
                found.append({"path": f"{start}{entry.name}", "is_dir": False, "file_size": entry.stat().st_size})
    return found


def file_of(place: Place) -> Path:
    """Raises MlflowError: there is none."""
    path = place.path
    if not place.inside or not path.is_file():
        raise MlflowError(f"No such artifact: '{place.inside[:200]}'", MISSING)
    return path


def media_type(path: Path) -> str:
    if path.name.lower() in _TEXTS or path.suffix.lower() in _AS_TEXT:
        return "text/plain"
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def remove(context: Context, place: Place) -> None:
    """A file, or a folder with all that is in it. Raises MlflowError, ForbiddenError."""
    _writable(context, place)
    path = place.path
    if not place.inside or not path.exists():
        raise MlflowError(f"No such artifact: '{place.inside[:200]}'", MISSING)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    if place.run:
        with context.workspace.write() as session:
            db.runs.remove_artifacts(session, place.run, f"{FOLDER}/{checked(place.inside)}")
            db.media.remove_below(session, place.run, f"{FOLDER}/{checked(place.inside)}")
