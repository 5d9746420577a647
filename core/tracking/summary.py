"""A metric's summary, kept up to date point by point, whole batches at once."""

import math
from dataclasses import replace

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
    known = ~np.isnan(values)
    if known.any():
        low, high = float(np.fmin(low, values[known].min())), float(np.fmax(high, values[known].max()))
    counts = known if best_from is None else known & (steps >= best_from)
    if counts.any():
        finite = values[counts]
        at = int(np.argmin(finite) if goal == "min" else np.argmax(finite))
        if np.isnan(best) or (finite[at] < best if goal == "min" else finite[at] > best):  # of equal ones the first
            best, best_step = float(finite[at]), int(steps[counts][at])
    return replace(
        summary,
        last=float(values[-1]),
        best=best,
        min=low,
        max=high,
        best_step=best_step,
        last_step=int(steps[-1]),
        count=summary.count + len(values),
        curve=_curve(summary, values),
    )


def _curve(summary: Summary, values: NDArray[np.float64]) -> tuple[float, ...]:
    """Every n-th value from the first on, n the least power of two that gives at most CURVE_POINTS of them."""
    before = stride(summary.count, CURVE_POINTS)
    every = stride(summary.count + len(values), CURVE_POINTS)
    offset = -summary.count % every  # position in `values` of the next point whose number is a multiple
    return (*summary.curve[:: every // before], *values[offset::every].tolist())
