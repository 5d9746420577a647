"""Real trainings on a real series: forecasts in the unit of the target, beside those that need no network."""

from collections.abc import Callable
from typing import Any

import pytest

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.evaluation import report_files
from core.evaluation.baseline_scores import of_facts
from db.records import RunRecord, RunState
from tests.core.conftest import Queue

Train = Callable[[int], RunRecord]


@pytest.mark.parametrize(
    ("network", "mode", "scaling"),
    [
        ({"name": "mlp", "hidden": [16]}, "graph", "level and spread"),
        ({"name": "recurrent", "cell": "gru", "units": [8]}, "stream", "none"),
        ({"name": "cnn1d", "filters": [8]}, "xla", "level"),
    ],
)
def test_networks_forecast_a_year_of_months(
    workspace: Workspace,
    context: Context,
    queue: Queue,
    train: Train,
    network: dict[str, Any],
    mode: str,
    scaling: str,
) -> None:
    training = {"epochs": 2, "engine": mode, "optimizer": {"name": "adam", "learning_rate": 0.01}}
    data = {"source": "elnino", "window_scaling": scaling}
    run = train(queue(data=data, architecture=network, training=training))
    assert (run.state, run.reason) == (RunState.FINISHED, "")
    report = report_files.read_report(workspace.settings, run.id)
    made = report.forecast
    assert made is not None
    assert [each.name for each in report.baselines] == ["naive", "seasonal naive", "linear (ridge)"]
    beside = of_facts(run.facts)
    assert [(each.name, each.metrics) for each in beside] == [(each.name, each.metrics) for each in report.baselines]
    assert [len(each.step_mae) for each in report.baselines] == [12] * 3
    assert made.network.mae == runs.summaries(context, [run.id])[run.id]["test_mae"].last < 3  # °C
    assert (made.season, made.horizon, made.windows, len(made.network.step_mae)) == (12, 12, 135, 12)
    frame = report_files.read_predictions(workspace.settings, run.id)
    assert len(frame) == 135
    true = frame[[f"true {step}" for step in range(1, 13)]].to_numpy()
    assert ((true > 15) & (true < 32)).all()
