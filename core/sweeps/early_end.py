"""When a trial is stopped early, by the values that its metric had so far and those that others had by then.

Each rule looks at a trial's values after 1, 2, … of them, as they would count if it ended there, and at those of all
others. They are pure functions of what is stored, so that a search that was interrupted decides as it would have.

With ASHA and Hyperband one whose result is its best value also stops early once no more is to be expected of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.common.digits import ROUNDING
from core.common.text import plural
from core.sweeps.definition import Halving, Hyperband, Median, Pruning

Curve = NDArray[np.float64]
_LEAST_STALL = 1.5  # see `stall`
_RARELY = 0.25  # how likely a trial may gain yet that ends: by two others of which none did, six of which one did


def counted(values: Curve, *, is_min: bool, best: bool) -> Curve:
    """What the goal would be after each value; smaller is better afterwards. NaN counts as the worst there is."""
    signed = np.where(np.isfinite(values), values if is_min else -values, np.inf)
    return np.minimum.accumulate(signed) if best and len(signed) else signed


def is_due(rule: Pruning, number: int, points: int, total: int | None = None) -> bool:
    """Whether a trial is judged once it has so many values; by ASHA at rungs only, and once at each.

    Args:
        total: values of a trial that is not ended early, where that is known. With its last one a trial is not judged
            any more, nor at its last rung, from which no other can be reached: nearly all of its training is done, and
            its result counts.
    """
    match rule:
        case Median():
            return points >= rule.first and (total is None or points < total)
        case Halving() | Hyperband():
            return points in _rungs_of(rule, number, points, total) and (total is None or points * rule.factor <= total)
        case _:
            return False


def last_due(rule: Pruning, number: int, before: int, points: int) -> int:
    """The last count of values past `before` at which a trial with so many is judged, 0 without one."""
    return next((each for each in range(points, before, -1) if is_due(rule, number, each)), 0)


def why_pruned(
    rule: Pruning, number: int, points: int, own: float, others: Mapping[int, float], unit: str = "value"
) -> str:  # fmt: skip
    """Why the trial of this number is to end after so many values, which is a moment that is due; "" where it may go
    on.

    Args:
        own: what the goal would be then, smaller is better, as `counted` gives it.
        others: the same of others that came that far, or that ended by themselves before, by their numbers.
        unit: what each value is of, such as an epoch.
    """
    if isinstance(rule, Hyperband):
        others = {key: other for key, other in others.items() if key % rule.brackets == number % rule.brackets}
    there = list(others.values())
    match rule:
        case Median():
            return _below_median(rule, points, own, there, unit)
        case Halving() | Hyperband():
            return _not_promoted(rule.factor, points, own, there, unit)
        case _:
            return ""


def stall(curve: Curve) -> float:
    """How many times as long as to its best value it took by now, having found none better."""
    return len(curve) / _found_at(curve) if len(curve) else 0.0


def may_have_stalled(points: int, best_at: int) -> bool:
    """Whether after so many values it has stalled for long enough to ask `why_stop_early`, its best being this one."""
    return points >= _LEAST_STALL * best_at


def _found_at(curve: Curve) -> int:
    """After how many values it had its best, but for rounding: the same share of examples has other last digits."""
    return int(np.argmax(~_better(float(curve[-1]), curve))) + 1


def _better(one: Curve | float, other: Curve | float) -> Any:
    """Whether it is, by more than rounding."""
    return (one < other) & ~np.isclose(one, other, rtol=ROUNDING, atol=0.0)


def why_stop_early(rule: Pruning, curve: Curve, ended: Iterable[Curve]) -> str:
    """Why a trial of a network stops early, with its result; "" where it may go on.

    Where the learning rate falls along a schedule trials gain again after long, and by those that did this one goes on.

    Args:
        curve: as `counted` gives it, of the best so far; of others that were trained to their end in `ended`.
    """
    points, stalled = len(curve), stall(curve)
    if not isinstance(rule, Halving | Hyperband) or stalled < _LEAST_STALL or not np.isfinite(curve[-1]):
        return ""
    sound = [other for other in ended if len(other) > points and np.isfinite(other[points - 1])]
    alike = [other for other in sound if stall(other[:points]) >= stalled]
    gained = sum(bool(_better(float(other[-1]), float(other[points - 1]))) for other in alike)
    if (gained + 1) / (len(alike) + 2) > _RARELY:  # Laplace's rule of succession
        return ""
    best, better = _found_at(curve), f"{gained:,}" if gained else "none"
    return (
        f"Ended after epoch {points:,} with its result: its best was epoch {best:,}, and of {len(alike):,} others that "
        f"had gone as long without a better one {better} found one later."
    )


def carried_on(curve: Curve, points: int) -> Curve:
    """Of a trial that ended by itself before so many values: its last one stands for those that it did not need."""
    return np.append(curve, np.full(max(0, points - len(curve)), curve[-1])) if len(curve) else curve


def judged_at(rule: Pruning, number: int, most: int, total: int | None = None) -> list[int]:
    """Numbers of values, up to `most`, at which a trial is judged by ASHA or Hyperband; none by other rules."""
    if not isinstance(rule, Halving | Hyperband):
        return []
    return [each for each in _rungs_of(rule, number, most, total) if is_due(rule, number, each, total)]


def _rungs_of(rule: Halving | Hyperband, number: int, most: int, total: int | None) -> list[int]:
    first = _first_of_bracket(rule, number) if isinstance(rule, Hyperband) else rule.first or _usual(rule, total)
    return [each for each in _rungs(first, rule.factor, most) if each <= most]


def _usual(rule: Halving, total: int | None) -> int:
    """Two rungs before the end. Earlier ones tell little, above all where the learning rate falls along a schedule."""
    return max(1, (total or 1) // rule.factor**2)


def _first_of_bracket(rule: Hyperband, number: int) -> int:
    return int(rule.first * rule.factor ** (number % rule.brackets))


def _rungs(first: int, factor: int, points: int) -> list[int]:
    rungs = [first]
    while rungs[-1] < points:
        rungs.append(rungs[-1] * factor)
    return rungs


def _below_median(rule: Median, points: int, own: float, there: Sequence[float], unit: str) -> str:
    if len(there) < rule.others or own <= float(np.median(there)):
        return ""
    values = plural(points, unit)
    return f"After {values} it was worse than the median of the {len(there)} others that came that far."


def _not_promoted(factor: int, points: int, own: float, there: Sequence[float], unit: str) -> str:
    """It must be among the best part of all that came to this rung, or the best of them (ASHA's stopping rule)."""
    better, all_of_them = int(_better(np.array(there), own).sum()), len(there) + 1
    if better < max(1, all_of_them // factor):
        return ""
    place = f"number {better + 1:,} of the {all_of_them:,} that had come there by then"
    return f"At {unit} {points:,}, a rung, it was {place}; one in {factor} goes on."
