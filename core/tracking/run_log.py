"""What a process tells about its work: lines on its standard output, which in a trainer is the run's log.

Whatever becomes of that output, a disk that is full or a pipe that nobody reads any more, telling never raises.
"""

import contextlib
import re
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

_STAMP = "%Y-%m-%dT%H:%M:%SZ"  # UTC: runs move between hosts, and their readers sit elsewhere
_STAMPED = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ", re.MULTILINE)
_stamping = False


def stamp_lines() -> None:
    """From now on, what this process tells begins with its time: the log of a run is read long after."""
    global _stamping
    _stamping = True


def with_local_times(text: str, zone: tzinfo | None) -> str:
    """Lines as their reader's clock has them, without a date where all are of one day; None for this host's zone."""
    moments: dict[str, datetime] = {}
    for stamp in set(_STAMPED.findall(text)):
        with contextlib.suppress(ValueError):
            moments[stamp] = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC).astimezone(zone)
    form = "%H:%M:%S" if len({moment.date() for moment in moments.values()}) == 1 else "%Y-%m-%d %H:%M:%S"
    shown = {stamp: moment.strftime(form) for stamp, moment in moments.items()}
    return _STAMPED.sub(lambda found: f"{shown.get(found[1], found[1])}  ", text)


def stamped(text: str) -> str:
    """With its time at the beginning, where this process's lines have it."""
    return f"{time.strftime(_STAMP, time.gmtime())} {text}" if _stamping else text


def as_it_stands(line: str) -> str:
    """What is seen of a line that was written over: what stands behind its last carriage return or backspace."""
    return line.rstrip("\r\b").rpartition("\r")[2].rpartition("\b")[2]


def log_line(text: str) -> None:
    text = stamped(text)
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
