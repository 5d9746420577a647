"""Looking through predictions: the examples of a cell of the confusion matrix, mistakes, the largest errors."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.evaluation.label_report import LabelScores
from core.evaluation.predictions import PROBABILITY, TRUTH
from core.evaluation.report import Classification


def of_cell(predictions: pd.DataFrame, true: int | None, predicted: int | None) -> pd.DataFrame:
    """Examples of this true and this predicted class, None for any; the most confident first."""
    found = predictions
    if true is not None:
        found = found[found["label"] == true]
    if predicted is not None:
        found = found[found["predicted"] == predicted]
    return found.sort_values("confidence", ascending=False, kind="stable")


def mistakes(predictions: pd.DataFrame) -> pd.DataFrame:
    """Wrong predictions, the most confident first; not those that are no number."""
    wrong = predictions[(predictions["label"] != predictions["predicted"]) & (predictions["predicted"] >= 0)]
    return wrong.sort_values("confidence", ascending=False, kind="stable")


def most_wrong(predictions: pd.DataFrame) -> pd.DataFrame:
    """Of several labels: examples with a wrong one, those with the most first."""
    wrong = predictions[predictions["wrong"] > 0]
    return wrong.sort_values(["wrong", "loss"], ascending=False, kind="stable")


def of_label(
    predictions: pd.DataFrame, label: LabelScores, true: bool | None, given: bool | None, *, wrong: bool = False
) -> pd.DataFrame | None:
    """Examples that have and are given a label, None for any, the surest first; None where labels have no columns."""
    if f"{TRUTH}{label.name}" not in predictions:
        return None
    share, has = predictions[f"{PROBABILITY}{label.name}"], predictions[f"{TRUTH}{label.name}"] == 1
    is_given = share > label.threshold
    keep = np.isfinite(share)
    for wanted, side in ((true, has), (given, is_given)):
        keep &= (side == wanted) if wanted is not None else True
    if wrong:
        keep &= has != is_given
    order = (predictions[keep][f"{PROBABILITY}{label.name}"] - label.threshold).abs()
    found: pd.DataFrame = predictions.loc[order.sort_values(ascending=False, kind="stable").index]
    return found


def largest_errors(predictions: pd.DataFrame) -> pd.DataFrame:
    return predictions.iloc[np.argsort(-predictions["residual"].abs().to_numpy(), kind="stable")]


def confused(scores: Classification, most: int) -> list[tuple[int, int, int]]:
    """The cells with the most mistakes: true class, predicted class, count."""
    wrong = [cell for cell in scores.cells if cell[0] != cell[1]]
    return sorted(wrong, key=lambda cell: -cell[2])[:most]


def worst_classes(confusion: NDArray[np.int64], most: int) -> list[int]:
    """At most so many classes, those in the most mistakes, in their own order; all when they fit."""
    if len(confusion) <= most:
        return list(range(len(confusion)))
    wrong = confusion.sum(axis=0) + confusion.sum(axis=1) - 2 * np.diag(confusion)
    return sorted(np.argsort(-wrong, kind="stable")[:most].tolist())
