"""Sweeps that strangers would break: values by hand, two people at once, seeds without a value, code that is gone."""

import os
import time
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError
from core.runs import experiment_changes
from core.scripts import code_store
from core.sweeps import managing
from core.sweeps.advancing import MOST_ERRORS, Advancing
from core.sweeps.spending import forecast
from core.sweeps.sweeping import look_at_all
from core.sweeps.trials import SweepView, view
from db.records import RunState
from db.sweep_records import SweepState
from tests.core.sweeps.conftest import Begin, End

_SCRIPT = """import argparse
p = argparse.ArgumentParser()
p.add_argument('--rate', type=float, default=1)
p.add_argument('--width', type=int, default=7)
p.add_argument('--seed', type=int, default=1)
args = p.parse_args()
"""


def test_a_value_by_hand_that_the_search_would_not_make_ends_no_search(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(["training.batch_size=16..64:step=16", "training.epochs=1..100"], method="tpe")
    for params in ({"training.batch_size": 20}, {"training.batch_size": 500}):
        managing.add_trial(context, sweep, params)
    for active in view(context, sweep).active:
        end(active.kept.run_id, [0.5])
    Advancing(context).look(sweep)
    assert [trial.params["training.batch_size"] for trial in view(context, sweep).trials[:2]] == [20, 500]
    assert view(context, sweep).trials[2].params["training.batch_size"] in (16, 32, 48, 64)


def test_a_search_that_cannot_go_on_pauses_and_says_why_and_the_others_go_on(
    context: Context, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = begin(), begin()
    advancing = Advancing(context)

    def look(sweep: int) -> None:
        if sweep == broken:
            raise NotFoundError("The snapshot is gone.")

    monkeypatch.setattr(advancing, "look", look)
    for _ in range(MOST_ERRORS):
        assert view(context, broken).sweep.state is SweepState.RUNNING
        look_at_all(context.workspace, advancing)
    assert view(context, broken).sweep.state is SweepState.PAUSED
    assert view(context, broken).sweep.reason == "No trial can be made: The snapshot is gone."
    assert view(context, fine).sweep.state is SweepState.RUNNING


def test_confirmations_asked_for_at_once_are_of_different_seeds(
    context: Context, begin: Begin, end: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = begin(budget={"trials": 1})
    Advancing(context).look(sweep)
    end(view(context, sweep).trials[0].run_ids[0], [0.5])
    others = [2]

    def meanwhile(context: Context, number: int) -> SweepView:
        found = view(context, number)
        if others:  # a colleague is quicker
            managing.confirm(context, sweep, 1, others.pop())
        return found

    monkeypatch.setattr("core.sweeps.managing.read_view", meanwhile)
    managing.confirm(context, sweep, 1, 2)
    [trial] = view(context, sweep).trials
    seeds = [runs.need_spec(runs.get(context, each.kept.run_id or 0)).seed for each in trial.confirmations]
    assert len(set(seeds)) == 4


def test_a_config_of_which_one_seed_has_no_value_has_failed(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(repeats=3, at_once=3, budget={"trials": 1})
    advancing = Advancing(context)
    advancing.look(sweep)
    for active, values in zip(view(context, sweep).active, ([0.5], [float("nan")], [0.4]), strict=True):
        end(active.kept.run_id, values)
    advancing.look(sweep)
    [trial] = view(context, sweep).trials
    assert (trial.state, len(trial.runs)) == ("failed", 3)
    assert view(context, sweep).best() is None
    assert trial.note == "It recorded no number of val_loss."


def test_of_several_goals_the_one_that_is_missing_is_told(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(goals=[{"metric": "val_loss"}, {"metric": "val_accuracy"}], method="tpe")
    advancing = Advancing(context)
    advancing.look(sweep)
    end(view(context, sweep).active[0].kept.run_id, [0.5])
    advancing.look(sweep)
    assert view(context, sweep).trials[0].note == "It recorded no number of val_accuracy."


def test_what_ran_before_counts_for_no_trial_without_a_gain(context: Context, begin: Begin, end: End) -> None:
    first = begin(budget={"trials": 3}, at_once=3)
    Advancing(context).look(first)
    known = [each.kept.run_id or 0 for each in view(context, first).active]
    for run, value in zip(known, (0.1, 0.2, 0.3), strict=True):
        end(run, [value])
    sweep = begin(earlier=tuple(known), budget={"no_gain": 2})
    for made in (1, 2):
        Advancing(context).look(sweep)
        assert len(view(context, sweep).searched) == made
        end(view(context, sweep).active[0].kept.run_id, [0.4])
    Advancing(context).look(sweep)
    assert view(context, sweep).sweep.reason == "The last 2 trials brought nothing better."


def test_an_evolution_tries_no_config_twice(context: Context, begin: Begin, end: End) -> None:
    goals = [{"metric": "val_loss"}, {"metric": "trained_seconds"}]
    sweep = begin(["training.batch_size=1..900", "training.epochs=1..4"], goals=goals, method="nsga2", seed=3)
    managing.extend(context, sweep, trials=24)
    advancing = Advancing(context)
    for _ in range(24):
        advancing.look(sweep)
        [active] = view(context, sweep).active
        end(active.kept.run_id, [active.kept.params["training.batch_size"]])
    tried = [trial.config for trial in view(context, sweep).trials]
    assert len(set(tried)) == len(tried) == 24


def test_a_field_of_numbers_with_fractions_has_all_between_whole_ends(context: Context, begin: Begin) -> None:
    kinds = {"training.optimizer.learning_rate": "real", "training.batch_size": "whole"}
    sweep = begin([f"{field}=1..8" for field in kinds])
    assert {each.field: each.range.kind for each in view(context, sweep).definition.fields} == kinds
    stepped = begin(["training.optimizer.learning_rate=1..3:step=1"])
    assert view(context, stepped).definition.fields[0].range.cells(5) == [1, 2, 3]


@pytest.mark.parametrize(
    "field", ["data.source=digits,iris", "data.test_split=0.1..0.3", "data.validation_split=0.1,0.2"]
)
def test_what_results_are_measured_on_is_not_searched(field: str, begin: Begin) -> None:
    with pytest.raises(ConfigError) as refused:
        begin([field])
    [problem] = refused.value.problems
    assert "results on other examples cannot be ranked" in problem.message


def test_a_range_of_a_whole_number_has_whole_ones_also_where_its_ends_have_points(
    context: Context, begin: Begin
) -> None:
    sweep = begin(["training.batch_size=8.0..32.0", "training.epochs=2.0..8.0:step=2"])
    Advancing(context).look(sweep)
    [trial] = view(context, sweep).trials
    assert [type(value) for value in trial.params.values()] == [int, int]
    unset = begin(["training.max_steps=8.0..32.0"])  # which the base config leaves out
    assert view(context, unset).definition.fields[0].range.kind == "whole"
    with pytest.raises(ConfigError, match=r"training.batch_size: must be a valid integer, got .*; received 8.5"):
        begin(["training.batch_size=8.5..32.0"])


@pytest.mark.parametrize("name", ["best", "seconds"])
def test_a_goal_with_the_name_of_a_column_is_refused(name: str, begin: Begin, script: dict[str, object]) -> None:
    fields = ["arguments.width=1..9"]
    with pytest.raises(ConfigError, match=f"{name} is a column of the table of trials"):
        begin(fields, goals=[{"metric": name}], **script)


def test_a_sweep_whose_experiment_goes_into_the_trash_pauses_and_says_why(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(experiment="gone")
    Advancing(context).look(sweep)
    end(view(context, sweep).active[0].kept.run_id, [0.5])
    known = experiment_changes.named(context, "gone")
    assert known is not None
    experiment_changes.trash(context, known.id)
    Advancing(context).look(sweep)
    now = view(context, sweep)
    assert (now.sweep.state, len(now.trials)) == (SweepState.PAUSED, 1)
    assert now.sweep.reason.startswith("Its experiment was moved to the trash")


def test_a_goal_that_cannot_be_read_is_one_problem(begin: Begin) -> None:
    with pytest.raises(ConfigError) as refused:
        begin(goals=[{"metric": "val_loss", "direction": "up"}])
    [problem] = refused.value.problems
    assert (problem.field, problem.message[:18]) == ("goals", "item 1: direction ")


@pytest.mark.parametrize(
    "pruning",
    [{"name": "asha", "first": 50}, {"name": "hyperband", "first": 50}, {"name": "median", "first": 50}],
    ids=lambda pruning: pruning["name"],
)
def test_a_pruning_that_would_never_look_is_refused(pruning: dict[str, object], begin: Begin) -> None:
    with pytest.raises(ConfigError) as refused:
        begin(pruning=pruning)
    [problem] = refused.value.problems
    assert "would judge nobody" in problem.message
    begin(["training.epochs=2,200"], pruning=pruning)
    begin(["training.epochs=1,2"], pruning={"name": pruning["name"]})  # as it is proposed, and just saves nothing


def test_trials_that_wait_for_the_one_slot_are_not_told_as_going_beside_each_other(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(at_once=4, budget={"trials": 9})
    Advancing(context).look(sweep)
    first = view(context, sweep).active[0].kept.run_id or 0
    end(first, [0.5])
    run = runs.get(context, first)
    ahead = forecast(view(context, sweep))
    assert ahead is not None
    assert run.finished_at is not None
    assert run.starting_at is not None
    assert ahead.left == 8
    assert ahead.seconds == pytest.approx(8 * (run.finished_at - run.starting_at))


def test_a_trial_whose_sweep_was_stopped_between_two_seeds_is_not_at_work(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(repeats=3, budget={"trials": 1})
    Advancing(context).look(sweep)
    end(view(context, sweep).active[0].kept.run_id, [0.5])
    managing.stop(context, sweep)
    [trial] = view(context, sweep).trials
    assert (trial.state, trial.note) == ("pruned", "The sweep was stopped after 1 seed of it.")
    managing.go_on(context, sweep)
    Advancing(context).look(sweep)
    assert [len(trial.runs) for trial in view(context, sweep).trials] == [2]


def test_a_trial_by_hand_has_all_of_its_seeds_also_after_the_end(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(repeats=2, budget={"trials": 1})
    advancing = Advancing(context)
    for _ in range(2):
        advancing.look(sweep)
        end(view(context, sweep).active[0].kept.run_id, [0.5])
    advancing.look(sweep)
    assert view(context, sweep).sweep.state is SweepState.FINISHED
    managing.add_trial(context, sweep, {})
    end(view(context, sweep).active[0].kept.run_id, [0.4])
    advancing.look(sweep)
    end(view(context, sweep).active[0].kept.run_id, [0.3])
    advancing.look(sweep)
    last = view(context, sweep).trials[-1]
    assert last.state == "finished"
    assert last.values == pytest.approx((0.35,))
    assert view(context, sweep).sweep.state is SweepState.FINISHED


def test_a_sweep_follows_its_experiment_when_that_is_renamed(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(experiment="digits")
    Advancing(context).look(sweep)
    end(view(context, sweep).active[0].kept.run_id, [0.5])
    known = experiment_changes.named(context, "digits")
    assert known is not None
    experiment_changes.rename(context, known.id, "paper")
    Advancing(context).look(sweep)
    made = [run for trial in view(context, sweep).trials for run in trial.run_ids]
    assert [runs.get(context, run).experiment for run in made] == ["paper", "paper"]


@pytest.fixture
def script(tmp_path: Path) -> dict[str, object]:
    (tmp_path / "train.py").write_text(_SCRIPT)
    return {"kind": "script", "base": {"project": {"folder": str(tmp_path)}, "entry": "train.py"}}


def test_repeats_of_a_script_count_up_from_the_seed_that_it_has_by_itself(
    context: Context, begin: Begin, script: dict[str, object]
) -> None:
    sweep = begin(["arguments.rate=0..1"], repeats=3, at_once=3, **script)
    Advancing(context).look(sweep)
    [trial] = view(context, sweep).trials
    arguments = [runs.get(context, run).config["arguments"] for run in trial.run_ids]
    assert [each["seed"] for each in arguments] == [1, 2, 3]
    assert 0 < arguments[0]["rate"] < 1


def test_a_trial_by_hand_has_what_the_script_has_by_itself(
    context: Context, begin: Begin, script: dict[str, object]
) -> None:
    sweep = begin(["arguments.rate=0..1", "arguments.width=4..9"], **script)
    managing.add_trial(context, sweep, {"arguments.rate": 0.25})
    assert view(context, sweep).trials[0].params == {"arguments.rate": 0.25, "arguments.width": 7}


def test_the_code_of_a_sweep_outlives_its_runs(context: Context, begin: Begin, script: dict[str, object]) -> None:
    sweep = begin(["arguments.rate=0..1"], **script)
    long_ago = time.time() - 10 * 86_400
    for path in context.workspace.settings.code_dir.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    Advancing(context).look(sweep)
    [active] = view(context, sweep).active
    runs.stop(context, [active.kept.run_id or 0])
    runs.trash(context, [active.kept.run_id or 0])
    assert runs.empty_trash(context).count == 1
    snapshot = view(context, sweep).definition.base["project"]["snapshot"]
    assert code_store.snapshot(context.workspace.settings, snapshot).files


def test_once_a_seed_is_pruned_the_others_of_its_config_are_ended_or_not_begun(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(repeats=4, at_once=4, budget={"trials": 1}, pruning={"name": "median"})
    advancing = Advancing(context)
    advancing.look(sweep)
    first, second, third, fourth = (each.kept.run_id or 0 for each in view(context, sweep).active)
    end(second, [0.5], None)
    end(first, [0.9], RunState.PRUNED)
    end(fourth, [0.4])
    advancing.look(sweep)
    assert (runs.get(context, second).stop_requested, runs.get(context, third).state) == ("prune", RunState.PRUNED)
    end(second, [], RunState.STOPPED)
    advancing.look(sweep)
    found = view(context, sweep)
    [trial] = found.trials
    assert (trial.state, found.sweep.state) == ("pruned", SweepState.FINISHED)
    assert trial.runs[1].kept.note == trial.runs[2].kept.note == f"Ended with another seed of it, run {first}."
    assert [each.state for each in trial.runs] == ["pruned", "pruned", "pruned", "finished"]


def test_where_trials_are_pruned_other_configs_come_before_further_seeds_of_one(
    context: Context, begin: Begin, end: End
) -> None:
    for rule, numbers in (("median", [0, 1, 2, 0]), ("wilcoxon", [0, 1, 2]), ("none", [0, 0, 0, 0])):
        sweep = begin(repeats=4, at_once=4, budget={"trials": 3}, pruning={"name": rule})
        Advancing(context).look(sweep)
        assert [each.kept.number for each in view(context, sweep).active] == sorted(numbers), rule
