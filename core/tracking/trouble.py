"""What goes wrong again and again, as with a folder that is away, and is told once."""

from core.common.errors import TraindeckError
from core.tracking.run_log import log_error, log_line

FIRST_PAUSE = 1.0  # seconds
_MOST_TOLD = 100  # messages that are remembered: some hold a number that is another every time


class Trouble:
    """Of something that is tried until it works: each message is told once, and the pauses between two tries grow."""

    def __init__(self, what: str, longest: float) -> None:
        """`what` failed, as a message begins with it; `longest` pause in seconds."""
        self._what = what
        self._longest = longest
        self._told: set[str] = set()
        self._pause = FIRST_PAUSE

    def tell(self, error: Exception) -> float:
        """It failed: say so, unless this was said before; returns the seconds to wait until the next try."""
        text = f"{type(error).__name__} {error}"
        if text not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(text)
            log_line(f"{self._what}: {error}")
            if not isinstance(error, TraindeckError | OSError):  # no trouble of the machine's, but a mistake of ours
                log_error(error)
        pause = self._pause
        self._pause = min(2 * pause, self._longest)
        return pause

    def over(self, text: str) -> None:
        """It worked; `text` says so where something was told before."""
        if self._told:
            log_line(text)
        self._told.clear()
        self._pause = FIRST_PAUSE
