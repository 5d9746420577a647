"""Pictures of more trials than can be told apart as points."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.charts import parallel, sweep_charts
from core.charts.colours import faint
from core.charts.many_points import add_density
from core.charts.slot_chart import slots_over_time
from core.charts.trial_points import STATE_COLOURS


@pytest.fixture
def frame() -> pd.DataFrame:
    random = np.random.default_rng(0)
    values = random.uniform(0.2, 0.6, 5_000)
    values[17], values[4_000] = 0.05, 900.0
    return pd.DataFrame(
        {
            "number": np.arange(5_000), "run": np.arange(5_000) + 1, "state": "finished", "early": False,
            "best": np.minimum.accumulate(values), "val_loss": values,
            "rate": 10 ** random.uniform(-5, -1, 5_000), "width": random.choice(["8", "16"], 5_000),
        }
    )  # fmt: skip


def test_every_trial_is_counted_in_a_cell_and_a_few_far_away_at_the_edge(frame: pd.DataFrame) -> None:
    figure = go.Figure()
    add_density(figure, list(frame["number"]), list(frame["val_loss"]), "#8a8f98", [0.05])
    cells = np.array(figure.data[0].customdata)
    assert cells.sum() == 4_999
    assert [each.text for each in figure.layout.annotations] == ["1 higher"]
    low, high = figure.layout.yaxis.range
    assert (low < 0.05, high < 1) == (True, True)


@pytest.mark.parametrize("value", [0.5, 0.0])
def test_trials_that_are_all_the_same_are_one_row(value: float) -> None:
    figure = go.Figure()
    add_density(figure, [3.0] * 2_000, [value] * 2_000, "#8a8f98", [])
    assert np.array(figure.data[0].customdata).max() == 2_000


@pytest.mark.parametrize("drawn", ["best", "slice of numbers", "slice of words", "landscape", "pareto"])
def test_marked_trials_are_points_and_all_are_shaded(frame: pd.DataFrame, drawn: str) -> None:
    marked = frame.iloc[[17, 100, 4_999]]
    draw: dict[str, Callable[[], go.Figure | None]] = {
        "best": lambda: sweep_charts.best_so_far(frame, "val_loss", marked=marked),
        "slice of numbers": lambda: sweep_charts.sliced(frame, "rate", "val_loss", {"rate": True}, marked=marked),
        "slice of words": lambda: sweep_charts.sliced(frame, "width", "val_loss", {}, marked=marked),
        "landscape": lambda: sweep_charts.landscape(frame, ("rate", "width"), "val_loss", {}, marked=marked),
        "pareto": lambda: sweep_charts.pareto(frame, ("rate", "val_loss"), [17], marked=marked),
    }
    figure = draw[drawn]()
    assert figure is not None
    shaded = [trace for trace in figure.data if trace.type == "heatmap"]
    points = [trace for trace in figure.data if trace.type == "scatter" and "markers" in trace.mode]
    assert len(shaded) == 1
    assert sum(len(trace.x) for trace in points) == 3
    assert len(figure.to_json()) < 120_000


def test_of_many_runs_it_is_told_how_much_of_the_time_each_slot_was_at_work() -> None:
    starts = np.arange(2_000) * 10.0
    frame = pd.DataFrame(
        {"number": np.arange(2_000), "run": 1, "slot": "gpu:0", "state": "finished", "start": starts, "end": starts + 5}
    )
    [cells] = slots_over_time(frame, 0.0).data
    assert cells.type == "heatmap"
    assert np.nanmean(np.array(cells.z, float)) == pytest.approx(0.5, abs=0.01)
    assert np.array(cells.customdata).sum() == 2_000


def test_in_slices_a_colour_means_a_state_as_elsewhere_and_later_trials_are_stronger() -> None:
    frame = pd.DataFrame(
        {
            "number": [0, 1, 2],
            "state": ["finished", "pruned", "finished"],
            "early": False,
            "rate": [0.1, 0.2, 0.3],
            "val_loss": [1.0, 2.0, 3.0],
        }
    )
    [dots] = sweep_charts.sliced(frame, "rate", "val_loss", {}).data
    finished, pruned = (faint(STATE_COLOURS[state], 1)[:-2] for state in ("finished", "pruned"))
    first, second, third = dots.marker.color
    assert first.startswith(finished)
    assert third.startswith(finished)
    assert second.startswith(pruned)
    assert first != third


def test_the_labels_of_the_first_of_parallel_axes_have_room() -> None:
    frame = pd.DataFrame({"hidden": ["[13, 30, 28]", "[8]"], "val_loss": [0.3, 0.4]}, index=[1, 2])
    short = parallel(frame.assign(hidden=["a", "b"]), names={1: "one", 2: "two"})
    assert parallel(frame, names={1: "one", 2: "two"}).layout.margin.l > short.layout.margin.l + 30
