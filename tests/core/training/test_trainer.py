"""What a run leaves in the store and on disk, executed by a real trainer."""

import math
from collections.abc import Callable

import pytest

import db.points
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.tracking.goals import is_better
from db.records import RunRecord, RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]


def test_a_run_ends_finished_with_metrics_facts_checkpoints_and_a_test(
    context: Context, queue: Queue, train: Train
) -> None:
    run = train(queue(training={"epochs": 5, "batch_size": 16}))
    assert (run.state, run.reason) == (RunState.FINISHED, "")
    assert (run.step, run.total_steps, run.steps_per_epoch) == (30, 30, 6)
    assert run.training_at
    assert run.evaluating_at
    assert run.finished_at
    assert run.training_at <= run.evaluating_at <= run.finished_at
    summaries = runs.summaries(context, [run.id])[run.id]
    assert {"loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"} <= set(summaries)
    assert runs.history(context, run.id, "val_loss").step.tolist() == [6, 12, 18, 24, 30]
    assert (summaries["test_accuracy"].count, summaries["test_accuracy"].last_step) == (1, 30)
    assert summaries["system/process_memory_mb"].count >= 1
    left = {"last.keras", "best.keras", "evaluation.json", "predictions.parquet"}
    assert {artifact.name for artifact in runs.artifacts(context, run.id)} == left
    assert run.facts["examples"] == {"train": 96, "validation": 24, "test": 30}
    assert {"tensorflow", "keras", "numpy", "python"} <= set(run.facts["versions"])
    assert len(run.facts["data_fingerprint"]) == 64


def test_the_test_set_is_evaluated_with_the_best_epoch_and_keras_agrees(
    workspace: Workspace, context: Context, queue: Queue, train: Train, warm: Warm
) -> None:
    # Few examples, so that it overfits and the last epoch is not the best.
    training = {"epochs": 30, "optimizer": {"name": "adam", "learning_rate": 0.03}}
    run = train(queue(data={"source": "digits", "limit": 60}, training=training))
    recorded = runs.summaries(context, [run.id])[run.id]
    path = runs.artifact_file(context, run.id, "best.keras")
    evaluated = warm.call(
        "tests.core.inside:evaluate_checkpoint",
        str(path),
        workspace.settings.environment(),
        {"source": "digits"},
    )
    assert recorded["val_loss"].best_step < run.step
    assert recorded["test_loss"].last == pytest.approx(evaluated["loss"], rel=1e-4)
    assert recorded["test_accuracy"].last == pytest.approx(evaluated["accuracy"])


@pytest.mark.parametrize("seed", range(5))
def test_the_xor_preset_learns_for_every_seed(context: Context, train: Train, seed: int) -> None:
    from core.config.presets import get_preset

    raw = {**get_preset("xor").raw, "seed": seed}
    run = train(runs.create(context, runs.Draft(raw))[0])
    assert runs.summaries(context, [run.id])[run.id]["test_accuracy"].last == 1.0


def test_early_stopping_ends_the_run_and_says_why(context: Context, queue: Queue, train: Train) -> None:
    training = {"epochs": 1000, "early_stopping": {"patience": 3}, "optimizer": {"name": "sgd", "learning_rate": 5.0}}
    run = train(queue(training=training))
    assert run.state is RunState.FINISHED
    assert run.reason == "Early stopping: val_loss has not improved for 3 epochs."
    series = runs.history(context, run.id, "val_loss")
    assert len(series) < 1000
    assert not any(is_better(value, series.value[-4], "min") for value in series.value[-3:])


def test_the_rate_is_cut_on_a_plateau(context: Context, queue: Queue, train: Train) -> None:
    schedule = {"name": "plateau", "patience": 2, "gamma": 0.5, "floor": 0.1}
    run = train(
        queue(training={"epochs": 30, "schedule": schedule, "optimizer": {"name": "sgd", "learning_rate": 2.0}})
    )
    rates = runs.history(context, run.id, "learning_rate").value
    assert rates[0] == 2.0
    assert set(rates) <= {2.0, 1.0, 0.5, 0.25, 0.2}
    assert rates[-1] < 2.0


def test_the_rate_follows_its_schedule_to_the_step(context: Context, queue: Queue, train: Train) -> None:
    run = train(queue(training={"epochs": 4, "schedule": {"name": "exponential", "gamma": 0.5}, "batch_size": 96}))
    assert runs.history(context, run.id, "learning_rate").value.tolist() == pytest.approx(
        [0.001, 0.0005, 0.00025, 0.000125]
    )


