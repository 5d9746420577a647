"""The end of a script, noticed however it comes but by a kill: it ends the run, as failed where an error ended it."""

import atexit
import contextlib
import sys
import traceback
from collections.abc import Callable
from types import TracebackType

_failed: list[str] = []
_watched: list[Callable[[str, str], None]] = []


def watch(ended: Callable[[str, str], None]) -> None:
    """Call it at the end with a state and a reason; once only, however often this is asked."""
    if _watched:
        return
    _watched.append(ended)
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        _failed.append("Stopped with Ctrl-C." if isinstance(error, KeyboardInterrupt) else last_line(error))
        before(kind, error, where)

    def at_end() -> None:
        with contextlib.suppress(OSError):
            ended("failed" if _failed else "finished", _failed[0] if _failed else "")

    sys.excepthook = hook
    atexit.register(at_end)


def last_line(error: BaseException) -> str:
    """Of its traceback."""
    return traceback.format_exception_only(error)[-1].strip()[:500]
