"""What a process tells about its work: lines on its standard output, which in a trainer is the run's log.

Whatever becomes of that output, a disk that is full or a pipe that nobody reads any more, telling never raises.
"""

import contextlib
import traceback


def log_line(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # ValueError: of a stream that was closed
        print(text, flush=True)  # noqa: T201


def log_error(error: BaseException) -> None:
    """With its traceback."""
    log_line("".join(traceback.format_exception(error)).rstrip())
