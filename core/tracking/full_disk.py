"""What is to be stored waits for a disk that is full: it comes back, what is given up does not."""

import errno
import math
import time
from collections.abc import Callable
from typing import TypeVar

from core.common.errors import StoreError, StoreFullError
from core.tracking.log_stream import FULL
from core.tracking.trouble import Trouble

PATIENCE_SECONDS = 600.0  # for a file that cannot be written though the disk is not full, as in a folder that is away
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
FORBIDDEN_SECONDS = 60.0  # for one that may not be written, which seldom passes by itself
LONGEST_PAUSE = 10.0  # seconds
_FULL = (
    "The disk is full (no space left on it), and nothing is kept of what was begun. Free some space, and ask again; "
    "nothing recorded was lost."
)

T = TypeVar("T")


def is_full(error: BaseException | None) -> bool:
    """Whether a disk or a quota was full, which passes."""
    if isinstance(error, OSError):
        return error.errno in FULL or "No space left" in str(error)  # HDF5 tells the number in its text only
    return isinstance(error, StoreFullError)


def problem_of(error: BaseException, otherwise: str = "") -> str:
    """What is told of an error: where a disk was full, that, whatever a library took it for; else `otherwise`.

    Args:
        otherwise: "" for what the error says, which then is meant to be read.
    """
    each: BaseException | None = error
    while each is not None:
        if isinstance(each, StoreFullError):
            return str(each)
        if is_full(each) or "No space left on device" in str(each):
            return _FULL
        each = each.__cause__ or each.__context__
    return otherwise or str(error)


def is_caused_by_full(error: BaseException) -> bool:
    """Whether it came of a full disk, which passes."""
    return problem_of(error, "-") != "-"


def wait_out(
    action: Callable[[], T],
    heed: Callable[[], object] = lambda: None,
    store_seconds: float = math.inf,
    file_seconds: float = PATIENCE_SECONDS,
) -> T:
    """Do it, again and again while a disk is full or the store out of reach.

    Args:
        heed: called while it waits; what it raises ends the waiting.
        store_seconds: how long to wait for a store whose disk is not full.
        file_seconds: the same for a file that cannot be written for another reason; 0 to raise that at once.

    Raises:
        OSError, StoreError: what the last attempt said.
    """
    trouble = Trouble("Could not be stored, trying again", LONGEST_PAUSE)
    started = time.monotonic()
    while True:
        try:
            done = action()
        except (OSError, StoreError) as error:
            patience = store_seconds if isinstance(error, StoreError) else file_seconds
            if isinstance(error, OSError) and error.errno in FORBIDDEN:
                patience = min(patience, FORBIDDEN_SECONDS)
            if not is_full(error) and time.monotonic() - started >= patience:
                raise
            _pause(trouble.tell(error), heed)
        else:
            trouble.over("Stored.")
            return done


def _pause(seconds: float, heed: Callable[[], object]) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        heed()
        time.sleep(0.2)
