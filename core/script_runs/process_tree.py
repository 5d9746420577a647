"""All processes that a script made, also those that it left behind: their memory, their work and their end."""

import contextlib
import ctypes
import time
from collections.abc import Iterator

import psutil

from core.training.telemetry import Telemetry

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, of <linux/prctl.h>
_SMALL_WAIT = 0.02
_LONGEST_DEATH = 30.0  # seconds: of a process that waits for a device, nothing ends it


def adopt_orphans() -> None:
    """From now on, what loses its parent below this process becomes its child, and so is found by `below`."""
    with contextlib.suppress(OSError, AttributeError):  # Linux only
        ctypes.CDLL(None).prctl(_SUBREAPER, 1)


def below() -> list[psutil.Process]:
    """Every living process that comes of this one."""
    try:
        found = psutil.Process().children(recursive=True)
    except psutil.Error:
        return []
    return [each for each in found if _is_at_work(each)]


def memory() -> int:
    """Bytes that they hold together; what several share counts once."""
    return sum(map(_held, below()))


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.AccessDenied:  # of another user, as sudo's are
        with contextlib.suppress(psutil.Error):
            return int(process.memory_info().rss)
    except (psutil.Error, AttributeError):
        pass
    return 0


def end_all(patience: float = 0.0) -> int:
    """Give them so many seconds to end by themselves, then end them; returns how many had to be."""
    until = time.monotonic() + patience
    while below() and time.monotonic() < until:
        time.sleep(_SMALL_WAIT)
    killed = set()
    until = time.monotonic() + _LONGEST_DEATH
    while (found := below()) and time.monotonic() < until:  # again, for what one of them started meanwhile
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
                killed.add(process.pid)
        time.sleep(_SMALL_WAIT)
    return len(killed)


def _is_at_work(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


class TreeTelemetry(Telemetry):
    """Of the script's processes, not of the one that watches them."""

    def __init__(self) -> None:
        super().__init__()
        self._worked: dict[int, float] = {}  # CPU seconds of each, at the last sample
        self._at = time.monotonic()

    def usage(self) -> tuple[float, float]:
        worked, held = {}, 0.0
        for process, seconds in self._seconds():
            worked[process.pid] = seconds
            held += _held(process)
        now = time.monotonic()
        done = sum(seconds - self._worked.get(pid, 0.0) for pid, seconds in worked.items())
        share = 100 * max(0.0, done) / max(1e-3, now - self._at)
        self._worked, self._at = worked, now
        return share, held

    def _seconds(self) -> Iterator[tuple[psutil.Process, float]]:
        for process in below():
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                yield process, times.user + times.system
