"""Which direction is better."""

import math

import pytest

from core.tracking.goals import goal_of, is_better, is_result


@pytest.mark.parametrize(
    "name", ["loss", "val_loss", "test_loss", "mean_squared_error", "val_mae", "Perplexity", "wer"]
)
def test_less_is_better_for_losses_and_errors(name: str) -> None:
    assert goal_of(name) == "min"


@pytest.mark.parametrize("name", ["accuracy", "val_accuracy", "f1", "auc", "reward", "glossiness", "learning_rate"])
def test_more_is_better_for_everything_else(name: str) -> None:
    assert goal_of(name) == "max"


def test_nobody_is_better_in_what_was_set_counted_or_used() -> None:
    others = (
        "learning_rate lr lr-Adam/pg1 train/learning_rate epoch train/epoch global_step _step system/host_cpu_percent"
    )
    assert [name for name in others.split() if is_result(name)] == []
    results = "val_loss test_accuracy epoch_loss step_loss steps_to_goal train/loss val_momentum_error seconds"
    assert [name for name in results.split() if not is_result(name)] == []


def test_nan_is_never_better_and_always_worse() -> None:
    assert not is_better(math.nan, 1.0, "min")
    assert not is_better(math.nan, math.nan, "max")
    assert is_better(1.0, math.nan, "max")


def test_an_improvement_must_exceed_the_smallest_gain() -> None:
    assert not is_better(0.95, 1.0, "min", by=0.1)
    assert is_better(0.85, 1.0, "min", by=0.1)
    assert not is_better(1.1, 1.0, "max", by=0.1)
