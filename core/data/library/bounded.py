"""What a user gave is read in a process of its own, with limits of memory and time: the doors of pages and commands.

They are those of `core.data.library.adding`, and raise DataError, too, when a limit was reached: it says which.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from core.common.errors import DataError
from core.common.settings import PROJECT_ROOT, Settings
from core.data.library.folders import sweep
from core.data.library.manifest import Manifest
from core.data.library.read_options import (
    CorpusOptions,
    CorpusPreview,
    ImageOptions,
    ImagesPreview,
    Options,
    Progress,
    TableOptions,
    TablePreview,
    TextOptions,
    TextPreview,
    silent,
)
from core.data.library.series_options import SeriesOptions, SeriesPreview

T = TypeVar("T")

_LOOK_SECONDS = 1.0  # between two looks at the clock while nothing is told


def peek_table(
    settings: Settings, path: Path, options: TableOptions | None = None, progress: Progress = silent
) -> TablePreview:
    """What a table holds and how it is understood, before it is added. Raises DataError."""
    raw = asdict(options or TableOptions())
    return _read(settings, TablePreview, {"task": "peek_table", "path": str(path), "options": raw}, progress)


def peek_series(
    settings: Settings, path: Path, options: SeriesOptions | None = None, progress: Progress = silent
) -> SeriesPreview:
    """What a table of series holds and how it is understood, before it is added. Raises DataError."""
    raw = asdict(options or SeriesOptions())
    return _read(settings, SeriesPreview, {"task": "peek_series", "path": str(path), "options": raw}, progress)


def peek_text(
    settings: Settings, path: Path, options: TextOptions | None = None, progress: Progress = silent
) -> TextPreview:
    """What a file, zip or folder of labelled texts holds, before it is added. Raises DataError."""
    raw = asdict(options or TextOptions())
    return _read(settings, TextPreview, {"task": "peek_text", "path": str(path), "options": raw}, progress)


def peek_corpus(
    settings: Settings, path: Path, options: CorpusOptions | None = None, progress: Progress = silent
) -> CorpusPreview:
    """What a running text holds, before it is added. Raises DataError."""
    raw = asdict(options or CorpusOptions())
    return _read(settings, CorpusPreview, {"task": "peek_corpus", "path": str(path), "options": raw}, progress)


def peek_images(
    settings: Settings, path: Path, options: ImageOptions | None = None, progress: Progress = silent
) -> ImagesPreview:
    """What a zip or folder of pictures holds, before it is added. Raises DataError."""
    raw = asdict(options or ImageOptions())
    return _read(settings, ImagesPreview, {"task": "peek_images", "path": str(path), "options": raw}, progress)


def add(
    settings: Settings, kind: str, name: str, path: Path, options: Options | None = None, progress: Progress = silent
) -> Manifest:
    """By the kind's name; the options are those of that kind. All of it is stored, or nothing. Raises DataError."""
    if kind == "table" and not isinstance(options, TableOptions):
        raise DataError("A table needs a target: the column that is to be predicted.")
    raw = None if options is None else asdict(options)
    request = {"task": "add", "kind": kind, "name": name, "path": str(path), "options": raw}
    return _read(settings, Manifest, request, progress)


def _read(settings: Settings, result: type[T], request: dict[str, Any], progress: Progress) -> T:
    deadline = time.monotonic() + settings.max_reading_seconds
    with _reader(settings) as (process, connection):
        absolute = str(Path(request["path"]).absolute())  # the reader runs in another folder
        connection.send_bytes(json.dumps({**request, "path": absolute}).encode())
        while time.monotonic() < deadline:
            try:
                if not connection.poll(_LOOK_SECONDS):
                    continue
                message = json.loads(connection.recv_bytes())
            except (EOFError, OSError):
                raise DataError(_ended(settings, process.wait(), request)) from None
            if "result" in message:
                found: T = TypeAdapter(result).validate_python(message["result"])
                return found
            if "share" not in message:
                raise DataError(_problem(settings, message, request))
            progress(message["share"], message["what"])
    raise DataError(
        f"{Path(request['path']).name} was not read within {settings.max_reading_seconds:,} s, and nothing was kept. "
        "Take less, or raise TRAINDECK_MAX_READING_SECONDS and start the dashboard again."
    )


@contextmanager
def _reader(settings: Settings) -> Iterator[tuple["subprocess.Popen[bytes]", Connection]]:
    """A process that waits for what to read; it is gone when the block ends, and so is what it had begun to store."""
    ours, theirs = Pipe()
    with ours:
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, "-m", "core.data.library.reader", str(theirs.fileno())],
                cwd=PROJECT_ROOT,
                env=os.environ | settings.environment(),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        try:
            yield process, ours
        finally:
            process.kill()
            process.wait()
            sweep(settings)


def _problem(settings: Settings, message: dict[str, str], request: dict[str, Any]) -> str:
    if "error" in message:
        return message["error"]
    if "reached" in message:
        return _too_much(settings, request)
    return (
        f"{Path(request['path']).name} cannot be read, through a fault in Traindeck ({message.get('fault', '')}). "
        "Nothing was kept; the server's output says more."
    )


def _ended(settings: Settings, code: int, request: dict[str, Any]) -> str:
    """Why a process that told no result is gone: where memory is out, the kernel or a library may end it."""
    name = Path(request["path"]).name
    if code == -24:  # SIGXCPU
        return (
            f"{name} took more than {settings.max_reading_seconds:,} s of processor time a core, and nothing was kept. "
            "Take less, or raise TRAINDECK_MAX_READING_SECONDS and start the dashboard again."
        )
    return _too_much(settings, request) + f" (The process that read it ended with {code}.)"


def _too_much(settings: Settings, request: dict[str, Any]) -> str:
    return (
        f"{Path(request['path']).name} needs more than {settings.max_reading_mb:,} MB of memory to be read, and "
        "nothing was kept. Take less, or raise TRAINDECK_MAX_READING_MB and start the dashboard again."
    )
