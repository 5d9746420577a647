"""Runs whose weights are averaged: what is validated, kept and tested are the means, and training goes on exactly."""

import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.evaluation.report_files import read_report
from db.records import RunRecord, RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import Warm, eventually

AVERAGED = {"name": "sgd", "learning_rate": 0.05, "ema_momentum": 0.9, "gradient_accumulation_steps": 2}
CONFIG: dict[str, Any] = {
    "data": {"source": "digits", "limit": 120},
    "architecture": {"name": "mlp", "hidden": [16]},
    "training": {"epochs": 100, "batch_size": 16, "max_steps": 80, "engine": "graph", "optimizer": AVERAGED},
}


def test_a_run_that_averages_its_weights_goes_on_exactly_and_is_judged_by_their_means(
    context: Context, queue: Queue, start: StartRun, train: Callable[[int], RunRecord], warm: Warm
) -> None:
    run_id = queue(**CONFIG)
    child = start(run_id, "at_step", 7)  # within an epoch, with a gradient that waits for the next one
    eventually(lambda: runs.get(context, run_id).step > 0)
    child.kill(signal.SIGTERM)
    assert child.wait() == 0, child.log
    assert runs.get(context, run_id).state is RunState.STOPPED
    resumed, through = train(run_id), train(queue(**CONFIG))
    for metric in ("loss", "val_loss"):
        curves = [runs.history(context, run.id, metric) for run in (resumed, through)]
        assert curves[0].step.tolist() == curves[1].step.tolist()
        assert curves[0].value.tolist() == pytest.approx(curves[1].value.tolist(), rel=1e-6)
    files = [str(runs.artifact_file(context, through.id, name)) for name in ("best.keras", "last.keras")]
    best, last = ([np.array(each) for each in warm.call("tests.core.inside:weights_of", file)] for file in files)
    count = 4  # weights, then the optimizer's two counters, the means, the accumulated gradients and the momentum
    assert all((best[place] == best[count + 2 + place]).all() for place in range(count))
    assert not any((last[place] == last[count + 2 + place]).all() for place in range(count))
    environment, source = context.workspace.settings.environment(), CONFIG["data"]
    measured = warm.call("tests.core.inside:evaluate_checkpoint", files[0], environment, source)
    report = read_report(context.workspace.settings, through.id)
    assert report.loss == pytest.approx(measured["loss"], rel=1e-4)
