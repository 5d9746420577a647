"""Keeps what goes wrong with one thing from stopping the others."""

import time
import traceback
from collections.abc import Callable

from core.common.errors import StoreError, TraindeckError
from core.tracking.run_log import log_line

LONGEST_SECONDS = 30.0  # between two tries


class Guard:
    """Does things by name; what failed is left alone for a while, the longer the more often it failed in a row."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}  # in a row
        self._not_before: dict[str, float] = {}

    def attempt(self, name: str, action: Callable[[], object]) -> bool:
        """Whether it was done. What went wrong is in the log.

        Raises:
            StoreError: the store is out of reach, which concerns everything.
        """
        if time.monotonic() < self._not_before.get(name, 0.0):
            return False
        try:
            action()
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one run never stops the others
            self._note(name, error)
            return False
        self._failures.pop(name, None)
        self._not_before.pop(name, None)
        return True

    def _note(self, name: str, error: Exception) -> None:
        count = self._failures[name] = self._failures.get(name, 0) + 1
        seconds = min(LONGEST_SECONDS, 2.0 ** min(count - 1, 10))
        self._not_before[name] = time.monotonic() + seconds
        known = isinstance(error, TraindeckError)  # what is written for people says all there is to say
        told = str(error) if known else "".join(traceback.format_exception(error))
        log_line(f"{name}: failed, trying again in {seconds:g} s. {told}")
