"""What curves have gained since somebody looked: of the points, only those past a point are read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

import db.attempts
import db.metrics
import db.points
from core.common.context import Context
from core.runs.attempts import elapsed
from core.tracking.downsampling import EMPTY, downsample
from db.engine import Session
from db.records import Position, Series, Stretch, Summary

MAX_POINTS = 1000  # of a curve in an answer; a reader that was away for an hour gets no more
MAX_CURSORS = 1000  # in a question; a page shows at most 50 lines a chart
_MOST_READ = 200_000  # points for one answer; whoever is further behind reads the whole, thinned curve


@dataclass(frozen=True)
class Cursor:
    """How much of a curve somebody has: up to a step and one of the values at it, counted from 0, and how many points
    the run had recorded by then."""

    run_id: int
    metric: str
    step: int
    count: int
    sequence: int = 0


@dataclass(frozen=True)
class Growth:
    """The points past a cursor, and where the curve ends now.

    `rewritten`: the curve is not merely longer, as when it was taken back to an older checkpoint. Read all of it. One
    that has since grown past the cursor again is not told apart; the run's state, which changes before, tells.
    """

    points: Series
    step: int
    count: int
    rewritten: bool
    sequence: int = 0
    elapsed: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))  # seconds of training at each point


def growth(context: Context, cursors: Sequence[Cursor]) -> list[Growth | None]:
    """For each cursor what came after it, None where nothing did; of cursors at most MAX_CURSORS."""
    with context.workspace.read() as session:
        run_ids, metrics = {cursor.run_id for cursor in cursors}, {cursor.metric for cursor in cursors}
        known = db.metrics.summaries(session, run_ids, metrics)
        found, left = [], _MOST_READ
        for cursor in cursors:
            past, read = _past(session, cursor, known.get(cursor.run_id, {}).get(cursor.metric), left)
            found.append(past)
            left = max(0, left - read)
        grown = {cursor.run_id for cursor, past in zip(cursors, found, strict=True) if past is not None}
        trained = db.attempts.stretches_of_runs(session, grown)
    return [past and _timed(past, trained.get(cursor.run_id, ())) for cursor, past in zip(cursors, found, strict=True)]


def _timed(past: Growth, stretches: Sequence[Stretch]) -> Growth:
    return replace(past, elapsed=elapsed(stretches, past.points.wall_time))


def _past(session: Session, cursor: Cursor, now: Summary | None, most: int) -> tuple[Growth | None, int]:
    """What came after the cursor, and how many points were read for it, at most one more than `most`."""
    step, count, sequence = (now.last_step, now.count, now.last_sequence) if now else (0, 0, 0)
    if (step, count, sequence) == (cursor.step, cursor.count, cursor.sequence) or not (count or cursor.count):
        return None, 0
    # Who has nothing has not even the first value at its step.
    after = Position(cursor.step, cursor.sequence if cursor.count else -1)
    points = db.points.following(session, cursor.run_id, cursor.metric, after, most + 1)
    if len(points) > most:
        return Growth(EMPTY.points, step, count, True, sequence), len(points)
    is_rewritten = len(points) != count - cursor.count
    return Growth(downsample(points, MAX_POINTS), step, count, is_rewritten, sequence), len(points)
