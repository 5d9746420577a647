"""ROC and precision-recall curves, one class against the rest, and calibration."""

import numpy as np
from sklearn.metrics import auc, precision_recall_curve, roc_curve

from core.data.base import Array
from core.evaluation.report import Bin, Curve

MOST_POINTS = 500  # of one curve
MOST_CLASSES = 20  # with a curve each, of those that are told apart worst; all have their areas
BINS = 10
_DIGITS = 5
_GRID = np.linspace(0, 1, 201)  # for the mean of curves

Pair = tuple[Curve, Curve]  # ROC, precision-recall


def one_against_rest(name: str, positive: Array, score: Array) -> Pair | None:
    """Both curves; None unless there are examples of the class and of others."""
    if not 0 < positive.sum() < len(positive):
        return None
    false_rate, true_rate, _ = roc_curve(positive, score)
    precision, recall, _ = precision_recall_curve(positive, score, drop_intermediate=True)
    average = -float(np.sum(np.diff(recall) * precision[:-1]))  # as average_precision_score, without sorting again
    return (
        _curve(name, false_rate, true_rate, auc(false_rate, true_rate)),
        _curve(name, recall[::-1], precision[::-1], average),
    )


def shown(pairs: list[Pair]) -> tuple[tuple[Curve, ...], tuple[Curve, ...]]:
    """The curves worth storing: the classes that are told apart worst, after the mean of all."""
    if len(pairs) < 2:
        return tuple(roc for roc, _ in pairs), tuple(curve for _, curve in pairs)
    roc = sorted((roc for roc, _ in pairs), key=_area)[:MOST_CLASSES]
    precision_recall = sorted((curve for _, curve in pairs), key=_area)[:MOST_CLASSES]
    return (
        (_mean([roc for roc, _ in pairs], starts_at=0.0), *roc),
        (_mean([curve for _, curve in pairs]), *precision_recall),
    )


def mean_area(curves: list[Curve]) -> float:
    return float(np.mean([_area(curve) for curve in curves])) if curves else float("nan")


def calibration(confidence: Array, right: Array) -> tuple[tuple[Bin, ...], float]:
    """Reliability by tenths of the confidence, and the expected calibration error.

    After Guo et al., "On Calibration of Modern Neural Networks" (2017): the mean gap between confidence and accuracy,
    weighted by the predictions in each bin.
    """
    numbers = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins = []
    for number in np.unique(numbers).tolist():
        inside = numbers == number
        mean, accuracy = float(confidence[inside].mean()), float(right[inside].mean())
        bins.append(
            Bin(low=number / BINS, high=(number + 1) / BINS, count=inside.sum(), confidence=mean, accuracy=accuracy)
        )
    error = sum(part.count * abs(part.confidence - part.accuracy) for part in bins) / len(confidence)
    return tuple(bins), error


def thinned(count: int) -> Array:
    """Positions of at most MOST_POINTS of so many points, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).round().astype(int))


def _curve(name: str, x: Array, y: Array, area: float) -> Curve:
    kept = thinned(len(x))
    return Curve(
        name=name,
        x=tuple(np.round(x[kept], _DIGITS).tolist()),
        y=tuple(np.round(y[kept], _DIGITS).tolist()),
        area=float(area),
    )


def _mean(curves: list[Curve], starts_at: float | None = None) -> Curve:
    """Vertical mean of the curves; a ROC curve begins at the origin, where interpolation would take the top."""
    y = np.mean([np.interp(_GRID, curve.x, curve.y) for curve in curves], axis=0)
    if starts_at is not None:
        return _curve("macro average", np.insert(_GRID, 0, 0.0), np.insert(y, 0, starts_at), mean_area(curves))
    return _curve("macro average", _GRID, y, mean_area(curves))


def _area(curve: Curve) -> float:
    return curve.area if curve.area is not None else 0.0
