"""How long others have given no sign, by this process's own clock: nobody's time of day has a part in it."""

import time
from collections.abc import Collection, Hashable


class Silence:
    """A sign is whatever changes while the other lives, such as the time of its last heartbeat by its own clock."""

    def __init__(self) -> None:
        self._heard: dict[Hashable, tuple[object, float]] = {}

    def seconds(self, who: Hashable, sign: object) -> float:
        """Since the sign became what it is, as far as was seen; 0 when it is looked at for the first time."""
        now = time.monotonic()
        known = self._heard.get(who)
        if known is None or known[0] != sign:
            self._heard[who] = sign, now
            return 0.0
        return now - known[1]

    def forget_others(self, still: Collection[Hashable]) -> None:
        """All but these."""
        self._heard = {who: heard for who, heard in self._heard.items() if who in still}
