"""libfaketime 0.9.10 fails at clock_nanosleep, with which Python sleeps, where it leaves the monotonic clock alone."""

import select
import time
from importlib import import_module


def _sleep(seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        select.select([], [], [], left)


setattr(time, "sleep", _sleep)  # noqa: B010
import_module("resting")  # of tests.calm, whose own file of this name Python does not come to
