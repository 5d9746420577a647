"""What a classifier's test predictions say, in scikit-learn's definitions."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from sklearn.metrics import precision_recall_fscore_support

from core.data.base import Array
from core.evaluation import operating_curves
from core.evaluation.report import Average, Classification, ClassScores, defined

_TOP_K = (3, 5)
_SMALLEST = np.finfo(np.float32).eps  # a probability of zero would cost infinity


def losses(probabilities: Array, labels: Array) -> Array:
    """The cross-entropy of each example in nats; NaN where the probability is none."""
    given = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return -np.log(np.clip(given, _SMALLEST, 1))


def classification(
    probabilities: Array,
    labels: Array,
    names: Sequence[str],
    known_losses: Array | None = None,
    predicted: Array | None = None,
) -> Classification:
    """What they say.

    Args:
        probabilities: [examples, classes], all numbers.
        labels: class numbers, at least one.
        known_losses: cross-entropy of each example in nats, where that is known better than from the probabilities: of
            one that is 0 in float32 it is finite.
        predicted: class numbers, where they are not the most probable ones.
    """
    likeliest = probabilities.argmax(axis=1)
    predicted = likeliest if predicted is None else predicted
    given = losses(probabilities, labels) if known_losses is None else known_losses
    confidence = probabilities.max(axis=1).astype(np.float64)
    bins, error = operating_curves.calibration(confidence, likeliest == labels)
    pairs = [
        operating_curves.one_against_rest(name, labels == number, probabilities[:, number])
        for number, name in enumerate(names)
    ]
    # Of two classes the second is the positive one: the first one's ROC curve is the same, mirrored.
    judged = [pair for pair in (pairs[1:] if len(names) == 2 else pairs) if pair is not None]
    roc, precision_recall = operating_curves.shown(judged)
    classes, averages = _scores(labels, predicted, names, pairs)
    supports = np.bincount(labels, minlength=len(names))
    recalls = np.array([scores.recall for scores in classes], float)
    return Classification(
        accuracy=float((predicted == labels).mean()),
        balanced_accuracy=defined(recalls[supports > 0].mean()),
        log_loss=defined(float(given.mean(dtype=np.float64))),
        roc_auc=defined(operating_curves.mean_area([curve for curve, _ in judged])),
        average_precision=defined(operating_curves.mean_area([curve for _, curve in judged])),
        calibration_error=defined(error),
        top_k={k: _top(probabilities, labels, k) for k in _TOP_K if len(names) > 2 * k},
        classes=classes,
        averages=averages,
        cells=_cells(labels, predicted),
        roc=roc,
        precision_recall=precision_recall,
        bins=bins,
    )


def notices(labels: Array, names: Sequence[str]) -> list[str]:
    """What in these labels keeps some figures from being defined."""
    missing = [
        name for name, support in zip(names, np.bincount(labels, minlength=len(names)), strict=True) if not support
    ]
    if not missing:
        return []
    if len(missing) == len(names) - 1:
        return ["The test set has examples of a single class: there is nothing to tell apart, and no ROC curve."]
    listed = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
    return [f"The test set has no example of {listed}; recall, ROC curve and average precision are not defined there."]


def _scores(
    labels: Array, predicted: Array, names: Sequence[str], pairs: Sequence[operating_curves.Pair | None]
) -> tuple[tuple[ClassScores, ...], tuple[Average, ...]]:
    numbers = np.arange(len(names))
    columns = precision_recall_fscore_support(labels, predicted, labels=numbers, zero_division=0)
    classes = tuple(
        ClassScores(
            name=name,
            support=int(support),
            precision=precision,
            recall=recall,
            f1=f1,
            roc_auc=pair[0].area if pair else None,
            average_precision=pair[1].area if pair else None,
        )
        for name, precision, recall, f1, support, pair in zip(names, *columns, pairs, strict=True)
    )
    averages = []
    kinds: tuple[Literal["macro", "weighted"], ...] = ("macro", "weighted")
    for kind in kinds:
        # As scikit-learn does by itself: over the classes that occur or were predicted.
        precision, recall, f1, _ = precision_recall_fscore_support(labels, predicted, average=kind, zero_division=0)
        averages.append(Average(name=kind, precision=precision, recall=recall, f1=f1))
    return classes, tuple(averages)


def _cells(labels: Array, predicted: Array) -> tuple[tuple[int, int, int], ...]:
    pairs, counts = np.unique(np.stack([labels, predicted], axis=1), axis=0, return_counts=True)
    return tuple((int(true), int(guess), int(count)) for (true, guess), count in zip(pairs, counts, strict=True))


def _top(probabilities: Array, labels: Array, k: int) -> float:
    """Classes as probable as the right one count as after it, so that equal probabilities win nothing."""
    given = probabilities[np.arange(len(labels)), labels]
    return float(((probabilities >= given[:, np.newaxis]).sum(axis=1) <= k).mean())
