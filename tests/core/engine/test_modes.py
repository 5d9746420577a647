"""What has to work however the steps are executed: whole runs, by each of the engine's modes."""

import math
import signal
from collections.abc import Callable
from typing import get_args

import pytest

from core import runs
from core.common.context import Context
from core.config.run import Training
from core.tracking.goals import is_better
from db.records import RunRecord, RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import eventually

Train = Callable[[int], RunRecord]
MODES = [mode for mode in get_args(Training.model_fields["engine"].annotation) if mode != "auto"]
# Without validation and of 3 steps an epoch: epochs that could be many in one call.
SHORT = {"source": "iris", "limit": 40, "validation_split": 0.0}
WILD = {"name": "sgd", "learning_rate": 0.8}

pytestmark = pytest.mark.parametrize("mode", MODES)


def test_early_stopping_counts_every_epoch(context: Context, queue: Queue, train: Train, mode: str) -> None:
    training = {"epochs": 500, "batch_size": 16, "engine": mode, "optimizer": WILD, "early_stopping": {"patience": 3}}
    run = train(queue(data=SHORT, training=training))
    assert run.reason == "Early stopping: loss has not improved for 3 epochs."
    values = runs.history(context, run.id, "loss").value.tolist()
    assert 3 < len(values) < 500
    best = min(values)
    assert values.index(best) == len(values) - 4
    assert not any(is_better(value, best, "min") for value in values[-3:])


def test_the_rate_is_cut_after_every_plateau(context: Context, queue: Queue, train: Train, mode: str) -> None:
    schedule = {"name": "plateau", "patience": 2, "gamma": 0.5, "floor": 0.1}
    training = {"epochs": 60, "batch_size": 16, "engine": mode, "optimizer": WILD, "schedule": schedule}
    run = train(queue(data=SHORT, training=training))
    losses, rates = (runs.history(context, run.id, name).value.tolist() for name in ("loss", "learning_rate"))
    expected, best, waited = [0.8], math.inf, 0
    for loss in losses[:-1]:
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        cut = waited == 2
        expected.append(max(0.08, expected[-1] * 0.5) if cut else expected[-1])
        waited = 0 if cut else waited
    assert rates == pytest.approx(expected)
    assert rates[-1] < 0.8


def test_a_loss_that_is_no_number_ends_the_run(context: Context, queue: Queue, start: StartRun, mode: str) -> None:
    optimizer = {"name": "sgd", "learning_rate": 100.0, "momentum": 0.99}
    architecture = {"name": "mlp", "hidden": [64] * 4, "activation": "linear"}
    run_id = queue(
        data=SHORT, training={"epochs": 500, "engine": mode, "optimizer": optimizer}, architecture=architecture
    )
    start(run_id).wait()
    run = runs.get(context, run_id)
    assert run.state is RunState.FAILED
    assert "no longer a number in epoch" in run.reason


def test_a_run_that_was_told_to_end_goes_on_where_it_was(
    context: Context, queue: Queue, start: StartRun, train: Train, mode: str
) -> None:
    config = {
        "data": {"source": "digits", "limit": 120},
        "architecture": {"name": "mlp", "hidden": [32, 32], "batch_norm": True},
        "training": {"epochs": 100, "batch_size": 16, "max_steps": 300, "engine": mode},
        "evaluation": {"test": False},
    }
    run_id = queue(**config)
    child = start(run_id, "at_step", 1)
    eventually(lambda: runs.get(context, run_id).step > 0)
    child.kill(signal.SIGTERM)
    assert child.wait() == 0, child.log
    stopped = runs.get(context, run_id)
    assert stopped.state is RunState.STOPPED
    assert 0 < stopped.step < 300
    resumed, through = train(run_id), train(queue(**config))
    assert resumed.facts["engine"]["mode"] == mode
    for metric in ("loss", "val_loss"):
        curves = [runs.history(context, run.id, metric) for run in (resumed, through)]
        assert curves[0].step.tolist() == curves[1].step.tolist()
        assert curves[0].value.tolist() == pytest.approx(curves[1].value.tolist(), rel=1e-3)
