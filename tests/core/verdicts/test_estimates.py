"""Estimates against SciPy's, on what SciPy cannot do, and over results of which the truth is known."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from core.verdicts import power
from core.verdicts.estimates import SURE, Estimate, corrected, paired, permuted, unpaired
from core.verdicts.repeats import Repeats

RNG = np.random.default_rng(3)
ONE, OTHER = RNG.normal(0, 1, 6), RNG.normal(1, 2, 6)


def test_welch_and_pairs_are_what_scipy_computes() -> None:
    for found, known in (
        (unpaired(ONE.tolist(), OTHER.tolist()), stats.ttest_ind(OTHER, ONE, equal_var=False)),
        (paired(ONE.tolist(), OTHER.tolist()), stats.ttest_rel(OTHER, ONE)),
    ):
        assert found.chance == pytest.approx(known.pvalue)
        interval = known.confidence_interval(0.99)
        assert found.interval(0.01) == pytest.approx((interval.low, interval.high))


def test_where_numbers_differ_the_one_of_two_tests_that_is_less_sure_has_the_word() -> None:
    answers = set()
    for first, second in ((ONE[:3] / 10, OTHER), (ONE[:3] * 10, OTHER), (ONE, OTHER[:2] / 10)):
        known = [stats.ttest_ind(second, first, equal_var=equal).pvalue for equal in (False, True)]
        assert unpaired(first.tolist(), second.tolist()).chance == pytest.approx(max(known))
        answers.add(known[0] < known[1])
    assert answers == {True, False}


def test_cross_validation_is_less_sure_than_its_pairs_look() -> None:
    naive, right = paired(ONE.tolist(), OTHER.tolist()), corrected(ONE.tolist(), OTHER.tolist(), 1 / 5)
    # Nadeau and Bengio: the variance of the mean is (1/n + tested/trained) times that of the differences.
    assert right.error == pytest.approx(naive.error * np.sqrt(1 + 6 / 5))
    assert right.chance > naive.chance


def test_where_values_do_not_vary_the_permutation_test_decides() -> None:
    three, four = (unpaired([1.0] * count, [0.9] * count) for count in (3, 4))
    assert three.chance == pytest.approx(2 / 20)
    assert four.chance == pytest.approx(2 / 70)
    assert three.interval()[1] > 0 > four.interval()[1]
    assert unpaired([1.0, 1.0], [1.0, 1.0]) == Estimate(0.0, 0.0, np.inf, 1.0)
    assert paired([1.0] * 5, [0.9] * 5).chance == 2 / 32


def test_the_permutation_test_is_scipys() -> None:
    def gap(one: np.ndarray, other: np.ndarray) -> float:
        return float(abs(one.mean() - other.mean()))

    known = stats.permutation_test((ONE, OTHER[:3]), gap, alternative="greater")
    assert permuted(ONE, OTHER[:3]) == pytest.approx(known.pvalue)
    many = permuted(RNG.normal(0, 1, 20), RNG.normal(1.2, 1, 20))  # drawn, not all 137 billion
    assert 0 < many < SURE


def test_interval_and_chance_never_contradict_each_other() -> None:
    for _ in range(300):
        sizes = RNG.integers(2, 7, 2)
        found = unpaired(*(RNG.integers(0, 4, size).astype(float).tolist() for size in sizes))
        low, high = found.interval()
        assert (low <= 0 <= high) == (found.chance >= SURE), found


Draw = Callable[[int], np.ndarray]
NULLS: dict[str, Draw] = {
    "normal": lambda count: RNG.standard_normal(count),
    "skewed": lambda count: -np.exp(RNG.standard_normal(count)),
    "failing": lambda count: np.where(RNG.random(count) < 0.1, -20.0, 0.0) + RNG.standard_normal(count),
    "few values": lambda count: RNG.binomial(30, 0.95, count) / 30,
}


@pytest.mark.parametrize("draw", NULLS.values(), ids=list(NULLS))
@pytest.mark.parametrize("sizes", [(2, 2), (3, 3), (5, 5), (10, 10), (2, 5), (4, 9), (2, 20)], ids=str)
def test_of_equal_configs_one_in_twenty_is_called_better_at_most(draw: Draw, sizes: tuple[int, int]) -> None:
    repeats = 400
    wrong = sum(unpaired(draw(sizes[0]).tolist(), draw(sizes[1]).tolist()).chance < SURE for _ in range(repeats))
    # Of 400 comparisons that err in 5 % of cases 34 or more come with a probability below 0.2 %.
    assert wrong < stats.binom.isf(0.002, repeats, SURE) + 1


def test_so_many_repeats_are_asked_for_as_tell_the_difference() -> None:
    assert power.needed(1.0, (1.0, 1.0)) == 17  # as any table of sample sizes says
    assert power.needed(0.01, (1.0, 1.0)) is None
    assert power.needed(0.1, (0.0, 0.0)) == 4
    assert power.smallest((1.0, 1.0), 17) == pytest.approx(1.0, abs=0.02)


def test_fewer_than_two_values_are_refused() -> None:
    with pytest.raises(ValueError, match="Two finite values or more"):
        unpaired([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="as many values"):
        paired([1.0, 2.0], [1.0])


def test_the_unit_of_a_metric_changes_no_verdict() -> None:
    first, second = [1.0, 2.0, 3.5], [4.0, 5.5, 6.0]
    chance = unpaired(first, second).chance
    for unit in (1e-300, 1e-90, 1e59, 1e300):
        one, other = ([unit * value for value in values] for values in (first, second))
        scaled = unpaired(one, other)
        assert scaled.chance == pytest.approx(chance)
        assert scaled.interval()[0] == pytest.approx(unit * unpaired(first, second).interval()[0], rel=1e-9, abs=0)
        assert not scaled.is_widened()
        assert paired(one, other).chance == pytest.approx(paired(first, second).chance)
        assert power.needed(unit, (2 * unit, unit)) == power.needed(1, (2, 1))
        assert power.smallest((2 * unit, unit), 5) == pytest.approx(unit * power.smallest((2, 1), 5), rel=1e-9, abs=0)
        alike = Repeats({(str(seed), ""): value for seed, value in enumerate(one)}, (), 0, 0, 0)
        assert alike.deviation == pytest.approx(unit * np.std(first, ddof=1), rel=1e-9, abs=0)


def test_thousands_of_results_are_compared_too() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=2000).tolist(), rng.normal(1, 1, size=3000).tolist()
    assert unpaired(first, second).chance < 0.002
    assert unpaired(first, first[:1500]).chance > 0.05
