"""Runs that are stopped, killed, told to end, or taken away, and gone on with."""

import signal
from collections.abc import Callable

import db.runs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from db.records import SUPERVISOR, RunRecord, RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import Warm, eventually

Train = Callable[[int], RunRecord]

# Dropout and batch normalisation have a state of their own, and 7 steps an epoch leave a smaller last batch.
WIDE = [32, 32]
CONFIG = {
    "data": {"source": "digits", "limit": 130},
    "architecture": {"name": "mlp", "hidden": WIDE, "dropout": 0.2, "batch_norm": True},
    "training": {"epochs": 3000, "batch_size": 16, "max_steps": 700, "schedule": {"name": "cosine"}},
}


def _until_step(context: Context, run_id: int, step: int) -> None:
    eventually(lambda: runs.get(context, run_id).step >= step)


def test_a_stopped_and_resumed_run_ends_with_the_same_weights_as_one_that_was_not(
    workspace: Workspace, context: Context, queue: Queue, train: Train, start: StartRun, warm: Warm
) -> None:
    through = train(queue(**CONFIG))
    run_id = queue(**CONFIG)
    for step in (1, 400):
        child = start(run_id, "at_step", step)
        _until_step(context, run_id, step)
        runs.stop(context, [run_id])
        assert child.wait() == 0, child.log
        stopped = runs.get(context, run_id)
        assert stopped.state is RunState.STOPPED
        assert step <= stopped.step < 700
        assert "Stopped on request" in stopped.reason
    resumed = train(run_id)
    assert resumed.state is RunState.FINISHED
    assert resumed.training_at == stopped.training_at
    assert resumed.stretches[-1].first_step == stopped.step
    ends = [
        warm.call("tests.core.inside:weights_of", str(runs.artifact_file(context, run.id, "last.keras")))
        for run in (through, resumed)
    ]
    assert ends[0] == ends[1]
    for metric in ("loss", "val_loss", "val_accuracy", "learning_rate"):
        curves = [runs.history(context, run.id, metric) for run in (through, resumed)]
        assert curves[0].step.tolist() == curves[1].step.tolist()
        assert curves[0].value.tolist() == curves[1].value.tolist()
    summaries = [runs.summaries(context, [run.id])[run.id]["val_loss"] for run in (through, resumed)]
    assert summaries[0].best_step == summaries[1].best_step
    assert summaries[0].curve == summaries[1].curve


def test_a_killed_run_goes_on_from_its_last_checkpoint_and_loses_nothing(
    workspace: Workspace, context: Context, queue: Queue, train: Train, start: StartRun
) -> None:
    through = train(queue(**CONFIG))
    run_id = queue(**CONFIG)
    child = start(run_id, "at_step", 300)
    _until_step(context, run_id, 300)
    child.kill(signal.SIGTERM)
    child.wait()
    checkpoint = runs.get(context, run_id).step
    # Goes on, and is killed past the checkpoint, which leaves metrics that are newer.
    child = start(run_id, "at_step", checkpoint + 100)
    eventually(lambda: runs.history(context, run_id, "loss").step[-1] > checkpoint)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    resumed = train(run_id)
    assert resumed.stretches[-1].first_step == checkpoint
    curves = [runs.history(context, run.id, "val_loss") for run in (through, resumed)]
    assert curves[0].value.tolist() == curves[1].value.tolist()
    assert runs.summaries(context, [run_id])[run_id]["loss"].count == len(curves[0])


def test_a_resumed_run_does_not_overwrite_a_better_best_checkpoint(
    workspace: Workspace, context: Context, queue: Queue, start: StartRun
) -> None:
    overfits = {"epochs": 10_000, "batch_size": 48, "optimizer": {"name": "adam", "learning_rate": 0.01}}
    wide = {"name": "mlp", "hidden": WIDE}
    run_id = queue(data={"source": "digits", "limit": 60}, architecture=wide, training=overfits)
    written = []
    for _ in range(2):
        begun = runs.get(context, run_id).step
        child = start(run_id, "at_step", begun + 300)
        _until_step(context, run_id, begun + 300)
        runs.stop(context, [run_id])
        assert child.wait() == 0, child.log
        written.append(runs.artifact_file(context, run_id, "best.keras").stat().st_mtime_ns)
    assert runs.summaries(context, [run_id])[run_id]["val_loss"].best_step < begun
    assert written[0] == written[1]


