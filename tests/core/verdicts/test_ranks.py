"""Ranks of several: against published figures, SciPy, and what is wrong by chance."""

import numpy as np
import pytest
from scipy import stats

from core.verdicts.ranks import critical_difference, fewest_blocks, ranked, signed_ranks, statistic

# Demsar (2006), table 6: areas under the curve of C4.5 with m, cf, both tuned, on 14 data sets.
DEMSAR = np.array(
    [
        [0.763, 0.768, 0.771, 0.798], [0.599, 0.591, 0.590, 0.569], [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657], [0.882, 0.888, 0.886, 0.898], [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685], [0.583, 0.583, 0.563, 0.625], [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000], [0.940, 0.962, 0.965, 0.962], [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975], [0.957, 0.978, 0.946, 0.970],
    ]
)  # fmt: skip


def test_the_published_example_has_its_ranks_and_its_critical_difference() -> None:
    found = ranked(DEMSAR)
    assert found.ranks == pytest.approx((3.143, 2.000, 2.893, 1.964), abs=5e-4)
    assert found.critical == pytest.approx(1.25, abs=5e-3)
    assert found.chance == pytest.approx(stats.friedmanchisquare(*DEMSAR.T).pvalue, abs=0.006)


@pytest.mark.parametrize(("columns", "published"), [(2, 1.960), (3, 2.343), (4, 2.569), (5, 2.728), (10, 3.164)])
def test_nemenyis_values_are_those_of_demsars_table_5(columns: int, published: float) -> None:
    error = np.sqrt(columns * (columns + 1) / (6 * 14))
    assert critical_difference(columns, 14) / error == pytest.approx(published, abs=1.1e-3)


def test_of_right_and_wrong_answers_it_is_cochrans_q() -> None:
    rng = np.random.default_rng(3)
    values = (rng.random((200, 3)) < [0.5, 0.6, 0.75]).astype(float)
    columns, rows = values.sum(axis=0), values.sum(axis=1)
    q = 2 * (3 * (columns**2).sum() - columns.sum() ** 2) / (3 * rows.sum() - (rows**2).sum())
    assert ranked(values).chance == pytest.approx(stats.chi2.sf(q, 2))
    ranks = stats.rankdata(-values, axis=1)
    assert statistic(ranks) == pytest.approx(q)


@pytest.mark.parametrize("blocks", [3, 5, 10])
def test_what_is_equal_is_told_apart_in_at_most_six_of_a_hundred_cases(blocks: int) -> None:
    rng, wrong = np.random.default_rng(blocks), 0
    for _ in range(150):
        found = ranked(rng.normal(size=(blocks, 3)) + rng.normal(size=(blocks, 1)))
        wrong += found.chance < 0.05 and max(found.ranks) - min(found.ranks) > found.critical
    assert wrong <= 14  # of 150: that 6 % give more has a probability below 0.05


def test_few_blocks_are_judged_by_every_way_to_permute_them() -> None:
    first, second, third = [3.0, 2.0, 1.0], [3.0, 1.0, 2.0], [1.0, 2.0, 3.0]
    assert ranked(np.array([first] * 3)).chance == 1 / 36  # as SciPy's tables have it: 6 of 216
    assert ranked(np.array([first, first, second])).chance == 7 / 36
    assert ranked(np.array([first, second, third])).chance == 34 / 36
    assert ranked(np.array([[1.0, 0.0]] * 5)).chance == 1 / 16  # Cochran's Q, of two the sign test
    assert ranked(np.array([[1.0, 1.0, 0.0]] * 3)).chance == 1 / 9


def test_signed_ranks_are_scipys() -> None:
    rng = np.random.default_rng(5)
    for count in (5, 9, 12):
        first, second = rng.normal(size=count), rng.normal(0.6, size=count)
        assert signed_ranks(first, second) == pytest.approx(stats.wilcoxon(first, second, method="exact").pvalue)
    assert signed_ranks(first, first) == 1.0


def test_two_blocks_rank_nothing_and_what_is_no_number_is_refused() -> None:
    assert [fewest_blocks(columns) for columns in (2, 3, 4, 10)] == [4, 3, 3, 3]
    with pytest.raises(ValueError, match="finite numbers"):
        ranked(np.array([[1.0, np.nan]]))
