"""What a network's forecasts of the test part are worth, beside those that need none."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.common.text import quantity
from core.data.base import Array, Dataset
from core.data.series_times import told
from core.evaluation.forecast_baselines import SEASONAL, baselines, scales, season_in_use, truth
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
    scale = scales(rows, season)[of]
    others = dict(baselines(data, season))
    network = scores("network", predicted[known], true[known], scale[known])
    compared = [scores(name, given[known], true[known], scale[known]) for name, given in others.items()]
    verdict, is_better = compare(network, compared)
    made = Forecast(
        network=network,
        baselines=tuple(compared),
        windows=int(known.sum()),
        series=len(np.unique(of[known])),
        horizon=rows.facts.horizon,
        frequency=told(rows.facts.frequency),
        season=season,
        dated=rows.facts.dated,
        verdict=verdict,
        is_better=is_better,
    )
    return made, _frame(predicted, true, others.get(SEASONAL), data)


def scores(name: str, given: Array, true: Array, scale: Array) -> ForecastScores:
    """All [windows, horizon]; `scale` [windows], NaN where it has none."""
    errors = np.abs(given - true)
    sizes = np.abs(given) + np.abs(true)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(sizes > 0, 200 * errors / sizes, 0.0)
    measured = np.isfinite(scale)
    scaled = errors[measured] / scale[measured, np.newaxis]
    steps = scaled.mean(axis=0).tolist() if len(scaled) else [None] * true.shape[1]
    return ForecastScores(
        name=name,
        mae=float(errors.mean()),
        rmse=float(np.sqrt(np.square(errors).mean())),
        mase=defined(float(scaled.mean())) if len(scaled) else None,
        smape=defined(float(shares.mean())),
        step_mae=tuple(errors.mean(axis=0).tolist()),
        step_mase=tuple(steps),
    )


def compare(network: ForecastScores, others: Sequence[ForecastScores]) -> tuple[str, bool]:
    """A sentence about the network and the best of the baselines, and whether it is better than each of them."""
    by_mase = all(each.mase is not None for each in (network, *others))
    measure = "MASE" if by_mase else "MAE"

    def value(each: ForecastScores) -> float:
        return each.mase if by_mase and each.mase is not None else each.mae

    best = min(others, key=value)
    rival = next((each for each in others if each.name == SEASONAL), best)
    mine = f"The network's {measure} of {quantity(value(network), 3)}"
    if value(network) >= value(best):
        than = f"the {best.name} forecast's of {quantity(value(best), 3)}"
        if rival is not best and value(network) < value(rival):
            below = f"{_below(value(network), value(rival))} below the {rival.name} forecast's"
            return f"{mine} is {below}, but not better than {than}: a far simpler model knows as much.", False
        return f"{mine} is not better than {than}: a far simpler forecast knows as much.", False
    told = [f"{_below(value(network), value(each))} below the {each.name} forecast's" for each in
            dict.fromkeys([rival, best])]  # fmt: skip
    return f"{mine} is {' and '.join(told)}{', the best baseline' if len(told) > 1 else ''}.", True


def _below(mine: float, other: float) -> str:
    return f"{100 * (other - mine) / other:.2g} %"


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
