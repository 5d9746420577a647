"""Centre and band of the values of a group: the same for its curves, its row of a table, its point and its line."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from db.records import RunRecord, RunState

Centre = Literal["mean", "median", "IQM"]
BANDS = ("min to max", "std", "95 % interval", "bootstrap")
_BOOTSTRAP = BANDS[3]
N_TOLD = (
    "n: how many seeds or folds count, or will once they are at rest; not what failed, was lost or pruned, by what a "
    "search chose a config, or again one that is there already."
)
_AT_ONCE = 100  # rows, so that what is drawn of fifty runs fits into memory
_DRAWN, _SEED = 400, 0  # groups drawn from the runs with replacement; the same runs have the same band
_WHY = {RunState.FAILED: "failed", RunState.LOST: "lost", RunState.PRUNED: "pruned"}


@dataclass(frozen=True)
class How:
    """How a group is summed up; as by default, its mean and its extremes."""

    centre: Centre = "mean"
    band: str = BANDS[0]  # one of BANDS


PLAIN = How()


@dataclass(frozen=True)
class Spread:
    """What a group has of one metric. `value`, `low` and `high` are NaN of none."""

    value: float
    low: float
    high: float
    n: int  # seeds, each of which counts once
    missing: str = ""  # of which states the runs are that are not in it: "1 failed, 2 unfinished"

    @property
    def told(self) -> str:
        """How many it stands for, and what is missing."""
        return f"n={self.n}" + (f"; {self.missing}" if self.missing else "")


def spread_of(values: Sequence[float], how: How, missing: str = "") -> Spread:
    """`values`: one of each seed."""
    if not values:
        return Spread(math.nan, math.nan, math.nan, 0, missing)
    if len(values) == 1:
        return Spread(values[0], values[0], values[0], 1, missing)
    row = pd.DataFrame([values])
    low, high = ends(row, how)
    return Spread(float(centres(row, how.centre)[0]), float(low[0]), float(high[0]), len(values), missing)


def missing_told(without: Iterable[tuple[RunRecord, float]], left_out: Iterable[RunRecord] = ()) -> str:
    """Of runs that do not count, with their values, NaN of none; and of those that are left out though they would."""
    why = [_why_not(run, value) for run, value in without]
    why += ["by which a search chose it" if run.told_search else "that gave the very same" for run in left_out]
    return ", ".join(f"{count} {each}" for each, count in Counter(why).items())


def _why_not(run: RunRecord, value: float) -> str:
    if not run.state.is_finished:
        return "unfinished"
    return _WHY.get(run.state, "without a value" if math.isnan(value) else "diverged")


def centres(values: pd.DataFrame, centre: Centre) -> NDArray[np.float64]:
    """Of each row, NaN left out. IQM: a quarter is cut off at either end, of fewer than four values none."""
    if centre == "mean":
        return values.mean(axis=1).to_numpy()
    if centre == "median":
        return values.median(axis=1).to_numpy()
    ordered = np.sort(values.to_numpy(float), axis=1)  # NaN at the end
    counts = (~np.isnan(ordered)).sum(axis=1, keepdims=True)
    places, cut = np.arange(ordered.shape[1]), counts // 4
    inner = (places >= cut) & (places < counts - cut)
    total = np.where(inner, ordered, 0.0).sum(axis=1)
    kept = inner.sum(axis=1)
    return np.where(kept > 0, total / np.maximum(kept, 1), np.nan)


def ends(values: pd.DataFrame, how: How) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the band of each row begins and ends; of a single value, and of none, there is no width.

    The deviation, and Student's 95 % interval, are of the mean, around whatever centre. The bootstrap's is of the
    centre itself: percentiles of what it is over runs drawn with replacement, which of three runs is too narrow.
    """
    if how.band == BANDS[0]:
        return values.min(axis=1).to_numpy(), values.max(axis=1).to_numpy()
    middle = centres(values, how.centre)
    if how.band == _BOOTSTRAP:
        low, high = _bootstrapped(values.to_numpy(float), how.centre)
        return np.where(np.isnan(low), middle, low), np.where(np.isnan(high), middle, high)
    deviations, counts = values.std(axis=1).to_numpy(), values.notna().sum(axis=1).to_numpy()
    half = np.nan_to_num(deviations if how.band == BANDS[1] else half_interval(deviations, counts))
    return middle - half, middle + half


def _bootstrapped(values: NDArray[np.float64], centre: Centre) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each row; NaN of fewer than two values. In all rows that the same runs have, the same ones are drawn."""
    found = np.full((2, len(values)), np.nan)
    patterns, which = np.unique(~np.isnan(values), axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        count = int(pattern.sum())
        if count < 2:
            continue
        picked = np.random.default_rng(_SEED).integers(0, count, (_DRAWN, count))
        rows = np.flatnonzero(which.ravel() == number)
        for some in np.array_split(rows, -(-len(rows) // _AT_ONCE)):
            drawn = _dense(values[some][:, pattern][:, picked], centre)
            found[:, some] = np.percentile(drawn, (2.5, 97.5), axis=1)
    return found[0], found[1]


def _dense(values: NDArray[np.float64], centre: Centre) -> NDArray[np.float64]:
    """The centre over the last axis, where no value is missing."""
    if centre == "IQM":
        cut = values.shape[-1] // 4
        return np.asarray(np.sort(values, axis=-1)[..., cut : values.shape[-1] - cut].mean(axis=-1))
    return np.asarray(values.mean(axis=-1) if centre == "mean" else np.median(values, axis=-1))


def half_interval(deviations: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Half the width of Student's 95 % interval of the mean; NaN of fewer than two."""
    freedom = np.where(counts > 1, counts - 1, 1)
    return np.where(counts > 1, stdtrit(freedom, 0.975) * deviations / np.sqrt(np.maximum(counts, 1)), np.nan)
