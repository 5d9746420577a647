"""What trials cost by their values, and that TPE looks where more is to be gained a second."""

from typing import Any

import numpy as np
import pytest

from core.sweeps.definition import Definition, Goal, Halving
from core.sweeps.expected_costs import counts_time, effects_of, gain_a_second
from core.sweeps.fields import from_words
from core.sweeps.own_search import placed
from core.sweeps.trials import Trial, TrialRun
from db.sweep_records import TrialRecord

RATE, BATCH, SIZE, EPOCHS = (
    "training.optimizer.learning_rate", "training.batch_size", "architecture.hidden", "training.epochs"
)  # fmt: skip
FIELDS = (f"{RATE}=1e-4..1e-1:log", f"{BATCH}=16..128:log", f"{SIZE}=[16],[512]")


def _definition(*fields: str, **more: Any) -> Definition:
    base = {"training": {"epochs": 8, "batch_size": 32}}
    return Definition(base=base, fields=tuple(map(from_words, fields or FIELDS)), pruning=Halving(), **more)


def _trial(number: int, params: dict[str, Any], seconds: float, points: int, value: float = 0.5) -> Trial:
    state = "finished" if points == 8 else "pruned"
    kept = TrialRecord(1, number, 0, None, params, {}, state=state, values=(value,), seconds=seconds)
    return Trial(number, params, "search", (TrialRun(kept, None, (value,), points),), state, (value,))


def _seconds(params: dict[str, Any], epochs: int) -> float:
    return epochs * 64 / params[BATCH] * (3 if params[SIZE] == [512] else 1)


def _trials(definition: Definition, count: int = 40) -> list[Trial]:
    random = np.random.default_rng(1)
    found = []
    for number in range(count):
        params, points = placed(definition, random.random(3).tolist()), int(random.choice([1, 2, 8]))
        found.append(_trial(number, params, _seconds(params, points), points, abs(np.log10(params[RATE]) + 2)))
    return found


def test_the_cost_of_each_value_is_learned_from_trials_that_ended_early_too() -> None:
    definition = _definition()
    effects = effects_of(definition, _trials(definition))
    small, large = effects[BATCH](np.array([16.0, 128.0]))
    assert np.exp(small - large) == pytest.approx(8, rel=0.05)
    narrow, wide = effects[SIZE](np.array([0.0, 1.0]))  # choices by their places
    assert np.exp(wide - narrow) == pytest.approx(3, rel=0.05)
    assert np.ptp(effects[RATE](np.array([1e-4, 1e-1]))) < 0.05


def test_epochs_that_are_varied_cost_what_they_take() -> None:
    definition = _definition(f"{EPOCHS}=2..32:log")
    trials = [_trial(number, {EPOCHS: epochs}, 0.5, 2) for number, epochs in enumerate((2, 4, 8, 16, 32, 3, 27))]
    few, many = effects_of(definition, trials)[EPOCHS](np.array([2.0, 32.0]))
    assert np.exp(many - few) == pytest.approx(16, rel=0.1)


def test_nothing_is_said_of_costs_by_a_few_trials_or_by_some_without_one() -> None:
    definition = _definition()
    assert effects_of(definition, _trials(definition, 5)) == {}
    assert effects_of(definition, [_trial(number, {BATCH: 16}, 0.0, 0) for number in range(9)]) == {}


def test_a_field_that_only_some_trials_have_is_no_trouble() -> None:
    definition = _definition(f"{BATCH}=16..128:log", f"{RATE}=1e-4..1e-1:log@{SIZE}=[512]", f"{SIZE}=[16],[512]")
    trials = [_trial(number, {BATCH: 16 + number, SIZE: [16]}, 1.0, 8) for number in range(9)]
    assert np.isfinite(effects_of(definition, trials)[RATE](np.array([1e-3]))).all()


def test_as_good_a_value_that_costs_half_is_worth_twice_as_much_and_a_bad_one_little_however_cheap() -> None:
    same = gain_a_second(np.array([2.0, 2.0]), 0.15, np.log([1.0, 2.0]))
    assert same[0] - same[1] == pytest.approx(np.log(2))
    likely, unlikely = gain_a_second(np.array([3.0, -3.0]), 0.15, np.log([8.0, 1.0]))
    assert likely > unlikely


def test_time_counts_where_trials_are_pruned_or_hours_are_the_budget_and_one_goal_is_no_time() -> None:
    plain = _definition().model_dump() | {"pruning": {"name": "none"}}
    assert counts_time(_definition())
    assert not counts_time(Definition.model_validate(plain))
    assert counts_time(Definition.model_validate(plain | {"budget": {"hours": 1}}))
    assert not counts_time(_definition(goals=(Goal(metric="trained_seconds"),)))
    assert not counts_time(_definition(goals=(Goal(metric="val_loss"), Goal(metric="parameters"))))


def test_tpe_takes_cheaper_configs_where_all_are_as_good_and_no_others_where_they_are_not() -> None:
    from core.sweeps.optuna_search import ask

    definition = _definition()
    trials = _trials(definition)
    costs = effects_of(definition, trials)

    def batches(found: list[Trial], **how: Any) -> float:
        asked = [ask(definition, found, number, {}, **how)[0] for number in range(100, 130)]
        return float(np.mean(np.log2([params[BATCH] for params in asked])))

    assert batches(trials, costs=costs) > batches(trials) + 0.3
    only_small = [_trial(one.number, one.params, 1.0, 8, float(one.params[BATCH])) for one in trials]
    assert batches(only_small, costs=costs) < 5.5
