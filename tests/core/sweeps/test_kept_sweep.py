"""A sweep that is read time and again is as one that is read anew."""

import gc
from dataclasses import replace

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.kept_sweep import KeptSweep
from core.sweeps.spending import dominates, pareto_front
from core.sweeps.trials import SweepView, view
from db.records import RunState
from db.sweep_records import SweepState
from tests.core.sweeps.conftest import Begin, End


def test_what_is_kept_is_what_the_store_has_after_each_change(context: Context, begin: Begin, end: End) -> None:
    goals = [{"metric": "val_loss"}, {"metric": "trained_seconds"}]
    sweep = begin(goals=goals, repeats=2, budget={"trials": 4}, at_once=2)
    kept = KeptSweep(sweep)

    def same() -> SweepView:
        now = kept.read(context)
        assert now == view(context, sweep)
        return now

    assert same().trials == ()
    Advancing(context).look(sweep)
    first, second = (each.kept.run_id or 0 for each in same().active)
    end(first, [0.5], state=None)
    assert same().trials[0].points == 1  # of a run at work, though nothing of its row has changed
    end(first, [0.5, 0.4])
    end(second, [0.6], RunState.FAILED)
    assert same().trials[0].state == "failed"
    Advancing(context).look(sweep)
    before = same()
    run = before.active[0].kept.run_id or 0
    end(run, [0.7])
    after = same()
    assert after.trials[0] is before.trials[0]  # nothing of it has changed
    runs.trash(context, [first])
    runs.empty_trash(context)
    assert same().trials[0].runs[0].run is None
    managing.extend(context, sweep, trials=7, at_once=1)
    assert same().definition.budget.trials == 7
    managing.stop(context, sweep)
    assert same().sweep.state is SweepState.STOPPED
    with pytest.raises(NotFoundError, match="There is no sweep 999"):
        KeptSweep(999).read(context)


@pytest.mark.parametrize("goals", [2, 3])
def test_the_front_is_what_no_other_trial_beats(goals: int, context: Context, begin: Begin, end: End) -> None:
    metrics = [{"metric": name} for name in ("val_loss", "val_accuracy", "trained_seconds")[:goals]]
    sweep = begin(goals=metrics)
    Advancing(context).look(sweep)
    found = view(context, sweep)
    random = np.random.default_rng(goals)
    for _ in range(20):  # small numbers, so that many are equal in a goal, or in all
        points = [tuple(map(float, random.integers(0, 5, goals))) for _ in range(30)]
        made = [replace(found.trials[0], number=n, state="finished", values=point) for n, point in enumerate(points)]
        signed = [(point[0], -point[1], *point[2:]) for point in points]
        best = [n for n, point in enumerate(signed) if not any(dominates(other, point) for other in signed)]
        assert [trial.number for trial in pareto_front(replace(found, trials=tuple(made)))] == best


def test_importance_is_told_of_a_search_of_our_own_and_of_many_trials_by_a_sample(
    context: Context, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.sweeps import field_importance

    monkeypatch.setattr(field_importance, "_RESAMPLES", {"ped_anova": 2, "fanova": 2})
    monkeypatch.setattr(field_importance, "_MOST", 35)
    sweep = begin(["training.optimizer.learning_rate=1e-4..1e-1:log", "training.batch_size=8,16"], method="random")
    Advancing(context).look(sweep)
    found = view(context, sweep)
    random, rate = np.random.default_rng(0), "training.optimizer.learning_rate"
    made = [
        replace(
            found.trials[0], number=number, state="finished", values=(float(value),),
            params={rate: 10 ** (-4 + 3 * float(value)), "training.batch_size": int(random.choice([8, 16]))},
        )
        for number, value in enumerate(random.random(50))
    ]  # fmt: skip
    measured = field_importance.importance(replace(found, trials=tuple(made)), {})
    assert measured is not None
    assert (measured["trials"], measured["measured"]) == (50, 35)
    assert measured["fanova"][rate][0] > 0.9  # of which alone the results follow
    some = tuple(replace(trial, state="pruned") if trial.number >= 20 else trial for trial in made)
    assert field_importance.importance(replace(found, trials=some), {}) is None
    expected = {trial.number: trial.values[0] for trial in made[20:] if trial.values}
    measured = field_importance.importance(replace(found, trials=some), expected)
    assert measured is not None
    assert (measured["trials"], measured["pruned"]) == (50, 30)
    assert measured["fanova"][rate][0] > 0.9


def test_what_importance_computed_of_its_trees_is_not_kept(context: Context, begin: Begin) -> None:
    """The process that searches lives as long as there are sweeps."""
    from core.sweeps import field_importance

    sweep = begin(["training.optimizer.learning_rate=1e-4..1e-1:log"])
    Advancing(context).look(sweep)
    found = view(context, sweep)
    rate = "training.optimizer.learning_rate"
    made = [
        replace(
            found.trials[0],
            number=number,
            state="finished",
            values=(number % 7,),
            params={rate: 10 ** (-1 - number / 20)},
        )
        for number in range(40)
    ]

    def kept() -> int:
        gc.collect()
        return sum(type(each).__name__ == "_FanovaTree" for each in gc.get_objects())

    assert field_importance._measured(found, made, "fanova")
    assert kept() == 0
