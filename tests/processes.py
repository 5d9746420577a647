"""Real processes that do something at the same time."""

import multiprocessing
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

# Forked from a process that has imported this much, so that they start in milliseconds.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["alembic.command", "core.tracking.recorder", "core.runs"])


def together(target: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> None:
    """Run `target` once for each tuple of arguments, each in a process of its own; fails when one of them did."""
    start = _CONTEXT.Barrier(len(arguments))
    processes = [_CONTEXT.Process(target=_after, args=(start, target, each)) for each in arguments]
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")  # AppTest leaves its script there, which each would run again
    for process in processes:
        process.start()
    sys.modules["__main__"] = main
    for process in processes:
        process.join(600)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def _after(start: Any, target: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    start.wait(600)
    target(*arguments)
