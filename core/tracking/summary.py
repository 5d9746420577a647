"""A metric's summary, kept up to date point by point, whole batches at once."""

import math
from dataclasses import replace

from core.tracking.downsampling import stride
from core.tracking.goals import Goal
from db.records import Series, Summary

CURVE_POINTS = 64


def empty(run_id: int, metric: str) -> Summary:
    return Summary(run_id, metric, math.nan, math.nan, math.nan, math.nan, best_step=0, last_step=0, count=0)


def extended(
    summary: Summary,
    points: Series,
    goal: Goal,
    best_from: int | None = None,
    revision: int = 0,
) -> Summary:
    """The summary with more points, at least one. NaN counts as a point and can be the last, but never is the best.

    Args:
        best_from: the step from which on a value may be the best; None where any may.
        revision: of what comes of it.
    """
    # As plain numbers: most batches are of a few values, of which arrays take ten times as long.
    last_at = points.wall_time.item(-1)
    numbers = points.value.tolist()
    if len(numbers) == 1:
        return _with(summary, points.step.item(0), numbers[0], last_at, goal, best_from, revision)
    low, high, best, best_step = summary.min, summary.max, summary.best, summary.best_step
    known = [value for value in numbers if value == value]
    if known:
        low = min(known) if math.isnan(low) else min(low, min(known))
        high = max(known) if math.isnan(high) else max(high, max(known))
    at = points.step.tolist()
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
        _spaced(summary, numbers),
        summary.last_sequence,
        last_at,
        revision,
    )


def _with(
    summary: Summary, step: int, value: float, at: float, goal: Goal, best_from: int | None, revision: int
) -> Summary:
    """With one point more; a run may have thousands of metrics, which come together, each with one."""
    low, high, best, best_step = summary.min, summary.max, summary.best, summary.best_step
    if value == value:  # and each of the others may be NaN, to which nothing compares
        low = low if low <= value else value
        high = high if high >= value else value
        is_better = best != best or (value < best if goal == "min" else value > best)
        if is_better and (best_from is None or step >= best_from):
            best, best_step = value, step
    count, spaced = summary.count + 1, _spaced(summary, [value])
    told = (summary.run_id, summary.metric, value, best, low, high, best_step, step, count, spaced)
    return Summary(*told, summary.last_sequence, at, revision)


def kept(summary: Summary, than: Summary) -> Summary:
    """`summary` with the last value, its place and its time, of another."""
    told = replace(summary, last=than.last, last_step=than.last_step, last_sequence=than.last_sequence)
    return replace(told, last_at=than.last_at)


def _spaced(summary: Summary, values: list[float]) -> str:
    """Every n-th value from the first on, n the least power of two that gives at most CURVE_POINTS of them."""
    new = values
    if summary.count + len(values) > CURVE_POINTS:
        before = stride(summary.count, CURVE_POINTS)
        every = stride(summary.count + len(values), CURVE_POINTS)
        offset = -summary.count % every  # position in `values` of the next point whose number is a multiple
        new = values[offset::every]
        if every != before:
            return _told([*summary.curve[:: every // before], *new])
    if not new:
        return summary.spaced
    return f"{summary.spaced[:-1]}{', ' if summary.count else ''}{_told(new)[1:]}"


def _told(values: list[float]) -> str:
    """As json writes it, in half the time."""
    text = str(values)
    return text if "n" not in text else text.replace("nan", "null").replace("inf", "Infinity")
