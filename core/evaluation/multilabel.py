"""What test predictions of several labels say, in scikit-learn's definitions, and a threshold for each label."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    hamming_loss,
    precision_recall_curve,
    precision_recall_fscore_support,
)

from core.common.text import plural
from core.data.base import Array
from core.evaluation import operating_curves
from core.evaluation.curve import defined
from core.evaluation.label_report import HALF, LabelScores, MultiLabel, SetScores

LEAST = 10  # validation examples that have a label, and that have not, by which its threshold is chosen
_TOLD = 5


@dataclass(frozen=True)
class Thresholds:
    """Of each label, and whether it was chosen rather than taken as HALF."""

    values: Array  # float64 [labels]
    tuned: Array  # bool [labels]


def half(labels: int) -> Thresholds:
    return Thresholds(np.full(labels, HALF), np.zeros(labels, bool))


def thresholds(probabilities: Array, y: Array) -> Thresholds:
    """Those with the best F1 of each label on these examples, which are neither trained nor tested on.

    Between two probabilities that occur the middle is taken, so that what is a little less probable than the last
    right one is not lost. Of a label with few examples the choice would be chance: it keeps HALF.

    Args:
        probabilities: [examples, labels].
        y: 0 and 1, the same.
    """
    chosen = half(y.shape[1])
    for label in range(y.shape[1]):
        known = np.isfinite(probabilities[:, label])
        true, given = y[known, label], probabilities[known, label].astype(np.float64)
        if not LEAST <= true.sum() <= len(true) - LEAST:
            continue
        precision, recall, levels = precision_recall_curve(true, given)
        total = precision + recall
        f1 = np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)[:-1]
        best = int(np.argmax(f1))
        below = given[given < levels[best]]
        chosen.values[label] = (levels[best] + below.max()) / 2 if len(below) else levels[best] / 2
        chosen.tuned[label] = True
    return chosen


def multilabel(
    probabilities: Array, y: Array, names: Sequence[str], cut: Thresholds, losses: Array | None = None
) -> MultiLabel:
    """What they say; both [examples, labels], all numbers, at least one example.

    Args:
        losses: binary cross-entropy of each example, where that is known better than from the probabilities.
    """
    losses = entropies(probabilities, y) if losses is None else losses
    given = probabilities > cut.values
    at_half = probabilities > HALF
    pairs = [
        operating_curves.one_against_rest(name, y[:, number] == 1, probabilities[:, number])
        for number, name in enumerate(names)
    ]
    judged = [pair for pair in pairs if pair is not None]
    roc, precision_recall = operating_curves.shown(judged)
    return MultiLabel(
        chosen=_together(y, given),
        at_half=_together(y, at_half),
        log_loss=defined(float(losses.mean(dtype=np.float64))),
        roc_auc=defined(operating_curves.mean_area([curve for curve, _ in judged])),
        average_precision=defined(operating_curves.mean_area([curve for _, curve in judged])),
        labels=_scores(y, given, at_half, names, cut, pairs),
        true_labels=float(y.sum() / len(y)),
        given_labels=float(given.sum() / len(y)),
        roc=roc,
        precision_recall=precision_recall,
    )


def entropies(probabilities: Array, y: Array) -> Array:
    """Binary cross-entropy of each example, the mean over its labels, in nats."""
    given = np.where(y == 1, probabilities, 1 - probabilities).astype(np.float64)
    return np.asarray(-np.log(np.clip(given, np.finfo(np.float32).eps, 1)).mean(axis=1))


def notices(y: Array, names: Sequence[str], cut: Thresholds, validation: int) -> list[str]:
    """What keeps some figures from being defined, and some thresholds from being chosen."""
    told = []
    missing = [name for name, support in zip(names, y.sum(axis=0), strict=True) if not support]
    if missing:
        undefined = "recall, ROC curve and average precision are not defined there."
        told.append(f"The test set has no example of {_listed(missing)}; {undefined}")
    if not validation:
        told.append(f"Without validation examples no thresholds are chosen: a label is given when above {HALF:g}.")
    elif not cut.tuned.all():
        few = _listed([name for name, tuned in zip(names, cut.tuned, strict=True) if not tuned])
        why = f"fewer than {LEAST} of {plural(validation, 'validation example')} have, or have not, the label."
        told.append(f"The threshold stays {HALF:g} for {few}: {why}")
    return told


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_TOLD]) + (f" and {len(names) - _TOLD:,} more" if len(names) > _TOLD else "")


def _together(y: Array, given: Array) -> SetScores:
    precision, recall, micro, _ = precision_recall_fscore_support(y, given, average="micro", zero_division=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        samples = f1_score(y, given, average="samples", zero_division=1)
    return SetScores(
        f1_micro=float(micro),
        f1_macro=float(f1_score(y, given, average="macro", zero_division=0)),
        f1_weighted=float(f1_score(y, given, average="weighted", zero_division=0)),
        f1_samples=float(samples),
        precision_micro=float(precision),
        recall_micro=float(recall),
        subset_accuracy=float(accuracy_score(y, given)),
        hamming_loss=float(hamming_loss(y, given)),
    )


def _scores(
    y: Array,
    given: Array,
    at_half: Array,
    names: Sequence[str],
    cut: Thresholds,
    pairs: Sequence[operating_curves.Pair | None],
) -> tuple[LabelScores, ...]:
    columns = precision_recall_fscore_support(y, given, average=None, zero_division=0)[:3]
    halves = f1_score(y, at_half, average=None, zero_division=0)
    both = (y.astype(bool) & given).sum(axis=0)
    true, predicted = y.sum(axis=0, dtype=np.int64), given.sum(axis=0)
    return tuple(
        LabelScores(
            name=name,
            threshold=float(cut.values[label]),
            tuned=bool(cut.tuned[label]),
            both=int(both[label]),
            only_given=int(predicted[label] - both[label]),
            only_true=int(true[label] - both[label]),
            neither=int(len(y) - true[label] - predicted[label] + both[label]),
            precision=float(columns[0][label]),
            recall=float(columns[1][label]),
            f1=float(columns[2][label]),
            f1_at_half=float(halves[label]),
            roc_auc=pair[0].area if pair else None,
            average_precision=pair[1].area if pair else None,
        )
        for label, (name, pair) in enumerate(zip(names, pairs, strict=True))
    )
