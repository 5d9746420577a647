"""The number of seeds that a cross-validation is told to want is the one that does, and where none would, none does."""

import math

import numpy as np
import pytest

from core.verdicts.estimates import SURE, corrected
from core.verdicts.repeated_folds import MOST_EXAMPLES, RepeatedFolds

_DRAWN = 1_000


def seen(difference: float, folds: int, deviation: float = 1.0) -> RepeatedFolds:
    """Of one seed of each, whose folds differ by this much in the mean, and by this deviation."""
    return RepeatedFolds(difference, deviation * math.sqrt(1 / folds + 1 / (folds - 1)), folds, folds)


def told_share(difference: float, folds: int, seeds: int) -> float:
    """How often so many seeds tell a difference, of results as Nadeau and Bengio take them to be: any two of them
    correlated by tested/(tested + trained). The deviation within is 1, as in `seen`.
    """
    random, count = np.random.default_rng(0), seeds * folds
    shared = random.standard_normal((_DRAWN, 1)) / math.sqrt(folds - 1)
    drawn = difference + shared + random.standard_normal((_DRAWN, count))
    nothing = [0.0] * count
    return float(np.mean([corrected(nothing, row, 1 / (folds - 1)).chance < SURE for row in drawn.tolist()]))


@pytest.mark.parametrize(("difference", "folds", "seeds"), [(1.74, 5, 3), (1.5, 5, 9), (1.0, 10, 8), (2.2, 3, 7)])
def test_so_many_seeds_tell_it_in_eight_of_ten_cases(difference: float, folds: int, seeds: int) -> None:
    assert seen(difference, folds).seeds == seeds
    assert 0.77 < told_share(difference, folds, seeds) < 0.85
    assert told_share(difference, folds, 1) < 0.7


def test_below_the_least_no_number_of_seeds_does() -> None:
    found = seen(1.3, 5)
    assert found.seeds is None
    assert found.least == pytest.approx((1.959964 + 0.841621) / 2)  # normal quantiles, over the root of folds less one
    assert told_share(1.3, 5, 30) < 0.77
    # As many more examples as it says: a spread that is smaller by their root.
    assert told_share(1.3 * math.sqrt(found.examples), 5, 1) == pytest.approx(0.8, abs=0.03)
    assert seen(1e-9, 5).examples == MOST_EXAMPLES


def test_between_the_two_it_takes_more_than_anybody_would_run() -> None:
    found = seen(1.402, 5)
    assert found.least < 1.402
    assert found.seeds is None


def test_folds_that_all_differ_by_the_same_are_counted() -> None:
    assert RepeatedFolds(0.01, 0.0, 3, 3).seeds == 2  # of 64 ways to give six differences their signs two are as uneven
    assert RepeatedFolds(0.01, 0.0, 3, 3).least == 0
