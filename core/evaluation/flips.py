"""Two networks on the same test examples: where they agree, what only one gets right, what both together do."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.evaluation.predictions import PROBABILITY
from core.evaluation.slices import Slices, slices

Bools = NDArray[np.bool_]
PARTS = ("only one", "only other", "neither")  # of the examples, that one looks at
_MOST_CELLS = 8


@dataclass(frozen=True)
class Flips:
    """Of one network and another; `only_one` is what the first gets right and the second does not."""

    examples: int
    agree: float  # share of the examples with the same answer
    both: int  # right
    only_one: pd.DataFrame  # the second's predictions for what only the first gets right, the surest first
    only_other: pd.DataFrame  # the first's predictions for what only the second gets right
    neither: pd.DataFrame  # the first's predictions
    together: float | None  # accuracy of the mean of their probabilities; None where those are not kept


def is_same_test(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether both tell right from wrong, of the same examples."""
    if any(right(frame) is None for frame in (one, other)):  # windows have no labels
        return False
    return len(one) == len(other) and one["label"].equals(other["label"])


def right(frame: pd.DataFrame) -> Bools | None:
    """By example; None of numbers and windows, none of which is right or wrong."""
    if "wrong" in frame:
        return np.asarray(frame["wrong"] == 0)
    return np.asarray(frame["label"] == frame["predicted"]) if "confidence" in frame else None


def flips(one: pd.DataFrame, other: pd.DataFrame) -> Flips:
    """Of two frames of core.evaluation.predictions.

    Raises:
        ValueError: of other examples, or of what is neither right nor wrong.
    """
    first, second = right(one), right(other)
    if first is None or second is None or not is_same_test(one, other):
        raise ValueError("Flips are of two classifiers on the same test examples; received others")
    return Flips(
        examples=len(one),
        agree=float((one["predicted"] == other["predicted"]).mean()),
        both=int((first & second).sum()),
        only_one=_surest(other[first & ~second]),
        only_other=_surest(one[second & ~first]),
        neither=_surest(one[~first & ~second]),
        together=_together([one, other]),
    )


def part(found: Flips, which: str, one: str, other: str) -> tuple[pd.DataFrame, bool, str]:
    """One of PARTS: its examples, whether what is predicted there is the second's answer, and what they are in words.

    Args:
        one, other: what the two are called.
    """
    if which == "only one":
        return found.only_one, True, f"Right by {one} only; predicted is the answer of {other}."
    if which == "only other":
        return found.only_other, False, f"Right by {other} only; predicted is the answer of {one}."
    return found.neither, False, f"Wrong by both; predicted is the answer of {one}."


def gain(found: Flips) -> float | None:
    """How much more often the mean of both is right than the better one, as a share; None where it is not known."""
    if found.together is None:
        return None
    return found.together - max(
        (found.both + len(only)) / found.examples for only in (found.only_one, found.only_other)
    )


def churn(frames: Sequence[pd.DataFrame]) -> float | None:
    """Share of the examples that two of these networks answer differently, over all pairs; None of fewer than two."""
    pairs = list(itertools.combinations(frames, 2))
    if not pairs:
        return None
    return float(np.mean([(one["predicted"] != other["predicted"]).mean() for one, other in pairs]))


def differing_cells(one: pd.DataFrame, other: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Classes taken for others more often by one of the two: true, predicted, how often by each; the largest first."""
    counts = [
        frame[(frame["label"] != frame["predicted"]) & (frame["predicted"] >= 0)].groupby(["label", "predicted"]).size()
        for frame in (one, other)
    ]
    table = pd.concat(counts, axis=1, keys=["one", "other"]).fillna(0).astype(int)
    table = table[table["one"] != table["other"]]
    order = (table["one"] - table["other"]).abs().sort_values(ascending=False, kind="stable").index[:_MOST_CELLS]
    rows = [(names[true], names[predicted], *table.loc[true, predicted]) for true, predicted in order.tolist()]
    return pd.DataFrame(rows, columns=["true", "predicted", "one", "other"])


def worse_groups(one: pd.DataFrame, other: pd.DataFrame, names: Sequence[str]) -> Slices | None:
    """Groups of examples in which the second loses what the first has right more often than elsewhere."""
    first, second = right(one), right(other)
    if first is None or second is None:
        return None
    return slices(other, names, wrong=(first & ~second, "only the first is right"))


def _surest(frame: pd.DataFrame) -> pd.DataFrame:
    by = "confidence" if "confidence" in frame else "loss"
    return frame.sort_values(by, ascending=False, kind="stable")


def _together(frames: Sequence[pd.DataFrame]) -> float | None:
    columns = [name for name in map(str, frames[0].columns) if name.startswith(PROBABILITY)]
    if len(columns) < 2 or "confidence" not in frames[0] or any(set(columns) - set(each.columns) for each in frames):
        return None
    mean = np.mean([frame[columns].to_numpy(np.float64) for frame in frames], axis=0)
    return float((mean.argmax(axis=1) == frames[0]["label"].to_numpy()).mean())
