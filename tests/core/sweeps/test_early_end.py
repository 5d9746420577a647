"""Rules of early ends, by made curves."""

import numpy as np
import pytest

from core.sweeps.definition import Halving, Hyperband, Median, Pruning, Unpruned
from core.sweeps.early_end import carried_on, counted, is_due, judged_at, last_due, why_pruned, why_stop_early
from core.sweeps.wilcoxon import is_worse

OTHERS = {number: 0.9 - number / 10 for number in range(6)}  # what counted of them by then


def test_what_counts_is_the_best_so_far_and_a_missing_value_is_the_worst() -> None:
    values = np.array([0.5, np.nan, 0.7, 0.6])
    assert counted(values, is_min=True, best=True).tolist() == [0.5, 0.5, 0.5, 0.5]
    assert counted(values, is_min=False, best=True).tolist() == [-0.5, -0.5, -0.7, -0.7]
    assert counted(values, is_min=True, best=False).tolist() == [0.5, np.inf, 0.7, 0.6]


@pytest.mark.parametrize(
    ("rule", "number", "due"),
    [
        (Median(first=3), 0, [3, 4, 5, 6, 7, 8, 9]),
        (Halving(first=2, factor=2), 0, [2, 4, 8]),
        (Hyperband(first=1, factor=3, brackets=2), 4, [1, 3, 9]),
        (Hyperband(first=1, factor=3, brackets=2), 5, [3, 9]),
        (Unpruned(), 0, []),
    ],
)
def test_trials_are_judged_at_rungs(rule: Pruning, number: int, due: list[int]) -> None:
    assert [points for points in range(1, 10) if is_due(rule, number, points)] == due
    assert last_due(rule, number, 2, 9) == (due[-1] if due else 0)
    assert last_due(rule, number, 9, 9) == 0


def test_at_the_last_rung_nobody_is_judged() -> None:
    rule = Halving(first=1, factor=3)
    assert [points for points in range(1, 31) if is_due(rule, 0, points, 30)] == [1, 3, 9]  # 27 is nearly all of it
    assert [points for points in range(1, 31) if is_due(rule, 0, points, 81)] == [1, 3, 9, 27]
    assert [points for points in range(1, 10) if is_due(Median(first=8), 0, points, 9)] == [8]


@pytest.mark.parametrize(
    ("total", "factor", "due"),
    [(27, 3, [3, 9]), (30, 3, [3, 9]), (5, 3, [1]), (64, 4, [4, 16]), (None, 3, [1, 3, 9, 27])],
)
def test_without_a_first_rung_there_are_two_before_the_end(total: int | None, factor: int, due: list[int]) -> None:
    assert judged_at(Halving(factor=factor), 0, 64, total) == due


def test_rungs_that_a_trial_has_come_to_are_told() -> None:
    assert judged_at(Halving(first=1, factor=3), 0, 10, 30) == [1, 3, 9]
    assert judged_at(Halving(first=1, factor=3), 0, 30, 30) == [1, 3, 9]
    assert judged_at(Hyperband(first=1, factor=3, brackets=2), 1, 8) == [3]
    assert judged_at(Median(), 0, 9) == []


def test_one_in_so_many_goes_on_and_the_first_that_comes_always() -> None:
    rule = Halving(first=2, factor=3)
    assert why_pruned(rule, 9, 2, 2.0, {}) == ""
    assert why_pruned(rule, 9, 2, 0.45, OTHERS) == ""  # one is better, and two of seven go on
    assert (
        why_pruned(rule, 9, 2, 0.55, OTHERS)
        == "At value 2, a rung, it was number 3 of the 7 that had come there by then; one in 3 goes on."
    )
    alike = Hyperband(first=1, factor=2, brackets=2)
    assert why_pruned(alike, 1, 2, 0.7, {0: OTHERS[5], 2: OTHERS[4]}) == ""  # of the other bracket


def test_what_is_worse_than_the_median_of_enough_others_ends() -> None:
    rule = Median(others=6)
    assert why_pruned(rule, 9, 2, 0.64, OTHERS) == ""
    assert "worse than the median of the 6 others" in why_pruned(rule, 9, 2, 0.66, OTHERS)
    assert why_pruned(Median(others=7), 9, 2, 0.66, OTHERS) == ""


