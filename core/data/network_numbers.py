"""Numbers stay float64 until they are centred: what is done before a network, which computes in float32, sees them.

A float32 has 24 bits: of 1,700,000,000 ± 10 all but two values are lost. So targets of a regression are scaled here,
and numeric inputs where float32 could not hold them, by statistics of the training part; outputs are scaled back here.
The statistics are kept with a run's checkpoints, so that what is asked later is scaled as what was learned from.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.common.errors import DataError
from core.data.base import NUMBERS, Array, Dataset, Examples
from core.data.number_scaling import Columns, Numbers, Target, TargetScaling, of_inputs

_ROUNDED = 170.0  # times its deviation, beyond which a column of rounded values is centred: the error is 1e-5 of it
_LARGE = 1e5  # the same for a column whose values are exact in float32: its mean is not
_DEVIATIONS = 1e-4, 1e12  # that a network's own normalisation copes with
_LEAST_UNIT = 1e-30  # of a logarithm, in greatest targets: what is smaller still counts as nearly 0
_NORMAL_QUARTILES = 1.349  # interquartile range of a normal distribution, in deviations


def measured(data: Dataset, kind: TargetScaling) -> Numbers:
    """By the training part of data as they were loaded. Raises DataError: targets that have no logarithm."""
    target = None
    if data.info.predicts_numbers:
        if kind == "log":
            _check_log(data)
        target = fit_target(data.y_train, kind)
    if data.info.kind == "series":  # what was is seen in the unit in which what comes is told
        return Numbers(_fit_inputs(data.x_train), target, lagged=True)
    return Numbers(_fit_inputs(data.x_train) if data.info.kind in ("rows", "table") else None, target)


def as_is(data: Dataset) -> Numbers:
    """Nothing is changed: what an earlier version trained scaled inside its network."""
    x = _numeric(data.x_train)
    if data.info.kind not in ("rows", "table") or x is None:
        return Numbers()
    return Numbers(Columns((0.0,) * x.shape[-1], (1.0,) * x.shape[-1]))


def scaled(data: Dataset, numbers: Numbers) -> Dataset:
    """As the network takes them; the test examples as they were stay beside."""
    changed = replace(
        data,
        x_train=of_inputs(numbers, data.x_train),
        x_val=of_inputs(numbers, data.x_val),
        x_test=of_inputs(numbers, data.x_test),
        numbers=numbers,
        rows_test=data.x_test if numbers.inputs is not None else None,
    )
    if numbers.target is None:
        return changed
    train, val, test = (numbers.target.apply(y) for y in (data.y_train, data.y_val, data.y_test))
    return replace(changed, y_train=train, y_val=val, y_test=test, targets_test=data.y_test)


def fit_target(y: Array, kind: TargetScaling) -> Target:
    """By the training targets; a single value is only centred."""
    values = y.astype(np.float64)
    if kind == "none" or not len(values):
        return Target("none")
    unit = 1.0
    if kind == "log":
        positive = values[values > 0]
        unit = max(float(np.median(positive)), float(values.max()) * _LEAST_UNIT) if len(positive) else 1.0
        values = np.log1p(values / unit)
    offset, deviation = _mean_and_deviation(values)
    if kind == "robust":
        low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
        offset, deviation = float(middle), float((high - low) / _NORMAL_QUARTILES) or deviation
    return Target(kind, offset, deviation or 1.0, unit)


def floats(array: Array) -> Array:
    """Numbers as float32 where that changes no value, else as float64: twice the memory only where it is needed."""
    if array.dtype == np.float32:
        return array
    if array.dtype.itemsize <= 2:  # no such number has more digits than a float32
        return array.astype(np.float32)
    with np.errstate(over="ignore"):
        short = array.astype(np.float32)
    return short if np.array_equal(short, array, equal_nan=array.dtype.kind == "f") else array.astype(np.float64)


def short(value: float) -> float:
    """A number with the fewest digits: of one that was stored as float32 0.1, and not 0.10000000149."""
    with np.errstate(over="ignore"):
        stored = np.float32(value)
    return float(str(stored)) if float(stored) == value else value


def as_written(value: float) -> str:
    """A number of the data as a file would have it: 5.1, 1700000003.25."""
    return f"{short(float(value)):.{15 if abs(value) >= 1e5 else 7}g}"


def _check_log(data: Dataset) -> None:
    known = [("training", data.series.target)] if data.series is not None else []
    for part, y in (*known, ("training", data.y_train), ("validation", data.y_val), ("test", data.y_test)):
        if wrong := int((y < 0).sum()):
            raise DataError(
                f"The target scaling log takes targets from 0 on; {wrong:,} of the {part} part are below, the least is "
                f"{y.min():g}. Take robust, or standard."
            )


def _numeric(x: Examples) -> Array | None:
    return x.get(NUMBERS) if isinstance(x, dict) else x


def _fit_inputs(x: Examples) -> Columns | None:
    numeric = _numeric(x)
    if numeric is None:
        return None
    flat = numeric.reshape(-1, numeric.shape[-1])
    pairs = [_fit_column(flat[:, column]) for column in range(flat.shape[1])]
    return Columns(tuple(offset for offset, _ in pairs), tuple(scale for _, scale in pairs))


def _fit_column(column: Array) -> tuple[float, float]:
    """Offset and scale; 0 and 1 where float32 and the network's own normalisation lose nothing."""
    values = np.asarray(column)
    values = values[np.isfinite(values)].astype(np.float64)
    if not len(values):
        return 0.0, 1.0
    mean, deviation = _mean_and_deviation(values)
    least, most = _DEVIATIONS
    if deviation and not least <= deviation <= most:
        return mean, deviation
    with np.errstate(over="ignore"):
        exact = np.array_equal(values.astype(np.float32), values)
    peak = float(np.abs(values).max())
    far = peak > _ROUNDED * deviation if not exact else peak > max(_LARGE * deviation, 2.0**20)
    return (mean, 1.0) if far else (0.0, 1.0)


def _mean_and_deviation(values: NDArray[np.float64]) -> tuple[float, float]:
    """Without an overflow, whatever the values; the deviation of values that are all the same is 0."""
    peak = float(np.abs(values).max())
    if not peak or values.min() == values.max():
        return float(values.flat[0]), 0.0  # of forecasts a row is several
    mean = float((values / peak).mean()) * peak
    width = float(np.abs(values - mean).max())
    return mean, float(np.sqrt(np.mean(((values - mean) / width) ** 2))) * width if width else 0.0
