"""Real processes: some that do something at the same time, and commands, each without the seconds of its imports."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

# Forked from a process that has imported this much, so that they start in milliseconds.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["alembic.command", "core.tracking.recorder", "core.cli.commands", "core.cli.predict", "pandas"]
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


def _command(arguments: list[str], environment: dict[str, str], *streams: str) -> None:
    from core.cli.commands import main

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
