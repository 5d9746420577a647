"""The end of a forked process that runs somebody's own code: with its threads and exit handlers, as of any Python.

Other forked processes end at once, since handlers are those of the process that they were forked from. Whoever forks
such a process imports this first: handlers run in reverse order, and those of libraries have to come before ours.
"""

import atexit
import contextlib
import ctypes
import os
import sys
from typing import NoReturn

_code: int | None = None


def end(code: int) -> NoReturn:
    """Wait for threads, run the handlers, and end before anything of the process that was forked is taken apart."""
    global _code
    _code = code
    ctypes.pythonapi.Py_Exit(ctypes.c_int(code))
    os._exit(code)


def _leave() -> None:
    if _code is None:
        return
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or another's in its place
            stream.flush()
    os._exit(_code)


atexit.register(_leave)
