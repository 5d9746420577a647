"""From which probability on an example is taken for the second of two classes: chosen on validation examples."""

import numpy as np
from numpy.typing import NDArray

from core.config.threshold_rules import Fixed, Threshold
from core.data.base import Array
from core.evaluation.operating_curves import thinned
from core.evaluation.report import AtThreshold, Thresholds
from core.inference.decisions import HALF, taken

FEW = 10  # validation examples of a class, below which a choice is told to be shaky
_EVENLY = np.linspace(0, 1, 201)  # thresholds that are drawn in any case, beside those evenly spread by rank
_DIGITS = 5
Numbers = NDArray[np.float64]


def thresholds(
    rule: Threshold, names: tuple[str, str], validation: tuple[Array, Array], test: tuple[Array, Array]
) -> Thresholds:
    """The choice, its curve, and what it gives.

    Args:
        names: of both classes.
        validation: probabilities of the second class, and class numbers; may be empty.
        test: the same.
    """
    score, positive = validation[0].astype(np.float64), validation[1] == 1
    curve = _curve(score, positive) if 0 < positive.sum() < len(positive) else None
    chosen = _chosen(rule, curve)
    used = dict.fromkeys((HALF, chosen))
    return Thresholds(
        rule=rule.name,
        threshold=chosen,
        positive=names[1],
        validation_examples=len(score),
        validation_positives=int(positive.sum()),
        curve=() if curve is None else _thinned(curve),
        validation=tuple(at(*validation, each) for each in used) if len(score) else (),
        test=tuple(at(*test, each) for each in used),
    )


def at(scores: Array, labels: Array, threshold: float) -> AtThreshold:
    """What this threshold gives for these examples."""
    guess = taken(scores, threshold)
    (tn, fp), (fn, tp) = (
        (int(((labels == true) & (guess == 0)).sum()), int(((labels == true) & (guess == 1)).sum())) for true in (0, 1)
    )
    return AtThreshold(
        threshold=threshold,
        precision=tp / (tp + fp) if tp + fp else None,
        recall=tp / (tp + fn) if tp + fn else None,
        f1=2 * tp / (2 * tp + fp + fn) if tp + fp + fn else None,
        cells=(tn, fp, fn, tp),
    )


def notices(found: Thresholds) -> list[str]:
    """What to think of when this choice is read."""
    if found.rule not in ("f1", "youden"):
        return []
    seldom = min(found.validation_positives, found.validation_examples - found.validation_positives)
    if not seldom:
        return [
            "The validation part has no example of one of the classes, so no threshold could be chosen; 0.5 was taken."
        ]
    if seldom < FEW:
        return [
            f"The threshold was chosen by few examples: the validation part has {seldom} of one of the classes. Hold "
            "more back, or give a threshold."
        ]
    return []


def _curve(score: Numbers, positive: Array) -> Numbers:
    """[thresholds, 5]: threshold, precision, recall, F1, false positive rate. Each lies halfway between two scores."""
    order = np.argsort(score, kind="stable")
    values, first = np.unique(score[order], return_index=True)
    below = np.concatenate([[0], np.cumsum(positive[order])])[first]
    hits, count = positive.sum() - below, len(score) - first
    recall = hits / positive.sum()
    false_rate = (count - hits) / (len(score) - positive.sum())
    halfway = (values + np.concatenate([[0.0], values[:-1]])) / 2
    return np.stack([halfway, hits / count, recall, 2 * hits / (count + positive.sum()), false_rate], axis=1)


def _chosen(rule: Threshold, curve: Numbers | None) -> float:
    """Of equally good ones the nearest to 0.5, which is also taken where nothing can be chosen."""
    if isinstance(rule, Fixed):
        return rule.value
    if rule.name == "half" or curve is None:
        return HALF
    gain = curve[:, 3] if rule.name == "f1" else curve[:, 2] - curve[:, 4]
    best = curve[gain >= gain.max() - 1e-12, 0]
    return float(best[np.abs(best - HALF).argmin()])


def _thinned(curve: Numbers) -> tuple[tuple[float, float, float, float], ...]:
    evenly = np.searchsorted(curve[:, 0], _EVENLY).clip(max=len(curve) - 1)
    kept = np.unique(np.concatenate([thinned(len(curve)), evenly]))
    return tuple((a, b, c, d) for a, b, c, d in np.round(curve[kept, :4], _DIGITS).tolist())
