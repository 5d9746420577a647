"""Commands that wait for a job: what it is at is told on the terminal, and Ctrl-C ends it."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from core.common.text import percentage
from core.jobs.job_kind import Progress
from core.jobs.job_queue import POLL_SECONDS
from core.jobs.prediction import PredictionError

Say = Callable[[Progress], object]
Result = TypeVar("Result")


@contextmanager
def told_on_terminal(*, quiet: bool) -> Iterator[Say]:
    """What says how far a job is, in one line that is gone at the end; nothing where nobody reads it."""
    shown = sys.stderr.isatty() and not quiet

    def say(told: Progress) -> None:
        share = "" if told.share is None else f" ({percentage(told.share)})"
        if shown:
            sys.stderr.write(f"\r\x1b[K{told.text}{share}")

    try:
        yield say
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")


def waited(
    found: Callable[[], Result | None],
    is_asked: Callable[[], bool],
    progress: Callable[[], Progress | None],
    stop: Callable[[], object],
    say: Say,
) -> Result:
    """What a supervisor's process finds of what was asked for; Ctrl-C stops it.

    Raises:
        PredictionError: it was stopped by somebody else.
    """
    try:
        while (done := found()) is None:
            if not is_asked():
                raise PredictionError("It was stopped, on the page or by another. Ask again.")
            say(progress() or Progress(text="waits its turn"))
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        stop()
        raise
    return done
