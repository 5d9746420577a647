"""The evaluation of a network of time series, on the Run page."""

import numpy as np
from streamlit.testing.v1 import AppTest

from core.common.workspace import Workspace
from core.data.prepare import load
from core.data.sources.elnino import ElNino
from core.evaluation import report_files
from core.evaluation.baselines import baselines
from core.evaluation.forecast_baselines import truth
from core.evaluation.forecasts import forecast
from core.evaluation.report import Report
from pages.shared.nav import RUN
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage


def _texts(app: AppTest) -> str:
    return "\n".join(each.value for each in [*app.markdown, *app.caption, *app.success, *app.warning]).replace("\\", "")


def _evaluated(workspace: Workspace, add_run: AddRun, error: float) -> int:
    """A run whose network is wrong by so many degrees, always."""
    data = load(ElNino(window=24, horizon=6), workspace.settings, 0)
    assert data.series is not None
    given = truth(data.series) + error
    made, frame = forecast(given, data, np.ones(len(given), bool))
    beside = baselines(data)
    report = Report(task="forecast", kind="series", target="temperature", examples=len(given), forecast=made)
    report = report.model_copy(update={"baselines": beside})
    facts = {"examples": {"test": len(given)}, "baselines": [each.model_dump() for each in beside]}
    run_id = add_run(facts=facts, metrics={name: [value] for name, value in report.metrics().items()})
    folder = report_files.file(workspace.settings, run_id, report_files.REPORT).parent
    folder.mkdir(parents=True)
    (folder / report_files.REPORT).write_text(report.model_dump_json())
    frame.to_parquet(folder / report_files.PREDICTIONS, index=False)
    return run_id


def test_forecasts_are_drawn_against_the_truth_beside_those_of_baselines(
    open_page: OpenPage, workspace: Workspace, add_run: AddRun
) -> None:
    app = open_page(RUN, id=str(_evaluated(workspace, add_run, 0.25)), run_view="Evaluation")
    assert not app.exception
    assert {tile.label: tile.value for tile in app.metric}["MAE"] == "0.25"
    table = next(each.value for each in app.dataframe if "MASE" in each.value)
    assert table["Forecast"].tolist() == ["network", "naive", "seasonal naive", "linear (ridge)"]
    assert _texts(app).count("% below that of linear (ridge)") == 2  # at the head, and over the evaluation
    assert len(app.get("bidi_component")) == 2  # errors by steps ahead, forecasts
    app.selectbox(key="run_forecast_step").set_value(6).run()
    assert not app.exception


def test_a_network_that_knows_less_than_a_baseline_is_told_so(
    open_page: OpenPage, workspace: Workspace, add_run: AddRun
) -> None:
    app = open_page(RUN, id=str(_evaluated(workspace, add_run, 4.0)), run_view="Evaluation")
    assert not app.exception
    assert _texts(app).count("% above that of linear (ridge)") == 2
