"""What a look at a sweep does, without any process: trials are made, kept, pruned, and end with the budget."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import db.events
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, StateError
from core.comparison.sweep_frames import curse_told
from core.runs.data_names import without_repeat
from core.sweeps import managing
from core.sweeps.advancing import MOST_FAILED, Advancing
from core.sweeps.confirming import confirmed
from core.sweeps.spending import forecast
from core.sweeps.trials import view
from core.verdicts.confirmed_told import beside_search
from db.records import RunState
from db.sweep_records import SweepState
from tests.core.sweeps.conftest import Begin, End


@pytest.mark.parametrize("method", ["random", "qmc", "tpe", "cmaes", "grid"])
def test_a_sweep_makes_its_trials_one_after_the_other_and_ends(
    method: str, context: Context, begin: Begin, end: End
) -> None:
    fields = ["training.optimizer.learning_rate=1e-4..1e-1:log", "training.batch_size=8..64"]
    sweep = begin(fields, method=method, budget={"trials": 8})
    for number in range(8):
        Advancing(context).look(sweep)  # anew each time, as after a kill
        [active] = view(context, sweep).active
        assert active.kept.number == number
        end(active.kept.run_id, [1.0 / (number + 1)])
    Advancing(context).look(sweep)
    now = view(context, sweep)
    assert (now.sweep.state, len(now.trials)) == (SweepState.FINISHED, 8)
    assert now.best() == now.trials[-1]
    assert now.trials[-1].values == (0.125,)
    found = [runs.get(context, trial.run_ids[0]) for trial in now.trials]
    assert len({str(trial.params) for trial in now.trials}) == 8
    for run, trial in zip(found, now.trials, strict=True):
        config = runs.need_spec(run).training
        assert config.optimizer.learning_rate == trial.params["training.optimizer.learning_rate"]
        assert config.batch_size == trial.params["training.batch_size"]
        assert run.tags == (f"sweep {sweep}",)


def test_a_grid_tries_each_cell_once_with_what_is_conditional(context: Context, begin: Begin, end: End) -> None:
    fields = ["training.optimizer.name=adam,sgd", "training.optimizer.momentum=0.5,0.9@training.optimizer.name=sgd"]
    sweep = begin(fields, method="grid", budget={}, at_once=2)
    advancing = Advancing(context)
    advancing.look(sweep)
    while active := view(context, sweep).active:
        assert len(active) <= 2
        end(active[0].kept.run_id, [0.5])
        advancing.look(sweep)
    now = view(context, sweep)
    name, momentum = "training.optimizer.name", "training.optimizer.momentum"
    assert [trial.params for trial in now.trials] == [
        {name: "adam"},
        {name: "sgd", momentum: 0.5},
        {name: "sgd", momentum: 0.9},
    ]
    assert now.sweep.reason == "Every cell of the grid was tried."


@pytest.mark.parametrize("method", ["random", "qmc", "tpe"])
def test_a_space_that_is_a_list_has_each_config_tried_once(
    method: str, context: Context, begin: Begin, end: End
) -> None:
    name, momentum = "training.optimizer.name", "training.optimizer.momentum"
    fields = [f"{name}=adam,sgd", f"{momentum}=0.5..0.9:step=0.4@{name}=sgd", "training.batch_size=8..9"]
    sweep = begin(fields, method=method, budget={"trials": 50})
    Advancing(context).look(sweep)
    while active := view(context, sweep).active:
        end(active[0].kept.run_id, [0.5])
        Advancing(context).look(sweep)
        if len(view(context, sweep).trials) == 4:
            told = forecast(view(context, sweep))
            assert told is not None
            assert told.left == 3
    now = view(context, sweep)
    optimizers: list[dict[str, Any]] = [{name: "adam"}, {name: "sgd", momentum: 0.5}, {name: "sgd", momentum: 0.9}]
    wanted = [each | {"training.batch_size": batch} for each in optimizers for batch in (8, 9)]
    assert sorted(map(str, (trial.params for trial in now.trials))) == sorted(map(str, wanted))
    assert now.sweep.reason == "Every config of the space was tried."


def test_a_script_that_is_worse_at_a_rung_is_asked_to_end_and_is_pruned(
    context: Context, begin: Begin, end: End, tmp_path: Path
) -> None:
    (tmp_path / "train.py").write_text(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', type=float, default=0.1)\n"
        "args = p.parse_args()\n"
    )
    base = {"project": {"folder": str(tmp_path)}, "entry": "train.py"}
    rule = {"name": "asha", "first": 2, "factor": 2}
    sweep = begin(["arguments.lr=1e-3..1:log"], kind="script", base=base, pruning=rule, at_once=3)
    advancing = Advancing(context)
    advancing.look(sweep)
    good, bad, young = (each.kept.run_id or 0 for each in view(context, sweep).active)
    end(good, [0.5, 0.3], None)
    end(bad, [0.4, 0.4], None)
    end(young, [0.9], None)
    advancing.look(sweep)
    asked = {run: runs.get(context, run).stop_requested for run in (good, bad, young)}
    assert asked == {good: "", bad: "prune", young: ""}
    end(bad, [], RunState.STOPPED)
    assert runs.get(context, bad).state is RunState.PRUNED
    trial = view(context, sweep).trials[1]
    assert (trial.state, trial.values) == ("pruned", (0.4,))
    assert trial.note == "At value 2, a rung, it was number 2 of the 2 that had come there by then; one in 2 goes on."
    assert runs.events(context, bad)[-1].after["state"] == "pruned"


def test_repeats_count_by_their_mean_and_wilcoxon_leaves_out_those_of_a_worse_config(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(repeats=5, pruning={"name": "wilcoxon", "p": 0.1}, budget={"trials": 2})
    advancing = Advancing(context)
    for value in (0.1, 0.2, 0.3, 0.2, 0.2, *(0.9,) * 4):
        advancing.look(sweep)
        [active] = view(context, sweep).active
        seed = runs.need_spec(runs.get(context, active.kept.run_id or 0)).seed
        assert seed == active.kept.repeat
        end(active.kept.run_id, [value])
    advancing.look(sweep)
    first, second = view(context, sweep).trials
    assert first.values == pytest.approx((0.2,))
    assert (first.state, len(first.runs)) == ("finished", 5)
    assert (second.state, len(second.runs)) == ("pruned", 4)
    assert view(context, sweep).sweep.state is SweepState.FINISHED


def test_pause_go_on_extend_add_stop_and_confirm(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(budget={"trials": 1})
    advancing = Advancing(context)
    managing.pause(context, sweep)
    advancing.look(sweep)
    assert view(context, sweep).trials == ()
    managing.go_on(context, sweep)
    advancing.look(sweep)
    end(view(context, sweep).active[0].kept.run_id, [0.5])
    advancing.look(sweep)
    assert view(context, sweep).sweep.reason == "The one trial was made."
    with pytest.raises(StateError, match="is finished; pausing is for one that is running"):
        managing.pause(context, sweep)
    managing.extend(context, sweep, at_once=2)  # which leaves it without a trial to make
    assert view(context, sweep).sweep.state is SweepState.FINISHED
    managing.extend(context, sweep, trials=3)
    assert view(context, sweep).sweep.state is SweepState.RUNNING
    rate = "training.optimizer.learning_rate"
    assert managing.add_trial(context, sweep, {rate: 0.5}) == 1
    with pytest.raises(ConfigError, match=r"training.epochs: is not varied; accepted are training.optimizer"):
        managing.add_trial(context, sweep, {"training.epochs": 1})
    end(view(context, sweep).active[0].kept.run_id, [0.4])
    assert view(context, sweep).trials[1].params == {rate: 0.5}
    made = managing.confirm(context, sweep, best=1, seeds=2)
    assert [runs.need_spec(runs.get(context, run)).seed for run in made] == [1000, 1001]
    assert {without_repeat(runs.get(context, run).name) for run in made} == {f"sweep-{sweep} · trial 1"}
    for run in made:
        end(run, [0.6])
    [told] = confirmed(view(context, sweep))
    assert (told.trial.number, told.seeds) == (1, 2)
    assert told.drop == pytest.approx(0.2)
    assert "0.2000 worse than in the search, on average. The search keeps" in curse_told([told], "val_loss")
    assert "held back for validation, too" in curse_told([told], "val_loss")
    assert "came out 20.00 points worse" in curse_told([told], "val_accuracy")
    assert (beside_search(told, "val_loss"), beside_search(told, "val_accuracy")) == (
        "0.2000 worse",
        "20.00 points worse",
    )
    assert curse_told([told], "test_loss").endswith("that is the winner's curse.")
    [failed] = managing.confirm(context, sweep, best=1, seeds=1)
    end(failed, [], RunState.FAILED)
    [told] = confirmed(view(context, sweep))
    assert (told.seeds, told.failed) == (2, 1)
    better = curse_told([replace(told, values=(0.3,))], "val_loss")
    assert "0.1000 better than in the search, on average. The search's own seed may have been a hard one" in better
    assert view(context, sweep).trials[1].values == (0.4,)  # what is confirmed does not count for the search
    advancing.look(sweep)
    active = view(context, sweep).active
    assert len(active) == 2, "that by hand is none of the budget's three"
    assert managing.stop(context, sweep) == [each.kept.run_id for each in active]
    advancing.look(sweep)
    assert view(context, sweep).active == []
    with pytest.raises(StateError, match=f"Sweep {sweep} is stopped; pausing is for one that is running"):
        managing.pause(context, sweep)


def test_several_changes_are_made_together_or_not_at_all(context: Context, begin: Begin, end: End) -> None:
    sweep, advancing = begin(budget={"trials": 1}), Advancing(context)
    advancing.look(sweep)
    end(view(context, sweep).active[0].kept.run_id, [0.5])
    advancing.look(sweep)
    for state, changes, error in (
        (SweepState.RUNNING, {"at_once": 3}, StateError),  # finished, and nothing is left to do
        (SweepState.STOPPED, {"at_once": 3}, StateError),
        (SweepState.PAUSED, {"trials": 0}, ConfigError),
        (SweepState.PAUSED, {"trials": 7, "at_once": 0}, ConfigError),
    ):
        before = view(context, sweep).sweep
        with pytest.raises(error):
            managing.change(context, sweep, state, **changes)
        assert view(context, sweep).sweep == before
    managing.change(context, sweep, SweepState.PAUSED, trials=7, at_once=3)  # a larger budget first
    now = view(context, sweep)
    assert (now.sweep.state, now.sweep.reason) == (SweepState.PAUSED, f"Paused by {context.actor.name}.")
    assert (now.definition.budget.trials, now.definition.at_once) == (7, 3)
    with context.workspace.read() as session:
        told = [event.verb for event in db.events.of(session, "sweep", str(sweep), 100)]
    assert {*told[:2], *told[-2:]} >= {"extend", "paused"}
    managing.change(context, sweep, SweepState.PAUSED)  # as it is already
    assert view(context, sweep).sweep == now.sweep
    managing.change(context, sweep, SweepState.RUNNING, at_once=1)
    advancing.look(sweep)
    managing.change(context, sweep, SweepState.STOPPED, trials=9)
    advancing.look(sweep)
    assert view(context, sweep).active == []


def test_a_deleted_run_leaves_its_trial_and_earlier_runs_are_trials(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(budget={"trials": 1})
    Advancing(context).look(sweep)
    run = view(context, sweep).active[0].kept.run_id or 0
    end(run, [0.25])
    later = begin(budget={"trials": 1}, earlier=(run,))
    assert [(trial.origin, trial.values) for trial in view(context, later).trials] == [("earlier", (0.25,))]
    Advancing(context).look(sweep)
    Advancing(context).look(later)
    runs.trash(context, [run])
    runs.empty_trash(context)
    for number in (sweep, later):
        assert view(context, number).trials[0].values == (0.25,)
    assert view(context, later).searched[0].number == 1


def test_a_config_that_does_not_fit_is_told_and_never_a_run(context: Context, begin: Begin) -> None:
    with pytest.raises(ConfigError) as refused:
        begin(
            ["training.optimizer.learnin_rate=0.1..1", "architecture.dropout=0.5..1.5"], goals=[{"metric": "val_acc"}]
        )
    told = str(refused.value)
    assert "training.optimizer.learnin_rate: is not a known field" in told
    assert "architecture.dropout: must be less than 1" in told or "architecture.dropout: must be" in told
    with pytest.raises(ConfigError, match=r"goals.0.metric: val_acc is not measured for multiclass .did you mean"):
        begin(goals=[{"metric": "val_acc"}])
    # Each value fits the base config, but warm-up and epochs not always each other.
    fields = ["training.schedule.name=cosine", "training.schedule.warmup=0,1@training.schedule.name=cosine"]
    fields += ["training.epochs=1,2"]
    sweep = begin(fields, method="grid", budget={}, at_once=9)
    Advancing(context).look(sweep)
    states = [
        (trial.params["training.schedule.warmup"], trial.params["training.epochs"])
        for trial in view(context, sweep).trials
        if trial.state == "failed"
    ]
    assert states == [(1, 1)]
    assert "leaves nothing of the 1 epochs" in view(context, sweep).trials[2].note


def test_a_sweep_whose_trials_all_fail_pauses_and_says_why(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(budget={"hours": 1.0})  # of training, which none of them spends

    def failed(times: int) -> None:
        for _ in range(times):
            Advancing(context).look(sweep)
            end(view(context, sweep).active[0].kept.run_id, [], RunState.FAILED)

    failed(MOST_FAILED - 1)
    Advancing(context).look(sweep)
    end(view(context, sweep).active[0].kept.run_id, [0.5])
    failed(MOST_FAILED - 1)
    Advancing(context).look(sweep)
    assert view(context, sweep).sweep.state is SweepState.RUNNING  # one was well in between
    end(view(context, sweep).active[0].kept.run_id, [], RunState.FINISHED)
    Advancing(context).look(sweep)
    now = view(context, sweep)
    assert (now.sweep.state, now.active) == (SweepState.PAUSED, [])
    assert now.sweep.reason == f"The last {MOST_FAILED} trials failed: It recorded no number of val_loss."
    assert now.trials[-1].note == "It recorded no number of val_loss."
    managing.go_on(context, sweep)
    failed(1)  # who goes on all the same sees another trial fail
    Advancing(context).look(sweep)
    assert view(context, sweep).sweep.state is SweepState.PAUSED


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (["training.batch_size=8..64:step=100"], "its step 100 is longer than its range, of which only 8 would be"),
        (
            ["training.batch_size=8,16@training.optimizer.name=sgd"],
            'optimizer.name is "adam", not "sgd"; vary training',
        ),
        (
            ["training.optimizer.name=adam,adamw", "training.batch_size=8,16@training.optimizer.name=sgd|lion"],
            'training.optimizer.name=adam, adamw does not have "sgd" or "lion"',
        ),
        (
            ["training.batch_size=8,16@training.nonsense=1"],
            "its condition is about 'training.nonsense', and there is no",
        ),
        (["training.batch_size=8", "training.epochs=2,2"], "so that there is nothing to search"),
    ],
)
def test_what_would_never_vary_is_refused(fields: list[str], told: str, begin: Begin) -> None:
    with pytest.raises(ConfigError) as refused:
        begin(fields)
    [problem] = refused.value.problems
    assert told in problem.message


def test_what_can_hold_or_has_several_values_is_accepted(begin: Begin) -> None:
    begin(["training.batch_size=8,16@training.optimizer.name=adam", "training.epochs=1..9:step=8"])
    begin(["training.optimizer.name=adam,sgd", "training.optimizer.momentum=0.5@training.optimizer.name=sgd"])
    begin(["training.batch_size=8..16", "training.epochs=2,3@training.batch_size=12"])


@pytest.mark.parametrize("method", ["qmc", "random", "tpe"])
def test_a_search_that_insists_on_a_config_is_sent_elsewhere(
    method: str, context: Context, begin: Begin, end: End
) -> None:
    name, momentum = "training.optimizer.name", "training.optimizer.momentum"
    sweep = begin([f"{name}=adam,sgd", f"{momentum}=0..0.9@{name}=sgd"], method=method, budget={"trials": 14})
    for _ in range(14):
        Advancing(context).look(sweep)
        trial = view(context, sweep).trials[-1]
        end(trial.run_ids[0], [0.1 if trial.params[name] == "adam" else 0.9])
    trials = view(context, sweep).trials
    assert [trial.same_as for trial in trials] == [None] * 14
    assert sum(trial.params[name] == "adam" for trial in trials) == 1  # which is the only config of its kind
    [first] = [trial.number for trial in trials if trial.params[name] == "adam"]
    number = managing.add_trial(context, sweep, {name: "adam"})
    assert view(context, sweep).trials[number].note == f"The same config as trial {first}."
