"""What a recorder keeps in mind of a metric between two flushes, so that it need not be read back."""

from dataclasses import dataclass

from core.tracking import downsampling, summary
from core.tracking.goals import goal_of
from db.appending import NOWHERE
from db.records import Curve, Position, Series, Summary

_LEAST_NEW = 1000  # points that a chart reads one by one without being slow


@dataclass(frozen=True)
class Tracked:
    """`stored` points are in the curve that the store has. `curve` is None once a step fell: charts then read every
    point, and nobody knows the highest step without a look."""

    summary: Summary
    curve: Curve | None = downsampling.EMPTY
    stored: int = 0

    def extended(self, points: Series, best_from: int | None = None) -> "Tracked":
        """With more points, at least one; `best_from` as in core.tracking.summary."""
        name = self.summary.metric
        rising = self.summary.count == 0 or points.step[0] >= self.summary.last_step
        rising = rising and bool((points.step[1:] >= points.step[:-1]).all())
        return Tracked(
            summary.extended(self.summary, points.step, points.value, goal_of(name), best_from),
            downsampling.extended(self.curve, points) if self.curve is not None and rising else None,
            self.stored,
        )

    @property
    def end(self) -> Position | None:
        """The last point, where none has a higher step; None where it would have to be looked up."""
        if not self.summary.count:
            return NOWHERE
        return Position(self.summary.last_step, self.summary.last_sequence) if self.curve is not None else None

    @property
    def is_due(self) -> bool:
        """Whether the curve goes into the store: seldom enough to write little, often enough to leave few points."""
        return self.curve is not None and self.curve.count - self.stored >= max(_LEAST_NEW, self.curve.count // 32)
