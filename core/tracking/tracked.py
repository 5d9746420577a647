"""What a recorder keeps in mind of a metric between two flushes, so that it need not be read back."""

from dataclasses import dataclass

import numpy as np

from core.tracking import downsampling, summary
from core.tracking.goals import goal_of
from db.appending import NOWHERE
from db.records import Curve, Position, Series, Summary

_LEAST_NEW = 1000  # points that a chart reads one by one without being slow
_MOST_PIECES = 16


@dataclass(frozen=True, slots=True)  # a run may have thousands
class Tracked:
    """`stored` points are in the curve that the store has; those in `rest` came after and are not in the curve yet.

    `curve` is None once a step fell: charts then read every point, and nobody knows the highest step without a look.
    """

    summary: Summary
    curve: Curve | None = downsampling.EMPTY
    stored: int = 0
    rest: tuple[Series, ...] = ()

    def extended(self, points: Series, best_from: int | None = None) -> "Tracked":
        """With more points, at least one; `best_from` as in core.tracking.summary."""
        known = self.summary
        steps = points.step
        rises = known.count == 0 or bool(steps[0] >= known.last_step)
        rises = rises and (len(steps) == 1 or bool((steps[1:] >= steps[:-1]).all()))
        new = summary.extended(known, steps, points.value, goal_of(known.metric), best_from)
        if self.curve is None or not rises:
            return Tracked(new, None, self.stored)
        rest = (*self.rest, points)
        if len(rest) < _MOST_PIECES and new.count - self.curve.count < _LEAST_NEW:
            return Tracked(new, self.curve, self.stored, rest)
        return Tracked(new, _whole(self.curve, rest), self.stored)

    @property
    def end(self) -> Position | None:
        """The last point, where none has a higher step; None where it would have to be looked up."""
        if not self.summary.count:
            return NOWHERE
        return Position(self.summary.last_step, self.summary.last_sequence) if self.curve is not None else None

    @property
    def due(self) -> Curve | None:
        """The curve, where it goes into the store now: seldom enough to write little, often enough to leave little."""
        count = self.summary.count
        if self.curve is None or count - self.stored < max(_LEAST_NEW, count // 32):
            return None
        return _whole(self.curve, self.rest)

    def ended(self, last_sequence: int, revision: int, stored: Curve | None) -> "Tracked":
        """After a flush, which stored the curve that was due, if one was."""
        new = summary.ended(self.summary, last_sequence, revision)
        if stored is None:
            return Tracked(new, self.curve, self.stored, self.rest)
        return Tracked(new, stored, stored.count)


def _whole(curve: Curve, rest: tuple[Series, ...]) -> Curve:
    """The curve with what came after: joined seldom, since that takes as long for one point as for hundreds."""
    if not rest:
        return curve
    points = Series(
        np.concatenate([each.step for each in rest]),
        np.concatenate([each.value for each in rest]),
        np.concatenate([each.wall_time for each in rest]),
    )
    return downsampling.extended(curve, points)
