"""The process that reads one file that a user gave, so that whatever the file does to it, it does not do to the server.

Memory and processor time are limited by the kernel, time by the process that asks (core.data.library.bounded). It asks
over a pipe, in JSON, and closes its end when nobody waits any more, which ends this process.
"""

import json
import os
import resource
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from setproctitle import setproctitle

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import adding
from core.data.library.manifest import Manifest
from core.data.library.read_options import (
    ArrayOptions,
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
)
from core.data.library.series_options import SeriesOptions, SeriesPreview

OPTIONS: dict[str, type[Options]] = {
    "table": TableOptions,
    "images": ImageOptions,
    "text": TextOptions,
    "corpus": CorpusOptions,
    "series": SeriesOptions,
    "arrays": ArrayOptions,
}
RESULTS: dict[str, type[Any]] = {
    "add": Manifest,
    "peek_table": TablePreview,
    "peek_series": SeriesPreview,
    "peek_text": TextPreview,
    "peek_corpus": CorpusPreview,
    "peek_images": ImagesPreview,
}


def main(descriptor: int) -> None:
    setproctitle("traindeck: reader")
    connection = Connection(descriptor)
    request = json.loads(connection.recv_bytes())
    settings = Settings()
    limit(settings)
    threading.Thread(target=_end_with_the_asker, args=(connection,), daemon=True).start()

    def tell(**message: object) -> None:
        connection.send_bytes(json.dumps(message).encode())

    try:
        result = _work(settings, request)(lambda share, what: tell(share=share, what=what))
        tell(result=json.loads(TypeAdapter(RESULTS[request["task"]]).dump_json(result)))
    except DataError as error:
        tell(error=str(error))
    except MemoryError:
        tell(reached="memory")
    except Exception as error:  # noqa: BLE001 - whatever a file makes a library raise
        traceback.print_exc()
        tell(fault=f"{type(error).__name__}: {error}"[:200])
    # Without the clean-up of exit: threads of libraries would wait for each other where memory is out.
    sys.stderr.flush()
    os._exit(0)


def limit(settings: Settings) -> None:
    """Of this process from now on: bytes of memory of its own, and seconds of processor time."""
    memory = settings.max_reading_mb * 1024**2
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    seconds = settings.max_reading_seconds * (os.cpu_count() or 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(settings: Settings, request: dict[str, Any]) -> Callable[[Progress], Any]:
    path = Path(request["path"])
    if request["task"] == "add":
        options = _options(request["kind"], request["options"])
        return lambda told: adding.add(settings, request["kind"], request["name"], path, options, told)
    if request["task"] == "peek_table":
        table = TypeAdapter(TableOptions).validate_python(request["options"])
        return lambda told: adding.peek_table(settings, path, table, told)
    if request["task"] == "peek_series":
        series = TypeAdapter(SeriesOptions).validate_python(request["options"])
        return lambda told: adding.peek_series(settings, path, series, told)
    if request["task"] == "peek_text":
        texts = TypeAdapter(TextOptions).validate_python(request["options"])
        return lambda told: adding.peek_text(settings, path, texts, told)
    if request["task"] == "peek_corpus":
        running = TypeAdapter(CorpusOptions).validate_python(request["options"])
        return lambda told: adding.peek_corpus(settings, path, running, told)
    pictures = TypeAdapter(ImageOptions).validate_python(request["options"])
    return lambda told: adding.peek_images(settings, path, pictures, told)


def _options(kind: str, raw: dict[str, Any] | None) -> Options | None:
    return None if raw is None else TypeAdapter(OPTIONS.get(kind, Options)).validate_python(raw)


def _end_with_the_asker(connection: Connection) -> None:
    try:
        connection.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
