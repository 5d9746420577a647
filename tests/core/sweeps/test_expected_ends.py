"""What pruned trials count for beside those that were trained to their end."""

import pytest

from core.common.context import Context
from core.sweeps.advancing import Advancing
from core.sweeps.expected_ends import expected_ends
from core.sweeps.trials import view
from db.records import RunState
from tests.core.sweeps.conftest import Begin, End


@pytest.mark.parametrize("direction", ["min", "max"])
def test_a_pruned_trial_ends_where_those_of_its_rank_ended(
    direction: str, context: Context, begin: Begin, end: End
) -> None:
    sign = 1 if direction == "min" else -1
    sweep = begin(method="tpe", budget={"trials": 5}, goals=[{"metric": "val_loss", "direction": direction}])
    curves = [
        ([1.0, 0.8, 0.6], RunState.FINISHED),  # the first, with nothing beside it
        ([0.9, 0.5, 0.2], RunState.FINISHED),
        ([0.95], RunState.PRUNED),  # between the two worst: 0.725 after two values, 0.5 at the end
        ([0.8, 0.65], RunState.PRUNED),  # in the middle of those that went on from there
        ([1.3], RunState.PRUNED),  # worse than all that went on, by 0.3
    ]
    for values, state in curves:
        Advancing(context).look(sweep)
        [active] = view(context, sweep).active
        end(active.kept.run_id, [sign * value for value in values], state=state)
    now = view(context, sweep)
    assert expected_ends(context, now) == pytest.approx({2: sign * 0.5, 3: sign * 0.4, 4: sign * 0.9})


def test_nothing_is_expected_where_none_went_on(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(budget={"trials": 2})
    for values in ([0.9, 0.5], [0.3]):
        Advancing(context).look(sweep)
        [active] = view(context, sweep).active
        end(active.kept.run_id, values, state=RunState.PRUNED)
    assert expected_ends(context, view(context, sweep)) == {}


def test_tpe_takes_a_good_pruned_trial_for_better_than_a_bad_one_that_was_trained_to_its_end() -> None:
    from core.sweeps.definition import Definition
    from core.sweeps.fields import from_words
    from core.sweeps.optuna_search import study_of
    from core.sweeps.trials import Trial, TrialRun
    from db.sweep_records import TrialRecord

    field = "training.optimizer.learning_rate"
    definition = Definition(base={}, fields=(from_words(f"{field}=1e-4..1e-1:log"),))
    runs = [(TrialRun(TrialRecord(1, number, 0, None, {}, {}), None, None),) for number in range(2)]
    bad = Trial(0, {field: 0.001}, "search", runs[0], "finished", (0.9,))
    good = Trial(1, {field: 0.01}, "search", runs[1], "pruned", (0.95,))
    assert study_of(definition, [bad, good], {1: 0.2}).best_params == {field: 0.01}
