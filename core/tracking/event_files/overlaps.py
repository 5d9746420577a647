"""Steps that were written twice, because a training went on from a point that lay before its last values."""

import numpy as np

from db.records import Series


def without_overlaps(series: Series, by_time: bool = False) -> Series:
    """Of the values at one step those that were written last, where steps fell back in between; the rest as it is.

    Several values at one step without such a fall are no repetition, and are all kept.

    Args:
        series: in the order of writing.
        by_time: that order is first made by the wall times, as when several files have written.
    """
    if by_time and len(series) and bool((np.diff(series.wall_time) < 0).any()):
        series = _taken(series, np.argsort(series.wall_time, kind="stable"))
    falls = np.diff(series.step) < 0
    if not falls.any():
        return series
    session = np.concatenate([[0], np.cumsum(falls)])
    steps, place = np.unique(series.step, return_inverse=True)
    last = np.zeros(len(steps), np.int64)
    np.maximum.at(last, place, session)
    kept = np.flatnonzero(session == last[place])
    return _taken(series, kept[np.argsort(series.step[kept], kind="stable")])


def _taken(series: Series, places: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> Series:
    return Series(series.step[places], series.value[places], series.wall_time[places])
