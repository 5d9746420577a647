"""Files of media as data that charts and pages draw: histograms over steps, tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.common.errors import DataError

BINS = 60  # of the common grid
_LARGEST = 64 * 2**20  # bytes of a file that is read
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Histogram:
    """How often values lie between edges: [bins + 1] and [bins]."""

    edges: Numbers
    counts: Numbers


@dataclass(frozen=True)
class HistogramsOverSteps:
    """Histograms on common bins: steps [n], edges [bins + 1], share of a step's values in each bin [bins, n]."""

    steps: Sequence[int]
    edges: Numbers
    shares: Numbers


def read_json(path: Path) -> Any:
    """Raises DataError: it is too large, gone, or no JSON."""
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(
                f"{path.name} has more than {_LARGEST // 2**20} MiB, and is not drawn. Download the run's files."
            )
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path.name} cannot be read: {error}.") from error


def histogram_of(told: Any) -> Histogram:
    """Of {"left", "right", "count"}; bins without finite edges are left out. Raises DataError."""
    try:
        columns = [np.array([np.nan if each is None else each for each in told[name]], float) for name in _COLUMNS]
        left, right, counts = columns
        kept = np.isfinite(left) & np.isfinite(right) & np.isfinite(counts) & (right >= left)
        left, right, counts = left[kept], right[kept], counts[kept]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise DataError(f"The histogram is not as it is written: {error}.") from error
    if not len(counts):
        raise DataError("The histogram has no bins with finite edges.")
    return Histogram(np.append(left, right[-1]), counts)


_COLUMNS = ("left", "right", "count")


def over_steps(found: Sequence[tuple[int, Histogram]], bins: int = BINS) -> HistogramsOverSteps:
    """Histograms with bins of their own on common ones; what a bin holds is taken as spread evenly over it."""
    low = min(float(each.edges[0]) for _, each in found)
    high = max(float(each.edges[-1]) for _, each in found)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, bins + 1)
    shares = np.zeros((bins, len(found)))
    for place, (_, each) in enumerate(found):
        total = each.counts.sum()
        below = np.concatenate([[0.0], np.cumsum(each.counts)]) / (total or 1.0)
        # A bin of no width holds all of it at one place, which interpolation sees as a jump.
        shares[:, place] = np.diff(np.interp(edges, _rising(each.edges), below, left=0.0, right=below[-1]))
    return HistogramsOverSteps([step for step, _ in found], edges, shares)


def _rising(edges: Numbers) -> Numbers:
    """Never twice the same, by the smallest number that makes a difference."""
    step = np.spacing(np.maximum(np.abs(edges).max(), 1e-300)) * np.arange(len(edges))
    rising: Numbers = np.maximum.accumulate(edges) + step
    return rising


def table_of(told: Any) -> pd.DataFrame:
    """Of {"columns", "data"}; a column of several kinds becomes one of texts. Raises DataError."""
    if (
        not isinstance(told, Mapping)
        or not isinstance(told.get("columns"), list)
        or not isinstance(told.get("data"), list)
    ):
        raise DataError('The table is not as it is written: accepted is {"columns": […], "data": [[…]]}.')
    names: list[str] = []
    for name in map(str, told["columns"]):
        names.append(name if name not in names else f"{name} ({names.count(name) + len(names)})")
    rows = [row if isinstance(row, list) else [row] for row in told["data"]]
    if any(len(row) != len(names) for row in rows):
        raise DataError(f"The table has {len(names)} columns, and rows of another length.")
    frame = pd.DataFrame(rows, columns=names)
    for name in names:
        if frame[name].map(lambda each: isinstance(each, list | dict)).any() or frame[name].map(type).nunique() > 2:
            frame[name] = frame[name].map(str)
    return frame
