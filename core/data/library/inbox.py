"""Files that browsers send, on disk from their first byte on, until they become a data set or are of no use."""

import asyncio
import re
import shutil
import uuid
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from core.common.errors import DataError, NotFoundError, TooLargeError
from core.common.settings import Settings
from core.data.library.folders import added_dir, clear, make_private, sweep, writing
from core.data.library.store import too_large

_PURPOSE = "inbox"
_KEY = re.compile(r"[0-9a-f]{32}")
_PIECE = 1024 * 1024  # bytes that are written at once


@dataclass(frozen=True)
class Upload:
    id: str
    name: str  # as the user knows it
    size: int  # bytes


class Inbox:
    """A folder for the file that one session sends: gone with this object, or with the process, however it ends."""

    def __init__(self, settings: Settings) -> None:
        """Raises DataError."""
        sweep(settings)
        folder, held = make_private(settings, _PURPOSE)
        self.key = folder.name.rpartition("-")[2]
        self._folder = folder
        weakref.finalize(self, clear, folder, held)

    def file(self, upload: Upload) -> Path | None:
        """Where it lies, None when it is gone."""
        place = self._folder / upload.id
        return next(iter(place.iterdir()), None) if _KEY.fullmatch(upload.id) and place.is_dir() else None

    def empty(self) -> None:
        for place in self._folder.glob("*"):
            shutil.rmtree(place, ignore_errors=True)


async def receive(settings: Settings, key: str, name: str, size: int, pieces: AsyncIterator[bytes]) -> Upload:
    """Write what comes into the inbox of this key, in place of what is there; all of it or nothing.

    Args:
        size: bytes that are promised, 0 for nobody knows.

    Raises:
        NotFoundError: there is no such inbox.
        DataError: too large, cut off, or not to be written.
    """
    folder = added_dir(settings) / f".{_PURPOSE}-{key}"
    if not _KEY.fullmatch(key) or not folder.is_dir():
        raise NotFoundError("The form that sent this file is gone. Load the page again, and choose the file once more.")
    place = folder / uuid.uuid4().hex
    try:
        with writing(f"The upload of {name}"):
            place.mkdir()
        written = await store(settings, name, place / file_name(name), size, pieces)
    except BaseException:  # whatever it is, such as a browser that is closed
        shutil.rmtree(place, ignore_errors=True)
        raise
    for other in folder.iterdir():
        if other != place:
            shutil.rmtree(other, ignore_errors=True)
    return Upload(place.name, name, written)


async def store(settings: Settings, name: str, path: Path, size: int, pieces: AsyncIterator[bytes]) -> int:
    """Write what comes to this path, whoever sends it; returns the bytes written. Arguments and errors as above."""
    _check(settings, name, size, shutil.disk_usage(path.parent).free)
    with writing(f"The upload of {name}"):
        written = await _write(settings, name, path, pieces)
    if size and written != size:
        raise DataError(f"{name} was cut off after {written:,} of {size:,} bytes. Nothing was kept; send it again.")
    return written


def file_name(name: str) -> str:
    """What no file system minds of a name that a browser gave, which could be any path."""
    return re.sub(r"[^\w.()+ -]", "_", Path(name.replace("\\", "/")).name).lstrip(".")[-150:] or "data"


async def _write(settings: Settings, name: str, path: Path, pieces: AsyncIterator[bytes]) -> int:
    """In large pieces and in a thread, so that a slow disk holds up nobody else; returns the bytes written."""
    limit = settings.max_upload_mb * 1024**2
    written = 0
    waiting = bytearray()
    with path.open("wb") as target:
        async for piece in pieces:
            waiting += piece
            if written + len(waiting) > limit:
                raise TooLargeError(too_large(name, settings))
            if len(waiting) >= _PIECE:
                written += await asyncio.to_thread(target.write, waiting)
                waiting.clear()
        written += await asyncio.to_thread(target.write, waiting)
    return written


def _check(settings: Settings, name: str, size: int, free: int) -> None:
    """Raises DataError for what would fail only after it was sent."""
    if size > settings.max_upload_mb * 1024**2:
        raise TooLargeError(too_large(name, settings))
    if size > free:
        raise DataError(
            f"{name} has {size / 1024**2:,.0f} MB, and {free / 1024**2:,.0f} are free where the workspace lies. Free "
            "some space, or set TRAINDECK_HOME to a folder where there is more."
        )
