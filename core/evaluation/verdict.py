"""Which of several classifiers is best on one test set, and how sure that is.

Each pair is compared by McNemar's exact test on the examples that only one of the two got right, all pairs together by
Holm's correction: the best was picked from them. The intervals of the differences of accuracies are Agresti and Min's
(2005), which hold for small numbers, too, and all hold together (Bonferroni). Both are about the networks as they were
trained: another seed of each may rank otherwise.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.evaluation.chances import chance_told, holm

if TYPE_CHECKING:  # the command line starts without pandas
    import pandas as pd

SURE = 0.05  # a difference that chance gives less often than this is one


@dataclass(frozen=True)
class Pair:
    """The best against another."""

    other: int
    only_best: int  # examples that the best got right and the other did not
    only_other: int
    difference: float  # of the accuracies, 0 to 1
    low: float  # the ends of its interval: all of them hold in 95 % of cases
    high: float
    chance: float  # p value, corrected for the number of pairs

    @property
    def is_sure(self) -> bool:
        return self.chance < SURE


@dataclass(frozen=True)
class Verdict:
    best: int
    examples: int
    right: Mapping[int, int]  # the best first
    pairs: tuple[Pair, ...]  # in the same order


def judge(right: Mapping[int, NDArray[np.bool_]]) -> Verdict:
    """By the run's number, whether it was right on each example of the test set, the same for all, in one order.

    Raises:
        ValueError: fewer than two, none of the examples, or not as many for each.
    """
    sizes = {len(each) for each in right.values()}
    if len(right) < 2 or len(sizes) != 1 or sizes == {0}:
        raise ValueError(f"Two runs or more with the same test examples are compared; received {len(right)}: {sizes}")
    examples = sizes.pop()
    counts = {run: int(each.sum()) for run, each in right.items()}
    ranked = sorted(counts, key=lambda run: -counts[run])
    pairs = list(itertools.combinations(ranked, 2))
    gaps = [apart(right[first], right[second]) for first, second in pairs]
    chances = holm([by_chance(*each) for each in gaps])
    found = (
        Pair(second, *counted, *_interval(*counted, examples, len(pairs)), chance)
        for (first, second), counted, chance in zip(pairs, gaps, chances, strict=True)
        if first == ranked[0]
    )
    return Verdict(ranked[0], examples, {run: counts[run] for run in ranked}, tuple(found))


def told(verdict: Verdict, names: Mapping[int, str]) -> list[str]:
    """A sentence about the best, and one about each of the others."""
    best, right = names[verdict.best], f"{verdict.right[verdict.best]:,} of {verdict.examples:,}"
    if all(pair.is_sure for pair in verdict.pairs):
        head = f"{best} is the best, with {right} right."
    else:
        head = f"{best} has the most right, {right}. Whether it is the best is not decided."
    return [
        head,
        *(
            f"{names[pair.other]} has {verdict.right[pair.other]:,}, {_gap(pair, len(verdict.right))}"
            for pair in verdict.pairs
        ),
    ]


def _gap(pair: Pair, among: int) -> str:
    points = f"{100 * pair.difference:.1f} points less (95 % interval {_ends(pair)})" if pair.difference else "as many"
    how = "sure" if pair.is_sure else "not decided"
    return f"{points}: {how}, as {chance_told(pair.chance, math.comb(among, 2), 'networks')}."


def _ends(pair: Pair) -> str:
    if pair.low < 0:
        return f"{-100 * pair.low:.1f} more to {100 * pair.high:.1f} less"
    return f"{100 * pair.low:.1f} to {100 * pair.high:.1f}"


def telling_mistakes(predictions: Mapping[int, "pd.DataFrame"], run: int) -> "pd.DataFrame":
    """What a run got wrong: first what most of the others got right, then what it was most confident of."""
    own = predictions[run]
    others = sum(
        (frame["predicted"] == frame["label"]).to_numpy().astype(int)
        for number, frame in predictions.items()
        if number != run
    )
    wrong = own.assign(others=others)[(own["predicted"] != own["label"]) & (own["predicted"] >= 0)]
    return wrong.sort_values(["others", "confidence"], ascending=False, kind="stable").drop(columns="others")


def apart(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> tuple[int, int]:
    """How many examples only the first, and only the second has right."""
    return int((first & ~second).sum()), int((second & ~first).sum())


def by_chance(only_first: int, only_second: int) -> float:
    """McNemar's exact test: how often a fair coin falls as unevenly, to either side."""
    both = only_first + only_second
    return min(1.0, 2 * sum(math.comb(both, count) for count in range(min(only_first, only_second) + 1)) / (1 << both))


def _interval(only_best: int, only_other: int, examples: int, pairs: int) -> tuple[float, float, float]:
    more, less, count = only_best + 0.5, only_other + 0.5, examples + 2
    middle = (more - less) / count
    half = NormalDist().inv_cdf(1 - SURE / 2 / pairs) * math.sqrt(more + less - (more - less) ** 2 / count) / count
    return (only_best - only_other) / examples, max(-1.0, middle - half), min(1.0, middle + half)
