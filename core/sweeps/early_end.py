"""When a trial is stopped early, by the values that its metric had so far and those that others had by then.

Each rule looks at a trial's values after 1, 2, … of them, as they would count if it ended there, and at those of all
others. They are pure functions of what is stored, so that a search that was interrupted decides as it would have.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.sweeps.definition import Halving, Hyperband, Median, Pruning

Curve = NDArray[np.float64]


def counted(values: Curve, *, is_min: bool, best: bool) -> Curve:
    """What the goal would be after each value; smaller is better afterwards. NaN counts as the worst there is."""
    signed = np.where(np.isfinite(values), values if is_min else -values, np.inf)
    return np.minimum.accumulate(signed) if best and len(signed) else signed


def why_pruned(rule: Pruning, number: int, curve: Curve, others: Mapping[int, Curve]) -> str:
    """Why the trial of this number is to end now, "" where it may go on.

    Args:
        curve: as `counted` gives it, of the trial; of others by their numbers, whether they are at work or over.
    """
    match rule:
        case Median():
            return _below_median(rule, curve, list(others.values()))
        case Halving():
            return _not_promoted(rule.first, rule.factor, curve, list(others.values()))
        case Hyperband():
            bracket = number % rule.brackets
            alike = [other for key, other in others.items() if key % rule.brackets == bracket]
            return _not_promoted(rule.first * rule.factor**bracket, rule.factor, curve, alike)
        case _:
            return ""


def _below_median(rule: Median, curve: Curve, others: Sequence[Curve]) -> str:
    step = len(curve)
    there = [other[step - 1] for other in others if len(other) >= step] if step else []
    if step < rule.first or len(there) < rule.others:
        return ""
    middle = float(np.median(there))
    if curve[-1] <= middle:
        return ""
    return f"After {step} values it was worse than the median of the {len(there)} others that came that far."


def _not_promoted(first: int, factor: int, curve: Curve, others: Sequence[Curve]) -> str:
    """At the last rung that it has reached, it must be among the best part of all that did (ASHA's stopping rule)."""
    rung = first
    if len(curve) < rung:
        return ""
    while rung * factor <= len(curve):
        rung *= factor
    value = curve[rung - 1]
    there = [other[rung - 1] for other in others if len(other) >= rung]
    better = sum(other < value for other in there)
    places = max(1, (len(there) + 1) // factor)
    if better < places:
        return ""
    return f"At rung {rung} it was number {better + 1} of {len(there) + 1}; {places} go on."
