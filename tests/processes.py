"""Real processes: some that do something at the same time, and commands, each without the seconds of its imports."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from multiprocessing import Pipe, forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

from core.common.settings import Settings
from core.data.library import bounded
from core.data.library.folders import sweep

_READER = "core.data.library.reader"
# Forked from a process that has imported this much, so that they start in milliseconds.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["alembic.command", "core.tracking.recorder", "core.cli.commands", "core.cli.predict", _READER, "pandas"]
)


def together(target: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> None:
    """Run `target` once for each tuple of arguments, each in a process of its own; fails when one of them did."""
    start = _CONTEXT.Barrier(len(arguments))
    processes = [_CONTEXT.Process(target=_after, args=(start, target, each)) for each in arguments]
    with _without_main():
        for process in processes:
            process.start()
    for process in processes:
        process.join(600)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def command(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """What `python -m core` does with these arguments, in this environment and the current folder."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _CONTEXT.Process(target=_command, args=(list(arguments), dict(environment), str(out), str(err)))
        with _without_main():
            process.start()
        process.join(600)
        code = process.exitcode
        assert code is not None, f"{arguments} did not end"
        return subprocess.CompletedProcess(list(arguments), code, out.read_text(), err.read_text())


@contextmanager
def reader(settings: Settings, how: str = "forkserver") -> Iterator[tuple["_Forked", Connection]]:
    """In place of `core.data.library.bounded._reader`, which starts an interpreter for each file that is looked at."""
    context: Any = multiprocessing.get_context(how)
    if how == "forkserver":
        _begin()
    ours, theirs = Pipe()
    process = context.Process(target=_read, args=(theirs, {**os.environ, **settings.environment()}))
    with ours:
        with theirs, _without_main():
            process.start()
        try:
            yield _Forked(process), ours
        finally:
            process.kill()
            process.join()
            sweep(settings)


def _begin() -> None:
    """With nothing of a test's environment: whoever has that is ended with the test, see tests.leftovers."""
    own = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("TRAINDECK_")}
    try:
        with _without_main():
            forkserver.ensure_running()
    finally:
        os.environ.update(own)


class _Forked:
    def __init__(self, process: multiprocessing.process.BaseProcess) -> None:
        self._process = process

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode


def _read(connection: Connection, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    import_module(_READER).main(connection.fileno())


def _command(arguments: list[str], environment: dict[str, str], *streams: str) -> None:
    from core.cli.commands import main

    bounded._reader = partial(reader, how="fork")  # type: ignore[assignment]  # the child knows all that it imports
    os.environ.clear()
    os.environ.update(environment)
    for number, file in enumerate(streams, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["core", *arguments]
    main()


@contextmanager
def _without_main() -> Iterator[None]:
    """AppTest leaves its script as the main module, which each process would run again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _after(start: Any, target: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    start.wait(600)
    target(*arguments)
