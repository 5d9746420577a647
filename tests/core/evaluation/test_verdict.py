"""Which of several classifiers is best: by hand, by statsmodels' numbers, and how often it is wrong."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from core.evaluation.verdict import judge, telling_mistakes, told


def flags(right: int, of: int) -> np.ndarray:
    return np.arange(of) < right


def test_the_best_is_the_one_with_the_most_right_and_each_other_is_told_apart_from_it() -> None:
    found = judge({1: flags(80, 100), 2: flags(95, 100), 3: flags(94, 100)})
    assert (found.best, found.examples, dict(found.right)) == (2, 100, {2: 95, 3: 94, 1: 80})
    near, far = found.pairs
    assert (near.other, near.only_best, near.only_other, near.is_sure) == (3, 1, 0, False)
    assert (far.other, far.only_best, far.only_other, far.is_sure) == (1, 15, 0, True)
    assert far.difference == 0.15
    assert far.low < 0.15 < far.high
    assert near.low < 0 < near.high


def test_the_chance_is_the_exact_binomial_one_corrected_for_all_pairs() -> None:
    rng = np.random.default_rng(0)
    right = {number: rng.random(200) < share for number, share in ((1, 0.7), (2, 0.8), (3, 0.9))}
    found = judge(right)
    raw = {}
    for first, second in ((3, 2), (3, 1), (2, 1)):
        apart = right[first] != right[second]
        raw[first, second] = binomtest(int(right[first][apart].sum()), int(apart.sum())).pvalue
    ordered = sorted(raw, key=lambda pair: raw[pair])
    holm = {
        pair: max(min(1, (3 - at) * raw[ordered[at]]) for at in range(place + 1)) for place, pair in enumerate(ordered)
    }
    assert {pair.other: pair.chance for pair in found.pairs} == pytest.approx({2: holm[3, 2], 1: holm[3, 1]})


def test_equals_are_not_told_apart() -> None:
    [pair] = judge({1: flags(5, 9), 2: flags(5, 9)}).pairs
    assert (pair.chance, pair.difference) == (1.0, 0.0)


def test_the_best_of_three_equally_good_ones_is_rarely_called_sure() -> None:
    rng = np.random.default_rng(1)
    wrong = sum(
        any(pair.is_sure for pair in judge({number: rng.random(360) < 0.95 for number in range(3)}).pairs)
        for _ in range(500)
    )
    assert wrong <= 0.06 * 500


@pytest.mark.parametrize(
    "right", [{}, {1: flags(1, 2)}, {1: flags(1, 2), 2: flags(1, 3)}, {1: flags(0, 0), 2: flags(0, 0)}]
)
def test_what_cannot_be_compared_is_refused(right: dict[int, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="same test examples"):
        judge(right)


def test_it_is_told_in_words_how_sure_it_is() -> None:
    names = {1: "one", 2: "two", 3: "three"}
    assert told(judge({1: flags(80, 100), 2: flags(95, 100), 3: flags(94, 100)}), names) == [
        "two has the most right, 95 of 100. Whether it is the best is not decided.",
        "three has 94, 1.0 points less (95 % interval 2.3 more to 4.3 less): not decided, as p = 1 after "
        "correction for 3 comparisons.",
        "one has 80, 15.0 points less (95 % interval 6.0 to 23.4): sure, as p < 0.001 after correction for 3 "
        "comparisons.",
    ]
    assert told(judge({1: flags(80, 100), 2: flags(95, 100)}), names)[0] == "two is the best, with 95 of 100 right."
    assert told(judge(dict.fromkeys((1, 2), flags(5, 9))), names)[1].startswith("two has 5, as many: not decided")


def test_the_mistake_that_tells_most_is_one_that_the_others_got_right() -> None:
    def frame(predicted: list[int]) -> pd.DataFrame:
        return pd.DataFrame({"index": range(4), "label": 1, "predicted": predicted, "confidence": [0.9, 0.5, 0.6, 0.7]})

    frames = {1: frame([0, 0, 0, 1]), 2: frame([0, 1, 1, 1]), 3: frame([0, 1, 1, -1])}
    assert telling_mistakes(frames, 1)["index"].tolist() == [2, 1, 0]
    assert telling_mistakes(frames, 3)["index"].tolist() == [0]
