"""Trainings of a sweep, by real trainers."""

import numpy as np
import pytest

import db.leases
import db.runs
from core import runs
from core.common.context import Context
from core.config.edit import with_values
from core.config.presets import get_preset
from core.sweeps.advancing import Advancing
from core.sweeps.definition import Goal
from core.sweeps.trial_judge import Judge
from core.sweeps.trials import values_of, view
from db.records import TRAINER, Lease, RunState, Summary
from db.sweep_records import RunNow
from tests.core.conftest import StartRun
from tests.core.sweeps.conftest import Begin, End


def test_a_training_ends_itself_at_a_rung_where_another_trial_is_better(
    context: Context, begin: Begin, end: End, start: StartRun
) -> None:
    base = get_preset("digits-mlp").raw
    sweep = begin(base=base, pruning={"name": "asha", "first": 2, "factor": 3}, at_once=2)
    Advancing(context).look(sweep)
    better, run = (each.kept.run_id or 0 for each in view(context, sweep).active)
    end(better, [1e-5, 1e-5], None)  # val_loss of its first epochs
    child = start(run)
    assert child.wait() == 0, child.log
    ended = runs.get(context, run)
    assert (ended.state, ended.reason) == (RunState.PRUNED, "Pruned by its sweep, after 72 of 1,080 steps.")
    assert len(runs.history(context, run, "val_loss")) == 2
    assert not [name for name in runs.summaries(context, [run])[run] if name.startswith("test_")]
    assert runs.can_resume(context, ended)
    trial = view(context, sweep).trials[1]
    assert trial.state == "pruned"
    assert trial.values == pytest.approx((np.min(runs.history(context, run, "val_loss").value),))
    assert trial.note == "At epoch 2, a rung, it was number 2 of the 2 that had come there by then; one in 3 goes on."


def test_a_training_that_gains_no_more_has_its_result_early(
    context: Context, begin: Begin, end: End, start: StartRun
) -> None:
    base = with_values(
        get_preset("digits-mlp").raw, {"training.optimizer.learning_rate": 1e-30}
    )  # which learns nothing
    sweep = begin(
        ["training.batch_size=16,32,64,128"], base=base, method="grid", pruning={"name": "asha", "first": 10}, at_once=4
    )
    Advancing(context).look(sweep)
    *others, run = (each.kept.run_id or 0 for each in view(context, sweep).active)
    for other in others:
        end(other, [0.1, *[0.2] * 29])
    Advancing(context).look(sweep)
    child = start(run)
    assert child.wait() == 0, child.log
    ended = runs.get(context, run)
    assert (ended.state, len(runs.history(context, run, "val_loss"))) == (RunState.FINISHED, 2)
    assert ended.reason.startswith(
        "Ended after epoch 2 with its result: its best was epoch 1, and of 3 others that had"
    )
    assert runs.summaries(context, [run])[run]["test_loss"].count == 1
    Advancing(context).look(sweep)
    trial = next(trial for trial in view(context, sweep).trials if trial.run_ids == [run])
    assert (trial.state, trial.note) == ("finished", ended.reason)