def test_every_step_is_recorded_when_asked(context: Context, queue: Queue, train: Train) -> None:
    run = train(queue(training={"epochs": 3, "batch_size": 20, "record_steps": True}))
    steps, epochs = (runs.history(context, run.id, name) for name in ("step_loss", "loss"))
    assert steps.step.tolist() == list(range(1, 16))
    weights = [20, 20, 20, 20, 16]  # 96 examples: the last, smaller batch is trained on too
    mean = sum(weight * value for weight, value in zip(weights, steps.value[:5], strict=True)) / 96
    assert epochs.value[0] == pytest.approx(mean, rel=1e-5)


def test_a_loss_that_is_no_number_fails_the_run_and_names_the_epoch(
    context: Context, queue: Queue, start: StartRun
) -> None:
    run_id = queue(
        training={"epochs": 20, "optimizer": {"name": "sgd", "learning_rate": 100.0, "momentum": 0.99}},
        architecture={"name": "mlp", "hidden": [64] * 4, "activation": "linear"},
    )
    child = start(run_id)
    assert child.wait() == 0
    assert "no longer a number" in child.log
    run = runs.get(context, run_id)
    assert run.state is RunState.FAILED
    assert "no longer a number in epoch" in run.reason
    assert math.isnan(runs.history(context, run_id, "loss").value[-1])


def test_what_l2_adds_counts_in_the_loss_that_is_minimised_alone(context: Context, queue: Queue, train: Train) -> None:
    run = train(queue(architecture={"name": "mlp", "hidden": [16], "l2": 1.0}, training={"epochs": 1}))
    found = {name: summary.last for name, summary in runs.summaries(context, [run.id])[run.id].items()}
    assert found["loss"] > found["val_loss"] + 5
    assert found["val_loss"] == pytest.approx(found["test_loss"], rel=0.5)


def test_a_number_of_steps_ends_the_run_with_its_metrics(context: Context, queue: Queue, train: Train) -> None:
    run = train(queue(training={"epochs": 100, "batch_size": 16, "max_steps": 8}))
    assert (run.state, run.step, run.total_steps) == (RunState.FINISHED, 8, 8)
    assert runs.history(context, run.id, "val_loss").step.tolist() == [6, 8]


@pytest.mark.parametrize("precision", ["float64", "mixed_float16", "mixed_bfloat16"])
def test_every_precision_trains(context: Context, queue: Queue, train: Train, precision: str) -> None:
    run = train(queue(training={"epochs": 2, "precision": precision}, deterministic=precision == "float64"))
    assert run.state is RunState.FINISHED, run.reason
    assert runs.summaries(context, [run.id])[run.id]["test_loss"].last < 3


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam", "adamw"])
def test_every_optimizer_trains_with_clipping(context: Context, queue: Queue, train: Train, optimizer: str) -> None:
    run = train(queue(training={"epochs": 3, "optimizer": {"name": optimizer, "clip_norm": 1.0}}))
    losses = runs.history(context, run.id, "loss").value
    assert losses[-1] < losses[0]


def test_data_that_cannot_be_had_fail_the_run_with_what_would_do(
    context: Context, queue: Queue, start: StartRun
) -> None:
    run_id = queue(data={"source": "mnist"})
    start(run_id).wait()
    run = runs.get(context, run_id)
    assert run.state is RunState.FAILED
    assert "mnist is neither on this host nor could it be downloaded" in run.reason
    assert "mnist.npz" in run.reason
    assert "train-images-idx3-ubyte.gz" in run.reason


def test_a_network_larger_than_memory_fails_before_it_is_made(context: Context, queue: Queue, start: StartRun) -> None:
    run_id = queue(architecture={"name": "mlp", "hidden": [100_000, 100_000, 100_000]})
    start(run_id).wait()
    run = runs.get(context, run_id)
    assert run.state is RunState.FAILED
    assert "20,001,000,012 parameters" in run.reason
    assert "take smaller layers" in run.reason


def test_same_seed_same_metrics(context: Context, queue: Queue, train: Train) -> None:
    architecture = {"name": "mlp", "hidden": [16], "dropout": 0.3}
    first, second, other = (train(queue(architecture=architecture, training={"epochs": 3}, seed=s)) for s in (1, 1, 2))
    curves = [runs.history(context, run.id, "val_loss").value.tolist() for run in (first, second, other)]
    assert curves[0] == curves[1] != curves[2]


def test_summaries_say_what_the_points_say(workspace: Workspace, context: Context, queue: Queue, train: Train) -> None:
    run = train(queue(training={"epochs": 40}))
    with workspace.read() as session:
        series = db.points.series(session, run.id, "val_accuracy")
    summary = runs.summaries(context, [run.id])[run.id]["val_accuracy"]
    assert (summary.count, summary.best, summary.last) == (40, series.value.max(), series.value[-1])