def test_repeats_are_compared_seed_by_seed() -> None:
    best = [0.1, 0.2, 0.3, 0.4, 0.5]
    worse = [value + 0.01 * place for place, value in enumerate(best, start=1)]
    assert not is_worse(worse[:3], best, True, 0.1)  # of three the smallest p is 0.125
    assert is_worse(worse[:4], best, True, 0.1)
    assert not is_worse(worse[:4], best, False, 0.1)
    assert not is_worse([0.2, 0.1, 0.4, 0.3], best, True, 0.1)
    assert not is_worse(best, best, True, 0.1)


def best_so_far(*values: float) -> np.ndarray:
    return counted(np.array(values), is_min=True, best=True)


STALLED = best_so_far(0.5, 0.6, 0.7, 0.8, 0.9)
GAINED = best_so_far(0.5, 0.6, 0.7, 0.4, 0.9)


def test_a_trial_stops_early_when_none_that_stalled_as_long_gained_afterwards() -> None:
    own, rule = best_so_far(0.4, 0.9, 0.9), Halving(factor=3)
    why = "Ended after epoch 3 with its result: its best was epoch 1, and of 3 others that had gone as long without"
    assert why_stop_early(rule, own, [STALLED] * 3) == f"{why} a better one none found one later."
    assert why_stop_early(rule, own, [STALLED]) == ""  # too few to go by
    assert why_stop_early(rule, own, [STALLED] * 3 + [GAINED]) == ""  # as along a schedule
    assert "of 6 others that had" in why_stop_early(rule, own, [STALLED] * 5 + [GAINED])
    assert "of 21 others that had gone as long without a better one 1 found" in why_stop_early(
        rule, own, [STALLED] * 20 + [GAINED]
    )
    assert why_stop_early(Median(), own, [STALLED] * 3) == ""


def test_a_trial_that_gains_or_may_yet_goes_on() -> None:
    rule, others = Halving(factor=3), [STALLED] * 3
    assert why_stop_early(rule, best_so_far(0.9, 0.8, 0.4, 0.9), others) == ""  # its best is the third of four
    assert why_stop_early(rule, best_so_far(0.9, 0.4), others) == ""
    assert why_stop_early(rule, best_so_far(np.nan, np.nan, np.nan), others) == ""
    assert why_stop_early(rule, best_so_far(0.4, 0.9, 0.9), [curve[:3] for curve in others]) == ""  # no further


def test_the_longer_it_stalled_the_longer_must_those_that_it_is_judged_by() -> None:
    """Of ten that gained once more after the first stall none did after the second."""
    others = [best_so_far(0.5, 0.6, 0.4, 0.6, 0.6, 0.6, 0.6, 0.6)] * 10
    assert why_stop_early(Halving(), best_so_far(0.5, 0.6), others) == ""
    assert "was epoch 3, and of 10 others" in why_stop_early(Halving(), best_so_far(0.5, 0.6, 0.4, 0.6, 0.6), others)
    assert why_stop_early(Halving(), best_so_far(0.5, 0.6, 0.6, 0.6, 0.6), others) == ""  # none stalled as long as this


def test_what_a_trial_had_when_it_stopped_early_stands_for_later_values() -> None:
    assert carried_on(best_so_far(0.4, 0.9), 4).tolist() == [0.4] * 4
    assert carried_on(best_so_far(0.4, 0.3), 1).tolist() == [0.4, 0.3]


SAME = (0.9721254324248444, 0.9721254355400697)  # of 287 examples 279 right, summed in another order


def test_what_differs_by_rounding_alone_is_no_gain_and_no_better() -> None:
    curve = counted(np.array([SAME[0], 0.9, 0.9, SAME[1], 0.9, 0.9]), is_min=False, best=True)
    rule, others = Halving(factor=3, first=3), [np.append(curve, curve[-1])] * 3
    assert why_stop_early(rule, curve[:3], others).startswith(
        "Ended after epoch 3 with its result: its best was epoch 1"
    )
    assert why_stop_early(rule, curve, others).startswith("Ended after epoch 6 with its result: its best was epoch 1,")
    one, other = (-value for value in SAME)
    assert why_pruned(rule, 1, 3, one, {0: other}) == why_pruned(rule, 0, 3, other, {1: one}) == ""


def test_trials_that_were_never_a_number_are_no_grounds() -> None:
    assert why_stop_early(Halving(), best_so_far(1.0, 1.0, 1.0), [best_so_far(*[np.nan] * 9)] * 3) == ""
