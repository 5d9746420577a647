"""What anybody could forecast without a network: the last value, that of a season ago, and a linear model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from core.data.base import Array, Dataset
from core.data.series_facts import SeriesParts
from core.data.series_windows import outputs

Heed = Callable[[], object]
NAIVE, SEASONAL, LINEAR = "naive", "seasonal naive", "linear (ridge)"
_PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)
_MOST_VALUES = 20_000_000  # of the windows that the linear model is fitted to; of more, the latest
_MOST_COLUMNS = 4000
_NOTHING = 1e-12  # deviation of a column that is constant
_LEAST_SPREAD = 1e-2  # as in core.architectures.build.window_scaling


def season_in_use(rows: SeriesParts) -> int:
    """The season, as long as some series has more than one of it to learn from; otherwise 1."""
    learned = np.bincount(rows.series[rows.learned], minlength=1)
    return rows.facts.season if rows.facts.season < learned.max() else 1


@dataclass(frozen=True, eq=False)
class Plain:
    """A forecast of the test windows, float64 [windows, horizon] in the target's unit."""

    name: str
    values: Array
    fitted_on: int  # training windows
    notes: tuple[str, ...] = ()


def plain_forecasts(data: Dataset, season: int, heed: Heed) -> Iterator[Plain]:
    """The simplest first.

    Args:
        data: as the network takes them.
        heed: called again and again; what it raises ends it.
    """
    rows = data.series
    assert rows is not None
    every, columns = len(data.y_train), _columns(data)
    linear = columns <= _MOST_COLUMNS
    why = () if linear else (f"no linear forecast, as windows of {columns:,} numbers are too long for one",)
    yield Plain(NAIVE, naive(rows), every, () if season > 1 else why)
    if season > 1:
        yield Plain(SEASONAL, seasonal_naive(rows, season), every, why)
    if linear:
        latest = _latest(data, max(1, _MOST_VALUES // columns))
        found = ridge(data, latest, heed)
        yield Plain(LINEAR, found if data.numbers is None else data.numbers.of_outputs(found), len(latest))


def naive(rows: SeriesParts) -> Array:
    """The last value goes on."""
    return np.repeat(rows.target[rows.starts - 1][:, np.newaxis], rows.facts.horizon, axis=1)


def seasonal_naive(rows: SeriesParts, season: int) -> Array:
    """The value a season before, of those known; the last one where the series has none so early."""
    steps = np.arange(rows.facts.horizon)
    back = season * (steps // season + 1)
    places = rows.starts[:, np.newaxis] + steps - back
    inside = places >= 0
    inside &= rows.series[np.maximum(places, 0)] == rows.series[rows.starts][:, np.newaxis]
    return np.where(inside, rows.target[np.maximum(places, 0)], naive(rows))


def _latest(data: Dataset, most: int) -> Array:
    """Places of the latest training windows, of all series together."""
    assert data.series is not None
    order = np.argsort(data.series.times[data.series.trained], kind="stable")
    return np.sort(order[-most:])


def _columns(data: Dataset) -> int:
    assert not isinstance(data.x_train, dict)
    return int(np.prod(data.x_train.shape[1:]))


def ridge(data: Dataset, latest: Array, heed: Heed) -> Array:
    """A linear function of all that the network sees, by the penalty that is best in validation; scaled as its outputs.

    Args:
        latest: training windows that it is fitted to.
        heed: called before each fit.
    """
    from sklearn.linear_model import Ridge

    assert not isinstance(data.x_train, dict)
    x_train = data.x_train[latest]
    levels, spreads = _of_windows(x_train, data)
    y = (np.asarray(data.y_train[latest], np.float64) - levels) / spreads
    x = _flat(x_train, levels, spreads)
    middle, spread = x.mean(axis=0), x.std(axis=0)
    spread[spread < _NOTHING] = 1

    def forecast(model: Ridge, windows: Array) -> Array:
        levels, spreads = _of_windows(windows, data)
        given: Array = model.predict((_flat(windows, levels, spreads) - middle) / spread).reshape(len(windows), -1)
        return given * spreads + levels

    fitted = []
    for penalty in _PENALTIES if len(data.y_val) else (1.0,):
        heed()
        fitted.append(Ridge(penalty).fit((x - middle) / spread, y))
    best, *others = fitted
    if others:
        held_back: Array = data.x_val  # type: ignore[assignment]
        best = min([best, *others], key=lambda model: float(np.square(forecast(model, held_back) - data.y_val).mean()))
    return forecast(best, data.x_test)  # type: ignore[arg-type]


def _of_windows(x: Array, data: Dataset) -> tuple[Array, Array]:
    """What the network measures windows by, [windows, 1]: the target's level and spread."""
    scaling = data.info.series.scaling if data.info.series else "none"
    target = np.asarray(x[:, :, 0], np.float64)
    levels = target.mean(axis=1, keepdims=True) if scaling != "none" else np.zeros((len(x), 1))
    spreads = np.maximum(target.std(axis=1, keepdims=True), _LEAST_SPREAD) if scaling == "level and spread" else 1.0
    return levels, np.broadcast_to(spreads, levels.shape)


def _flat(x: Array, levels: Array, spreads: Array) -> Array:
    """float64 [windows, steps * channels], the target measured by its window."""
    found = np.array(x, np.float64)
    found[:, :, 0] = (found[:, :, 0] - levels) / spreads
    return found.reshape(len(x), -1)


def scales(rows: SeriesParts, season: int) -> Array:
    """Of each series, the mean absolute error of the seasonal naive forecast one season ahead over the training part;
    NaN where it is 0 or not to be had. Hyndman and Koehler, "Another look at measures of forecast accuracy" (2006).
    """
    known = rows.learned & rows.observed
    pairs = known[season:] & known[:-season] & (rows.series[season:] == rows.series[:-season])
    errors = np.abs(rows.target[season:] - rows.target[:-season])
    of = rows.series[season:][pairs]
    size = len(rows.facts.ids)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.bincount(of, errors[pairs], minlength=size) / np.bincount(of, minlength=size)
    return np.where(found > 0, found, np.nan)


def truth(rows: SeriesParts) -> Array:
    """float64 [windows, horizon]."""
    return outputs(rows.target, rows.starts, rows.facts.horizon)
