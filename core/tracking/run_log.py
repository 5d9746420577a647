"""What a process tells about its work: lines on its standard output, which in a trainer is the run's log.

Whatever becomes of that output, a disk that is full or a pipe that nobody reads any more, telling never raises.
"""

import contextlib
import traceback
from collections.abc import Mapping


def log_line(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # ValueError: of a stream that was closed
        print(text, flush=True)  # noqa: T201


def told(values: Mapping[str, float]) -> str:
    """Metrics on a line: four decimals each, or as many digits where that would hide what there is."""
    return "  ".join(f"{name} {_short(value)}" for name, value in values.items())


def _short(value: float) -> str:
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.4g}"


def log_error(error: BaseException) -> None:
    """With its traceback."""
    log_line("".join(traceback.format_exception(error)).rstrip())
