"""The newest results, and the best run of each experiment."""

import math
from typing import Any

from core.common.context import Context
from core.config.edit import Raw
from core.runs import get
from core.runs.highlights import MOST_BEST, best_runs, monitored_metric, newest_results
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


def test_the_best_are_ranked_within_one_data_set_only(context: Context, add_run: AddRun) -> None:
    def on(data: Raw, loss: float, **columns: Any) -> int:
        return add_run(config={"data": data}, metrics={"val_loss": [loss]}, **columns)

    digits = on({"source": "digits"}, 0.5)
    on({"source": "digits"}, 0.6)
    iris = on({"source": "iris"}, 0.01)
    churn = on({"source": "table", "dataset": "churn"}, 30.0)
    on({"source": "table", "dataset": "churn"}, 40.0)
    prices = on({"source": "table", "dataset": "prices"}, 20.0)
    found = best_runs(context)
    assert {(best.data_set, best.run.id, best.runs) for best in found} == {
        *(("digits", digits, 2), ("iris", iris, 1), ("churn", churn, 2), ("prices", prices, 1))
    }


def test_data_of_one_name_and_other_content_are_not_ranked_together(context: Context, add_run: AddRun) -> None:
    data = {"data": {"source": "table", "dataset": "churn"}}
    add_run(config=data, metrics={"val_loss": [0.1]}, facts={"data_fingerprint": "old"}, finished_at=1.0)
    add_run(config=data, metrics={"val_loss": [0.2]}, facts={"task": "regression"}, finished_at=2.0)
    best = add_run(config=data, metrics={"val_loss": [0.3]}, finished_at=3.0)
    facts = {"data_fingerprint": "new", "task": "binary"}
    add_run(config=data, metrics={"val_loss": [0.4]}, facts=facts, finished_at=4.0)
    assert [found.run.id for found in best_runs(context)] == [best]


def test_the_list_of_the_best_is_short(context: Context, add_run: AddRun) -> None:
    for number in range(MOST_BEST + 2):
        data = {"source": "table", "dataset": f"set {number}"}
        add_run(config={"data": data}, metrics={"val_loss": [0.1]}, finished_at=float(number))
    found = best_runs(context)
    assert len(found) == MOST_BEST
    assert found[0].data_set == f"set {MOST_BEST + 1}"


def test_runs_without_a_result_are_nobodys_best(context: Context, add_run: AddRun) -> None:
    add_run(state=RunState.FAILED, metrics={"val_loss": [0.0]})
    add_run(state=RunState.RUNNING, metrics={"val_loss": [0.0]})
    add_run(experiment="no metrics")
    add_run(experiment="no number", metrics={"val_loss": [math.nan]})
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
