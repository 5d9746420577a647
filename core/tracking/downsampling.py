"""Fewer points than a chart can show, without losing what a person looks for: peaks, dips, gaps and both ends."""

import numpy as np
from numpy.typing import NDArray

from db.records import Curve, Series

MAX_POINTS = 1000  # a trace; more than a chart has pixels across
LEAST = 5  # both ends, and a bucket's lowest, highest and missing value

_NONE = np.empty(0, np.int64)
EMPTY = Curve(0, _NONE, Series(_NONE, np.empty(0), np.empty(0)))


def downsample(series: Series, max_points: int = MAX_POINTS) -> Series:
    """At most `max_points` points of the series, in step order, at the steps where they were recorded.

    The first and the last point are kept; the rest is cut into buckets of equal count, and each keeps its lowest and
    its highest value, and one NaN when it has any, so that a gap in the curve stays a gap.

    Raises:
        ValueError: fewer than 5 points asked for.
    """
    return extended(EMPTY, series, max_points).points


def extended(curve: Curve, series: Series, max_points: int = MAX_POINTS) -> Curve:
    """The curve with points that come after, as `downsample` would make it of all that ever came.

    A bucket's count is a power of two, so that those of a longer series are made of whole buckets of a shorter one and
    what was left out before is not missed now. That holds while `max_points` does not grow.

    Raises:
        ValueError: fewer than 5 points asked for.
    """
    if max_points < LEAST:
        raise ValueError(f"A curve needs at least {LEAST} points; received max_points={max_points}.")
    count = curve.count + len(series)
    place = np.concatenate([curve.place, np.arange(curve.count, count)])
    points = series if not curve.count else _joined(curve.points, series)
    sequence = _sequence(curve, series)
    if count <= max_points:
        return Curve(count, place, points, sequence)
    kept = _kept(place // _bucket_size(count, max_points, points.value), points.value)
    return Curve(count, place[kept], Series(points.step[kept], points.value[kept], points.wall_time[kept]), sequence)


def _sequence(curve: Curve, series: Series) -> int:
    """Which of the values at its step the last point is; steps do not fall."""
    if not len(series):
        return curve.sequence
    step = series.step[-1]
    first = int(np.searchsorted(series.step, step))
    goes_on = first == 0 and curve.count > 0 and curve.points.step[-1] == step
    return len(series) - first - 1 + (curve.sequence + 1 if goes_on else 0)


def stride(count: int, most: int) -> int:
    """The least power of two that divides `count` things into at most `most` equal parts."""
    return 1 << max(0, -(-count // most) - 1).bit_length()


def _bucket_size(count: int, max_points: int, values: NDArray[np.float64]) -> int:
    return stride(count, (max_points - 2) // (3 if np.isnan(values).any() else 2))


def _kept(bucket: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Positions of both ends and of each bucket's extremes and first missing value, rising."""
    gap = np.isnan(values)
    starts = _starts(bucket)
    sizes = np.diff(starts, append=len(bucket))
    # A missing value must not win. Where it ties, against infinity in a bucket of nothing else, the other search finds
    # the infinity, and this place is the gap that is kept anyway.
    low, high = np.where(gap, np.inf, values), np.where(gap, -np.inf, values)
    kept = np.zeros(len(bucket), np.bool_)
    kept[[0, -1]] = True
    kept[_first(low == np.repeat(np.minimum.reduceat(low, starts), sizes), bucket)] = True
    kept[_first(high == np.repeat(np.maximum.reduceat(high, starts), sizes), bucket)] = True
    kept[_first(gap, bucket)] = True
    return np.flatnonzero(kept)


def _first(marked: NDArray[np.bool_], bucket: NDArray[np.int64]) -> NDArray[np.int64]:
    """The position of the first marked value of each bucket that has one."""
    positions = np.flatnonzero(marked)
    return positions[_starts(bucket[positions])]


def _starts(bucket: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where a bucket begins; they rise."""
    begins = np.ones(len(bucket), np.bool_)
    np.not_equal(bucket[1:], bucket[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def _joined(first: Series, second: Series) -> Series:
    return Series(
        np.concatenate([first.step, second.step]),
        np.concatenate([first.value, second.value]),
        np.concatenate([first.wall_time, second.wall_time]),
    )
