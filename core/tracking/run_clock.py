"""The time of day as one attempt at a run tells it: whatever the host's clock is set to meanwhile, it goes on evenly.

Durations and the elapsed axis are differences of such times. A host that sleeps spends no time training.
"""

import time
from collections.abc import Iterable


class RunClock:
    """Set once, by the host's clock, and never behind what was recorded of the run before."""

    def __init__(self, not_before: Iterable[float | None] = ()) -> None:
        """`not_before` in seconds since 1970; None for what did not happen."""
        self._set_at = time.monotonic()
        self._set_to = later(time.time(), not_before)

    def now(self) -> float:
        """Seconds since 1970."""
        return self._set_to + time.monotonic() - self._set_at


def later(now: float, marks: Iterable[float | None]) -> float:
    """`now`, or the last of these times where a clock that was set back makes them come later: a run's times rise."""
    return max([now, *(mark for mark in marks if mark is not None)])
