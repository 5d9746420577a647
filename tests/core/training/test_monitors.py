"""Early stopping, plateaus and the best epoch, as pure counting."""

import math

from core.training.monitors import Best, Patience, PlateauCuts


def test_patience_ends_after_so_many_epochs_without_improvement() -> None:
    patience = Patience("min", 2)
    assert [patience.update(value) for value in (1.0, 0.5, 0.6, 0.4, 0.5, 0.4)] == [False] * 5 + [True]


def test_nan_counts_as_no_improvement() -> None:
    patience = Patience("max", 2)
    assert [patience.update(value) for value in (math.nan, 0.5, math.nan, math.nan)] == [False, False, False, True]


def test_a_gain_below_the_smallest_gain_does_not_reset_patience() -> None:
    patience = Patience("min", 2, min_delta=0.1)
    assert [patience.update(value) for value in (1.0, 0.95, 0.91)] == [False, False, True]


def test_the_rate_is_cut_again_and_again_down_to_its_floor() -> None:
    cuts = PlateauCuts("min", patience=2, gamma=0.1, floor=0.05)
    assert [cuts.update(1.0) for _ in range(7)] == [False, False, True, False, True, False, False]
    assert cuts.factor == 0.05


def test_the_best_is_the_first_of_equals() -> None:
    best = Best("max")
    assert [best.update(value) for value in (math.nan, 0.1, 0.1, 0.2, math.nan, 0.1)] == [
        *(False, True, False),
        *(True, False, False),
    ]
