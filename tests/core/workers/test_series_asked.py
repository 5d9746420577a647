"""What follows a series, asked of a run's network: the same as in its evaluation, from newer rows and from the end."""

import base64
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.common.workspace import Workspace
from core.data.library import SeriesOptions, add_series
from core.evaluation.report_files import read_predictions
from core.jobs.explanation import Explain
from core.jobs.prediction import Ahead, Row
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.workers.conftest import Ask

Train = Callable[[int], RunRecord]


def test_the_rows_before_a_test_window_give_its_forecast(
    workspace: Workspace, queue: Queue, train: Train, ask: Ask, tmp_path: Path
) -> None:
    days = np.datetime_as_string(np.datetime64("2024-01-01") + np.arange(90)).tolist()
    values = (5e6 + 10 * np.sin(np.arange(90) * 2 * np.pi / 7)).round(2).tolist()
    lines = ["date,load", *(f"{day},{value}" for day, value in zip(days, values, strict=True))]
    table = tmp_path / "load.csv"
    table.write_text("\n".join(lines))
    add_series(workspace.settings, "load", table, SeriesOptions(target="load"))
    data = {"source": "series", "dataset": "load", "window": 14, "horizon": 4}
    run = train(queue(data=data, architecture={"name": "mlp", "hidden": [8]}, training={"epochs": 2}))
    last = read_predictions(workspace.settings, run.id).iloc[-1]
    content = base64.b64encode("\n".join(lines[:-4]).encode()).decode()
    few = base64.b64encode("\n".join(lines[:12]).encode()).decode()
    newer, end, north, short, row = ask(
        run.id,
        Ahead(content=content, name="newer.csv"),
        Ahead(),
        Ahead(series="north"),
        Ahead(content=few, name="few.csv"),
        Row(values={"load": 1}),
    )
    assert not newer.problem, newer.problem
    assert [time for time, _ in newer.forecast] == days[-4:]
    assert [value for _, value in newer.forecast] == pytest.approx([last[f"predicted {n}"] for n in range(1, 5)])
    assert newer.before[-1] == (days[-5], values[-5])
    assert [time for time, _ in end.forecast] == ["2024-03-31", "2024-04-01", "2024-04-02", "2024-04-03"]
    [why] = ask(run.id, Ahead(), explain=Explain(target="2"))
    told = why.explanation
    assert told is not None
    assert (told.problem, told.method, told.target) == ("", "spans", "load, step 2 ahead")
    assert told.answer == pytest.approx(end.forecast[1][1])
    assert {part.name for part in told.parts} >= {"load, 14 to 13 back", "load, 1 back"}
    assert told.curves is not None
    assert "There is no series 'north'" in north.problem
    assert "sees 14 steps before it forecasts" in short.problem
    assert "takes a series; received a row of values" in row.problem
