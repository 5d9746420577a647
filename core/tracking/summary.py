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


def extended(summary: Summary, steps: NDArray[np.int64], values: NDArray[np.float64], goal: Goal) -> Summary:
    """The summary with more points, at least one. NaN counts as a point and can be the last, but never is the best."""
    low, high, best, best_step = summary.min, summary.max, summary.best, summary.best_step
    known = ~np.isnan(values)
    if known.any():
        finite = values[known]
        low, high = float(np.fmin(low, finite.min())), float(np.fmax(high, finite.max()))
        candidate = low if goal == "min" else high
        if candidate != best:  # the first step that reached it stays the best one
            best = candidate
            best_step = int(steps[known][np.argmin(finite) if goal == "min" else np.argmax(finite)])
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
