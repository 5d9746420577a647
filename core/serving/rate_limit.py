"""How many requests a second a served model answers."""

import time

from core.common.errors import TraindeckError


class BusyError(TraindeckError):
    """More is asked than is answered: to be tried again later."""


class RateLimit:
    """A bucket of requests that may be answered now, filled as time goes by."""

    def __init__(self) -> None:
        self._allowed, self._at = 0.0, 0.0

    def take(self, name: str, per_second: float) -> None:
        """One request; 0 a second for any number. Raises BusyError."""
        if not per_second:
            return
        now = time.monotonic()
        self._allowed = min(max(1.0, per_second), self._allowed + per_second * (now - self._at))
        self._at = now
        if self._allowed < 1:
            raise BusyError(f"{name} answers {per_second:g} requests a second. Try again in a moment.")
        self._allowed -= 1