def test_sigterm_ends_a_run_gracefully_and_says_so(
    workspace: Workspace, context: Context, queue: Queue, start: StartRun
) -> None:
    run_id = queue(**CONFIG)
    child = start(run_id, "at_step", 1)
    _until_step(context, run_id, 1)
    child.kill(signal.SIGINT)  # Ctrl-C in the server's terminal reaches everybody, and is not meant for trainings
    child.kill(signal.SIGTERM)
    assert child.wait() == 0, child.log
    run = runs.get(context, run_id)
    assert run.state is RunState.STOPPED
    assert "SIGTERM" in run.reason
    assert runs.can_resume(context, run)


ONE_EPOCH = {
    "data": {"source": "digits", "limit": 150, "validation_split": 0.5},
    "architecture": {"name": "cnn", "filters": [4], "hidden": []},
    "training": {"epochs": 1, "batch_size": 25},
}


def test_a_run_stopped_while_it_validates_ends_that_epoch_when_it_is_resumed(
    workspace: Workspace, context: Context, queue: Queue, start: StartRun, train: Train
) -> None:
    run_id = queue(**ONE_EPOCH, evaluation={"test": False})
    child = start(run_id, "in_validation")
    _until_step(context, run_id, 3)
    child.kill(signal.SIGTERM)
    assert child.wait() == 0, child.log
    stopped = runs.get(context, run_id)
    assert (stopped.state, stopped.step, stopped.total_steps) == (RunState.STOPPED, 3, 3)
    assert len(runs.history(context, run_id, "loss")) == 0
    assert train(run_id).state is RunState.FINISHED
    through = train(queue(**ONE_EPOCH, evaluation={"test": False}))
    for metric in ("loss", "val_loss"):
        curves = [runs.history(context, each, metric) for each in (run_id, through.id)]
        assert curves[0].step.tolist() == curves[1].step.tolist() == [3]
        assert curves[0].value.tolist() == curves[1].value.tolist()


def test_a_run_stopped_while_it_is_evaluated_keeps_its_training(
    context: Context, queue: Queue, start: StartRun
) -> None:
    run_id = queue(**ONE_EPOCH)
    child = start(run_id, "in_evaluation")
    eventually(lambda: runs.get(context, run_id).evaluating_at)
    child.kill(signal.SIGTERM)
    assert child.wait() == 0, child.log
    run = runs.get(context, run_id)
    assert run.state is RunState.FINISHED
    assert "during the evaluation" in run.reason
    assert runs.artifact_file(context, run_id, "best.keras").is_file()
    assert "evaluation.json" not in {artifact.name for artifact in runs.artifacts(context, run_id)}


def test_a_run_that_was_settled_without_its_trainer_is_left_alone_by_it(
    workspace: Workspace, context: Context, queue: Queue, start: StartRun
) -> None:
    run_id = queue(**CONFIG)
    child = start(run_id, "at_step", 1)
    _until_step(context, run_id, 1)
    with workspace.write() as session:
        reason = "Nobody heard of it."
        db.runs.transition(session, run_id, [RunState.RUNNING], RunState.LOST, actor=SUPERVISOR, reason=reason)
    assert child.wait() == 0
    assert child.result() == 3
    run = runs.get(context, run_id)
    assert (run.state, run.reason) == (RunState.LOST, "Nobody heard of it.")


def test_a_damaged_checkpoint_fails_the_run_with_advice(
    workspace: Workspace, context: Context, queue: Queue, start: StartRun
) -> None:
    run_id = queue()
    checkpoint = workspace.settings.run_dir(run_id) / "checkpoints" / "last.keras"
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_bytes(b"not a zip")
    start(run_id).wait()
    run = runs.get(context, run_id)
    assert run.state is RunState.FAILED
    assert "is damaged" in run.reason
    assert "Relaunch the run" in run.reason
