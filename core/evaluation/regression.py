"""What a regression's test predictions say, in the target's unit."""

import numpy as np
from sklearn.metrics import mean_absolute_error, median_absolute_error, r2_score, root_mean_squared_error

from core.data.base import Array
from core.data.histogram import histogram
from core.evaluation.operating_curves import thinned
from core.evaluation.report import Regression, defined

_PERCENTS = (0, 5, 25, 50, 75, 95, 100)
_BINS = 40


def regression(predicted: Array, true: Array) -> Regression:
    """Both [examples], all numbers, at least one."""
    predicted, true = predicted.astype(np.float64), true.astype(np.float64)
    residuals = true - predicted
    # Spread over the range of the target: evenly by rank.
    places = np.argsort(true, kind="stable")[thinned(len(true))]
    counts, edges = histogram(residuals, min(_BINS, max(1, int(np.sqrt(len(true))) * 2)))
    return Regression(
        mae=float(mean_absolute_error(true, predicted)),
        rmse=float(root_mean_squared_error(true, predicted)),
        r2=defined(float(r2_score(true, predicted))) if np.ptp(true) else None,
        median_error=float(median_absolute_error(true, predicted)),
        below=float((true <= predicted).mean()),
        quantiles={f"{percent} %": float(np.percentile(residuals, percent)) for percent in _PERCENTS},
        points=tuple((int(place), float(true[place]), float(predicted[place])) for place in places),
        edges=tuple(edges.tolist()),
        counts=tuple(counts.tolist()),
    )


def notices(true: Array) -> list[str]:
    if len(true) and not np.ptp(true):
        return ["Every test example has the same target: R² is not defined."]
    return []
