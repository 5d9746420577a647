"""How long an explanation may take: a job that takes longer is killed, and the network that it holds in memory with it.

An explanation is asked for in pieces, each between two calls of `check`.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from core.common.errors import DataError
from core.jobs.explanation_told import ENOUGH as ENOUGH

_FOR_BETTER = 0.4  # of ENOUGH
MOST = 30.0  # seconds for all of it, beside which the network is loaded and answers: a job has 60

Found = TypeVar("Found")


class OutOfTime(DataError):  # noqa: N818 - it is no fault, and told beside the answer
    """There is no time left for what is computed."""


class Budget:
    """Of one explanation, from now on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._clock, self._started, self._most = clock, clock(), MOST
        self.is_short = False  # whether something was left out

    def check(self) -> None:
        """Raises OutOfTime."""
        if self._clock() - self._started > self._most:
            raise OutOfTime(
                f"This explanation takes more than {MOST:g} s for this network on this host, and was given up. Take "
                "another method, or try again when the host is less busy."
            )

    def has_time(self) -> bool:
        """Whether so much is left that a check may be made better, and others follow it."""
        return self._clock() - self._started < _FOR_BETTER * ENOUGH

    def optional(self, compute: Callable[[], Found], share: float = 1.0) -> Found | None:
        """What is computed, as long as ENOUGH seconds, or a share of them, are not over; None where it is left out."""
        before, self._most = self._most, min(share * ENOUGH, self._most)
        try:
            self.check()
            return compute()
        except OutOfTime:
            self.is_short = True
            return None
        finally:
            self._most = before
