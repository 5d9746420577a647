"""The newest results, and the best run of each experiment."""

import math

from core.common.context import Context
from core.config.edit import Raw
from core.runs import get
from core.runs.highlights import best_runs, monitored_metric, newest_results
from db.records import RunState
from tests.conftest import AddRun


def test_the_best_run_has_the_lowest_loss_where_the_loss_is_monitored(context: Context, add_run: AddRun) -> None:
    add_run(metrics={"val_loss": [0.5, 0.4]})
    best = add_run(metrics={"val_loss": [0.9, 0.2, 0.3]})
    add_run(metrics={"val_loss": [math.nan]})
    (found,) = best_runs(context)
    assert (found.run.id, found.summary.metric, found.summary.best, found.runs) == (best, "val_loss", 0.2, 3)


def test_the_best_run_has_the_highest_accuracy_where_that_is_monitored(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    config = {**raw_config, "evaluation": {"monitor": "val_accuracy"}}
    best = add_run(config=config, metrics={"val_accuracy": [0.2, 0.9]})
    add_run(config=config, metrics={"val_accuracy": [0.8]})
    assert [found.run.id for found in best_runs(context)] == [best]


def test_runs_without_a_result_are_nobodys_best(context: Context, add_run: AddRun) -> None:
    add_run(state=RunState.FAILED, metrics={"val_loss": [0.0]})
    add_run(state=RunState.RUNNING, metrics={"val_loss": [0.0]})
    add_run(experiment="no metrics")
    assert best_runs(context) == []


def test_the_metric_of_a_run_without_validation_is_the_loss(context: Context, add_run: AddRun) -> None:
    without = {"data": {"source": "xor"}, "architecture": {"name": "mlp"}}
    assert monitored_metric(get(context, add_run(config=without))) == "loss"
    assert monitored_metric(get(context, add_run(config={"of": "another version"}))) == "val_loss"


def test_the_newest_result_is_the_one_that_ended_last(context: Context, add_run: AddRun) -> None:
    first = add_run(finished_at=2000.0)
    last = add_run(finished_at=3000.0, state=RunState.LOST)
    add_run(state=RunState.RUNNING)
    assert [run.id for run in newest_results(context)] == [last, first]