def test_a_trial_that_ended_by_itself_is_judged_by_at_later_rungs(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(base=get_preset("digits-mlp").raw, pruning={"name": "asha", "first": 3}, at_once=3)
    Advancing(context).look(sweep)
    better, run, behind = view(context, sweep).active
    end(better.kept.run_id or 0, [0.1, 0.2])
    Advancing(context).look(sweep)
    end(run.kept.run_id or 0, [0.5, 0.4, 0.3], None)
    end(behind.kept.run_id or 0, [0.1, 0.1], None)  # which is at work still, and has not come there
    judge = Judge.of(context.workspace, run.kept)
    assert judge is not None
    assert (
        judge.why_end_after(3)
        == "At epoch 3, a rung, it was number 2 of the 2 that had come there by then; one in 3 goes on."
    )


def test_every_tenth_trial_is_trained_to_its_end(context: Context, begin: Begin, end: End) -> None:
    sweep = begin(base=get_preset("digits-mlp").raw, pruning={"name": "asha"}, budget={"trials": 12})
    asked = []
    for _ in range(12):
        Advancing(context).look(sweep)
        [active] = view(context, sweep).active
        judge = Judge.of(context.workspace, active.kept)
        assert judge is not None
        asked.append([points for points in range(1, 10) if judge.may_stop_early(points, 0.5)])
        end(active.kept.run_id or 0, [0.5])
    assert asked[1] == [2, 3, 4, 5, 6, 8]  # from half as long again on, and rarer later
    assert [number for number, each in enumerate(asked) if not each] == [0, 10]


def test_a_network_whose_weights_are_pruned_is_trained_to_its_end(context: Context, begin: Begin, end: End) -> None:
    """Before the last cut no epoch is its best."""
    base = with_values(get_preset("digits-mlp").raw, {"pruning": {"sparsity": 0.9}})
    sweep = begin(base=base, pruning={"name": "asha"}, budget={"trials": 2})
    for _ in range(2):
        Advancing(context).look(sweep)
        [active] = view(context, sweep).active
        judge = Judge.of(context.workspace, active.kept)
        assert judge is not None
        assert not any(judge.may_stop_early(points, 0.5) for points in range(1, 10))
        end(active.kept.run_id or 0, [0.5])


def test_a_trial_stops_early_by_others_of_its_schedule_and_length_alone(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(
        ["training.epochs=5,20", "training.batch_size=16,32,64,128"], base=get_preset("digits-mlp").raw, method="grid",
        pruning={"name": "asha"}, at_once=8, budget={"trials": 8},
    )  # fmt: skip
    Advancing(context).look(sweep)
    active = view(context, sweep).active
    short, long = ([each for each in active if each.kept.params["training.epochs"] == count] for count in (5, 20))
    for each in long:
        end(each.kept.run_id or 0, [0.1, *[0.2] * 19])
    own = next(each for each in short if each.kept.number)
    end(own.kept.run_id or 0, [0.1, 0.2], None)
    Advancing(context).look(sweep)
    judge = Judge.of(context.workspace, own.kept)
    assert judge is not None
    assert judge.why_stop_early(2) == ""
    for each in short:
        if each is not own:
            end(each.kept.run_id or 0, [0.1, *[0.2] * 4])
    Advancing(context).look(sweep)
    assert "of 3 others that had gone as long" in judge.why_stop_early(2)


def test_the_best_value_of_a_trial_is_of_an_epoch_that_may_be_its_best() -> None:
    """As of a network whose weights are pruned, only after the last cut."""
    summary = Summary(1, "val_loss", last=1.7, best=1.6, min=0.2, max=2.0, best_step=9, last_step=10, count=10)
    now = RunNow(1, RunState.FINISHED, 1.0, None, None, "", 10, (), None, "", "")
    low, high = Goal(metric="val_loss"), Goal(metric="val_loss", direction="max")
    assert values_of([low, high], {"val_loss": summary}, now) == (1.6, 2.0)


def test_a_trial_says_why_its_run_ended_and_of_several_seeds_the_one_that_made_it_what_it_is(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(repeats=2, budget={"trials": 1})
    reasons = [(RunState.FINISHED, "Ended after epoch 3 with its result."), (RunState.LOST, "Its process was killed.")]
    for state, reason in reasons:
        Advancing(context).look(sweep)
        [active] = view(context, sweep).active
        end(active.kept.run_id or 0, [0.5], None)
        with context.workspace.write() as session:
            run = db.runs.get(session, active.kept.run_id or 0)
            assert run is not None
            db.leases.end(session, Lease(run.id, run.attempt), state, reason, 1.0, actor=TRAINER)
    Advancing(context).look(sweep)
    [trial] = view(context, sweep).trials
    assert (trial.state, trial.note) == ("failed", "Its process was killed.")
