"""What a network's forecasts of the test part are worth, beside those that need none."""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from core.data.base import Array, Dataset
from core.data.series_times import told
from core.evaluation.baseline_scores import Baseline
from core.evaluation.forecast_baselines import plain_forecasts, scales, season_in_use, seasonal_naive, truth
from core.evaluation.forecast_report import Forecast, ForecastScores
from core.evaluation.report import defined

TIME, TRUE, PREDICTED, SEASON = (
    "time ",
    "true ",
    "predicted ",
    "seasonal ",
)  # of columns, with the step ahead behind, from 1
_MOST_STEPS = 500  # that are written out


def forecast(predicted: Array, data: Dataset, known: Array) -> tuple[Forecast, pd.DataFrame]:
    """The scores, and a row for each window of the test part.

    Args:
        predicted: [windows, horizon] in the target's unit.
        known: whether all of a window are numbers, [windows]; at least one is.
    """
    rows = data.series
    assert rows is not None
    season = season_in_use(rows)
    true = truth(rows)
    of = rows.series[rows.starts]
    made = Forecast(
        network=scores(predicted[known], true[known], scales(rows, season)[of][known]),
        windows=int(known.sum()),
        series=len(np.unique(of[known])),
        horizon=rows.facts.horizon,
        frequency=told(rows.facts.frequency),
        season=season,
        dated=rows.facts.dated,
    )
    return made, _frame(predicted, true, seasonal_naive(rows, season) if season > 1 else None, data)


def baselines(data: Dataset, heed: Callable[[], object]) -> Iterator[Baseline]:
    """Forecasts of the test windows that need no network, by the same scores. For the arguments see
    core.evaluation.baselines.
    """
    rows = data.series
    assert rows is not None
    season = season_in_use(rows)
    true, scale = truth(rows), scales(rows, season)[rows.series[rows.starts]]
    started = time.monotonic()
    for made in plain_forecasts(data, season, heed):
        heed()
        found = scores(made.values, true, scale)
        yield Baseline(
            name=made.name,
            metrics=found.metrics(),
            step_mae=found.step_mae,
            fitted_on=made.fitted_on,
            available=len(data.y_train),
            taken="the latest",
            notes=made.notes,
            seconds=round(time.monotonic() - started, 3),
        )
        started = time.monotonic()


def scores(given: Array, true: Array, scale: Array) -> ForecastScores:
    """All [windows, horizon]; `scale` [windows], NaN where it has none."""
    errors = np.abs(given - true)
    sizes = np.abs(given) + np.abs(true)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(sizes > 0, 200 * errors / sizes, 0.0)
    measured = np.isfinite(scale)
    scaled = errors[measured] / scale[measured, np.newaxis]
    return ForecastScores(
        mae=float(errors.mean()),
        rmse=float(np.sqrt(np.square(errors).mean())),
        mase=defined(float(scaled.mean())) if len(scaled) else None,
        smape=defined(float(shares.mean())),
        step_mae=tuple(errors.mean(axis=0).tolist()),
    )


def _frame(predicted: Array, true: Array, seasonal: Array | None, data: Dataset) -> pd.DataFrame:
    """Columns index, series, and of each step ahead its time (seconds since 1970, or the number), the true and the
    predicted value, and the seasonal naive one.
    """
    rows = data.series
    assert rows is not None
    columns: dict[str, Array] = {
        "index": np.arange(len(true), dtype=np.int64),
        "series": np.array(rows.facts.ids, object)[rows.series[rows.starts]],
    }
    for step in range(min(true.shape[1], _MOST_STEPS)):
        columns[f"{TIME}{step + 1}"] = rows.times[rows.starts + step]
        columns[f"{TRUE}{step + 1}"] = true[:, step]
        columns[f"{PREDICTED}{step + 1}"] = predicted[:, step]
        if seasonal is not None:
            columns[f"{SEASON}{step + 1}"] = seasonal[:, step]
    return pd.DataFrame(columns)
