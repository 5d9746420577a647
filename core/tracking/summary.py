"""A metric's summary, kept up to date point by point, whole batches at once."""

import math

import numpy as np
from numpy.typing import NDArray

from core.tracking.downsampling import stride
from core.tracking.goals import Goal
from db.records import Summary

CURVE_POINTS = 64


def empty(run_id: int, metric: str) -> Summary:
    return Summary(run_id, metric, math.nan, math.nan, math.nan, math.nan, best_step=0, last_step=0, count=0)


def extended(
    summary: Summary, steps: NDArray[np.int64], values: NDArray[np.float64], goal: Goal, best_from: int | None = None
) -> Summary:
    """The summary with more points, at least one. NaN counts as a point and can be the last, but never is the best.

    Args:
        best_from: the step from which on a value may be the best; None where any may.
    """
    low, high, best, best_step = summary.min, summary.max, summary.best, summary.best_step
    # As plain numbers: most batches are of a few values, of which arrays take ten times as long.
    numbers = values.tolist()
    known = [value for value in numbers if value == value]
    if known:
        low = min(known) if math.isnan(low) else min(low, min(known))
        high = max(known) if math.isnan(high) else max(high, max(known))
    at = steps.tolist()
    places = [
        place for place, value in enumerate(numbers) if value == value and (best_from is None or at[place] >= best_from)
    ]
    if places:
        choose = min if goal == "min" else max
        place = choose(places, key=numbers.__getitem__)  # of equal ones the first
        value = numbers[place]
        if math.isnan(best) or (value < best if goal == "min" else value > best):
            best, best_step = value, at[place]
    return Summary(
        summary.run_id,
        summary.metric,
        numbers[-1],
        best,
        low,
        high,
        best_step,
        at[-1],
        summary.count + len(numbers),
        _curve(summary, numbers),
        summary.last_sequence,
        summary.revision,
    )


def ended(summary: Summary, last_sequence: int, revision: int) -> Summary:
    """As it is stored. Written out: a run may have thousands, each time, and `replace` takes longer than all else."""
    told = (summary.run_id, summary.metric, summary.last, summary.best, summary.min, summary.max, summary.best_step)
    return Summary(*told, summary.last_step, summary.count, summary.curve, last_sequence, revision)


def _curve(summary: Summary, values: list[float]) -> tuple[float, ...]:
    """Every n-th value from the first on, n the least power of two that gives at most CURVE_POINTS of them."""
    before = stride(summary.count, CURVE_POINTS)
    every = stride(summary.count + len(values), CURVE_POINTS)
    offset = -summary.count % every  # position in `values` of the next point whose number is a multiple
    return (*summary.curve[:: every // before], *values[offset::every])
