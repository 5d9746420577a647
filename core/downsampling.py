"""Fewer points than a chart can show, without losing what a person looks for: peaks, dips, gaps and both ends."""

import numpy as np

from db.records import Series

LEAST = 5  # both ends, and a bucket's lowest, highest and missing value


def downsample(series: Series, max_points: int = 1000) -> Series:
    """At most `max_points` points of the series, in step order, at the steps where they were recorded.

    The first and the last point are kept; the rest is cut into buckets of equal count, and each keeps its lowest and
    its highest value, and one NaN when it has any, so that a gap in the curve stays a gap.

    Raises:
        ValueError: fewer than 5 points asked for.
    """
    if max_points < LEAST:
        raise ValueError(f"A curve needs at least {LEAST} points; received max_points={max_points}.")
    count = len(series)
    if count <= max_points:
        return series
    missing = np.isnan(series.value)
    buckets = (max_points - 2) // (3 if missing.any() else 2)
    size = -(-count // buckets)
    # Filled up with the last value to equal buckets; places past the end mean the last point.
    value = np.pad(series.value, (0, buckets * size - count), mode="edge").reshape(buckets, size)
    gap = np.isnan(value)
    # A missing value must not win. Where it ties, against infinity in a bucket of nothing else, the other search finds
    # the infinity, and this place is the gap that is kept anyway.
    lowest = np.where(gap, np.inf, value).argmin(axis=1)
    highest = np.where(gap, -np.inf, value).argmax(axis=1)
    first_gap = np.where(gap.any(axis=1), gap.argmax(axis=1), lowest)
    places = np.concatenate([lowest, highest, first_gap]) + np.tile(np.arange(buckets) * size, 3)
    kept = np.unique(np.concatenate([[0], np.minimum(places, count - 1), [count - 1]]))
    return Series(series.step[kept], series.value[kept], series.wall_time[kept])
