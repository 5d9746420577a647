"""A run that was stopped is evaluated when somebody asks: as at an end, and told from what."""

from collections.abc import Callable
from typing import Any

import pytest

from core import runs
from core.common.context import Context
from core.common.errors import StateError
from core.common.workspace import Workspace
from core.evaluation.baseline_scores import of_facts
from core.evaluation.report_files import REPORT, file, read_predictions, read_report
from core.jobs import evaluation
from core.runs.events import said, told
from db.records import RunRecord, RunState
from tests.conftest import AddRun
from tests.core.conftest import Queue, StartRun
from tests.core.warm import Warm, eventually

LONG: dict[str, Any] = {"data": {"source": "digits", "limit": 130}, "training": {"epochs": 3000, "max_steps": 400}}


def test_a_stopped_run_is_evaluated_by_its_best_checkpoint_and_again_at_its_end(
    workspace: Workspace,
    context: Context,
    queue: Queue,
    start: StartRun,
    train: Callable[[int], RunRecord],
    warm: Warm,
) -> None:
    run_id = queue(**LONG)
    child = start(run_id, "at_step", 40)
    eventually(lambda: runs.get(context, run_id).step >= 40)
    runs.stop(context, [run_id])
    assert child.wait() == 0, child.log
    run = runs.get(context, run_id)
    environment = workspace.settings.environment()

    other = warm.call("tests.core.inside:evaluate", environment, run_id, run.attempt + 1)
    assert other["problem"] == f"Run {run_id} goes on or was deleted meanwhile; it is evaluated at its end."
    assert not file(workspace.settings, run_id, REPORT).exists()

    answer = evaluation.Evaluated(**warm.call("tests.core.inside:evaluate", environment, run_id, run.attempt))
    assert answer.problem == ""
    assert (answer.epoch, answer.step <= run.step) == (answer.step / run.steps_per_epoch, True)
    best = str(runs.artifact_file(context, run_id, runs.BEST_CHECKPOINT))
    by_keras = warm.call("tests.core.inside:evaluate_checkpoint", best, environment, LONG["data"])
    assert answer.metrics["test_accuracy"] == pytest.approx(by_keras["accuracy"])
    report = read_report(workspace.settings, run_id)
    assert report.metrics() == answer.metrics
    assert f"by the best checkpoint, epoch {answer.epoch:.4g}; the run was stopped at step {run.step:,}" in (
        report.made_of
    )
    assert len(read_predictions(workspace.settings, run_id)) == report.examples
    known = runs.get(context, run_id)
    assert of_facts(known.facts) == report.baselines != ()
    assert (known.state, known.facts["data_fingerprint"]) == (RunState.STOPPED, run.facts["data_fingerprint"])
    assert runs.summaries(context, [run_id])[run_id]["test_accuracy"].last == answer.metrics["test_accuracy"]
    event = runs.events(context, run_id)[-1]
    assert (event.actor.name, said(event)) == ("ada", "had it evaluated")
    assert "checkpoint: best" in told(event)

    runs.resume(context, run_id)
    assert train(run_id).state is RunState.FINISHED
    assert len(runs.history(context, run_id, "test_accuracy")) == 1, "the test was repeated, not added to"
    assert read_report(workspace.settings, run_id).made_of == ""


def test_what_cannot_be_evaluated_says_why(context: Context, add_run: AddRun) -> None:
    running, bare = (runs.get(context, add_run(state=state, host="")) for state in (RunState.RUNNING, RunState.STOPPED))
    away = runs.get(context, add_run(state=RunState.STOPPED, host="elsewhere"))
    for run, why in ((running, "it is evaluated at its end"), (bare, "left no best checkpoint"), (away, "elsewhere")):
        assert why in evaluation.why_not(context, run)
        with pytest.raises(StateError):
            evaluation.ask(context, run)
        assert not evaluation.is_asked(context, run)
