"""Figures from frames, with no store and no page."""

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from core import charts
from core.charts.parallel import titles_of
from core.charts.scales import scale_of


def curve_rows(run_id: int, run: str, metric: str, values: list[float], **columns: Any) -> pd.DataFrame:
    frame = pd.DataFrame({"x": range(len(values)), "value": values}).assign(run_id=run_id, run=run, metric=metric)
    return frame.assign(**columns)


def two_runs() -> pd.DataFrame:
    return pd.concat(
        curve_rows(run_id, f"run {run_id}", metric, [1.0, 0.5, 0.25])
        for run_id in (1, 2)
        for metric in ("loss", "val_loss")
    )


def lines(figure: go.Figure) -> list[go.Scatter]:
    return [trace for trace in figure.data if trace.hoverinfo != "skip"]


def test_training_is_solid_and_validation_dashed_in_the_colour_of_the_run() -> None:
    drawn = lines(charts.curves(two_runs(), x_title="Epoch"))
    assert [trace.line.dash for trace in drawn] == ["solid", "dash", "solid", "dash"]
    assert [trace.line.color for trace in drawn] == [charts.run_colour(run_id) for run_id in (1, 1, 2, 2)]


def test_validation_alone_is_solid() -> None:
    (drawn,) = lines(charts.curves(curve_rows(1, "a", "val_loss", [1.0, 0.5]), x_title="Epoch"))
    assert drawn.line.dash == "solid"


def test_a_single_run_can_be_coloured_by_metric() -> None:
    frame = pd.concat([curve_rows(9, "a", name, [1.0, 0.5]) for name in ("loss", "val_loss", "accuracy")])
    loss, val_loss, accuracy = lines(charts.curves(frame, x_title="Epoch", colour_by="metric"))
    assert loss.line.color == val_loss.line.color != accuracy.line.color


def test_the_legend_names_each_run_once() -> None:
    drawn = lines(charts.curves(two_runs(), x_title="Epoch"))
    assert [trace.name for trace in drawn if trace.showlegend] == ["run 1", "run 2"]


def test_lines_are_svg_and_break_where_a_value_is_missing() -> None:
    (drawn,) = charts.curves(curve_rows(1, "a", "loss", [1.0, math.nan, 0.5]), x_title="Step").data
    assert isinstance(drawn, go.Scatter)
    assert not drawn.connectgaps
    assert math.isnan(drawn.y[1])


def test_a_value_that_never_changes_is_drawn_above_zero() -> None:
    """Plotly's own range, from one below to one above, makes a learning rate of 0.001 look like 0."""
    constant, changing = ([0.001] * 3, [0.001, 0.002, 0.001])
    modes = [
        charts.curves(curve_rows(1, "a", "learning_rate", values), x_title="Epoch").layout.yaxis.rangemode
        for values in (constant, changing)
    ]
    assert modes == ["tozero", "normal"]


def test_few_epochs_are_not_divided() -> None:
    few, many = (
        charts.curves(curve_rows(1, "a", "loss", [1.0] * count), x_title="Epoch", whole_x=True) for count in (3, 30)
    )
    assert (few.layout.xaxis.nticks, many.layout.xaxis.nticks) == (2, None)


def test_what_is_smoothed_shows_the_recorded_values_faintly_behind() -> None:
    rows = curve_rows(1, "a", "loss", [1.0, 0.8], raw=[1.0, 0.5])
    raw, line = charts.curves(rows, x_title="Step").data
    assert list(raw.y) == [1.0, 0.5]
    assert raw.line.color.startswith("rgba(")
    assert list(line.y) == [1.0, 0.8]


def test_a_mean_is_drawn_with_its_band_and_tells_how_many_runs_it_stands_for() -> None:
    rows = curve_rows(1, "a", "loss", [1.0, 0.8], low=[0.9, 0.7], high=[1.1, 0.9], n=[3, 2])
    low, high, line = charts.curves(rows, x_title="Step").data
    assert (list(low.y), list(high.y), high.fill) == ([0.9, 0.7], [1.1, 0.9], "tonexty")
    assert line.customdata[1][0] == 2
    assert "n=%{customdata[0]}" in line.hovertemplate


def test_zoom_survives_new_points_but_not_another_axis() -> None:
    frame = two_runs()
    first = charts.curves(frame, x_title="Step").layout.uirevision
    assert first == charts.curves(frame.iloc[:4], x_title="Step").layout.uirevision
    assert first != charts.curves(frame, x_title="Epoch").layout.uirevision
    assert first != charts.curves(frame, x_title="Step", log_y=True).layout.uirevision


def test_many_lines_are_told_apart_one_by_one() -> None:
    frame = pd.concat(curve_rows(run_id, "a", "loss", [1.0, 0.5]) for run_id in range(20))
    assert charts.curves(two_runs(), x_title="Step").layout.hovermode == "x unified"
    assert charts.curves(frame, x_title="Step").layout.hovermode == "closest"


def test_no_rows_make_an_empty_figure() -> None:
    columns = ["run_id", "run", "metric", "x", "value"]
    assert not charts.curves(pd.DataFrame(columns=columns), x_title="Step").data


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("a & b", "a &amp; b"),
        ("$x$ %{y}", "&#36;x&#36; %&#123;y}"),
        ("two\nlines", "two lines"),
        ("x" * 100, f"{'x' * 21}…{'x' * 10}"),
    ],
)
def test_names_are_shown_as_they_were_written(name: str, shown: str) -> None:
    assert charts.plain(name) == shown
    frame = pd.concat([curve_rows(1, name, "loss", [1.0]), curve_rows(2, "other", "loss", [1.0])])
    drawn = charts.curves(frame, x_title="Step").data[0]
    assert drawn.name == shown
    assert shown in drawn.hovertemplate


def test_a_log_axis_says_which_values_it_has_no_place_for() -> None:
    frame = pd.concat(
        [
            curve_rows(1, "#1 mlp", "loss", [1.0, 0.0, 0.0]),
            curve_rows(2, "#2 cnn", "loss", [1.0, -2.0, math.nan]),
            curve_rows(3, "#3 rnn", "loss", [1.0, 0.5, 0.2]),
        ]
    )
    told = charts.unshown_on_log(frame)
    assert "loss of #1 mlp: 2 of 3 points, 0;" in told
    assert "loss of #2 cnn: 1 of 3 points, 0 and down to -2." in told
    assert "#3" not in told
    assert charts.unshown_on_log(frame[frame["run_id"] == 3]) == ""
    assert charts.unshown_on_log(frame.iloc[:0]) == ""


def test_many_curves_that_a_log_axis_cannot_show_are_counted() -> None:
    frame = pd.concat(curve_rows(number, f"#{number}", "loss", [0.0, 1.0]) for number in range(9))
    assert charts.unshown_on_log(frame).endswith("; and 4 more.")


def test_a_band_that_reaches_below_a_log_axis_is_cut_off_and_that_is_said() -> None:
    rows = curve_rows(1, "a", "loss", [1.0, 0.8], low=[0.5, -0.2], high=[1.1, 0.9], n=[3, 2])
    low, _, _ = charts.curves(rows, x_title="Step", log_y=True).data
    assert list(low.y) == [0.5, 0.5]
    assert list(charts.curves(rows, x_title="Step").data[0].y) == [0.5, -0.2]
    assert "cut off" in charts.unshown_on_log(rows)


def scatter_rows(x: list[Any], y: list[float], **columns: object) -> pd.DataFrame:
    rows = {"run_id": range(1, len(x) + 1), "run": [f"run {place}" for place in x], "x": x, "y": y}
    return pd.DataFrame({**rows, "low": y, "high": y, "n": 1, "missing": "", **columns})


@pytest.mark.parametrize(
    ("x", "axis"),
    [([1.0, 2.0], "linear"), ([0.0001, 0.1], "log"), (["adam", "sgd"], "category"), ([0.0, 10.0], "linear")],
)
def test_a_scatter_takes_the_axis_that_fits_the_param(x: list[object], axis: str) -> None:
    figure = charts.scatter(scatter_rows(x, [0.1, 0.2]), x_title="param", y_title="loss best")
    assert figure.layout.xaxis.type == axis
    assert list(figure.data[0].marker.color) == [charts.run_colour(1), charts.run_colour(2)]


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        ([0.0, 1e-5, 1e-2], ["1e-05", "0.01", "0"]),
        ([math.nan, 1.0, 2.0], ["1", "2", "none"]),
        ([math.nan, 0.0, 1e-5, 1e-2], ["1e-05", "0.01", "0", "none"]),
        ([None, "adam", "sgd"], ["adam", "sgd", "none"]),
    ],
)
def test_what_the_axis_of_a_scatter_cannot_show_has_a_place_of_its_own(x: list[object], labels: list[str]) -> None:
    figure = charts.scatter(scatter_rows(x, [0.1] * len(x)), x_title="param", y_title="loss best")
    assert list(figure.layout.xaxis.ticktext) == labels
    places = list(figure.data[0].x)
    assert all(math.isfinite(place) for place in places)
    assert len(set(places)) == len(x)
    assert min(places) > figure.layout.xaxis.range[0]


def test_a_point_that_stands_for_several_runs_has_their_extremes() -> None:
    rows = scatter_rows([1.0, 2.0], [0.2, 0.5], low=[0.1, 0.5], high=[0.4, 0.5], n=[3, 1])
    spread, points = charts.scatter(rows, x_title="param", y_title="loss best").data
    assert (list(spread.x), list(spread.y)) == ([1.0, 1.0], [0.1, 0.4])
    assert [text for _, text, _ in points.customdata] == [" (n=3)", " (n=1)"]


def test_points_that_are_not_kept_are_faint() -> None:
    figure = charts.scatter(scatter_rows([1.0, 2.0], [0.1, 0.2]), x_title="x", y_title="y", kept={2})
    assert list(figure.data[0].marker.opacity) == [0.12, 1.0]


NAMES = {4: "four", 5: "five", 6: "six"}
PARALLEL = pd.DataFrame(
    {"a.rate": [0.001, 0.1, 0.01], "name": ["sgd", "adam", None], "loss last": [1.0, 2.0, 3.0]}, index=[4, 5, 6]
)


def test_parallel_axes_run_from_the_smallest_to_the_largest_value() -> None:
    figure = charts.parallel(PARALLEL, names=NAMES)
    assert [list(trace.y) for trace in figure.data] == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.5], [0.5, -0.14, 1.0]]
    assert list(figure.layout.xaxis.ticktext) == ["rate", "name", "<b>loss<br>last</b>"]
    assert "four" in figure.data[0].hovertemplate
    assert figure.data[0].text[0] == "a.rate: 0.001"


@pytest.mark.parametrize("values", [[math.nan, 1.0, 2.0], [None, "a", "b"], [math.inf, 1.0, 2.0], [0.0, 1e-6, 1.0]])
def test_no_line_breaks_for_what_an_axis_cannot_show(values: list[Any]) -> None:
    figure = charts.parallel(PARALLEL.assign(name=values), names=NAMES)
    assert all(math.isfinite(share) for trace in figure.data for share in trace.y)
    assert figure.data[0].y[1] < -0.1
    assert figure.data[0].y[1] > figure.layout.yaxis.range[0]
    label = "0" if values[0] == 0 else "none"
    assert [each.text for each in figure.layout.annotations if each.x == 1 and each.y < 0] == [label]
    assert figure.data[0].text[1].endswith(label)


def test_a_run_without_the_result_has_its_place_and_no_colour_of_the_scale() -> None:
    figure = charts.parallel(PARALLEL.assign(**{"loss last": [math.nan, 1.0, 2.0]}), names=NAMES)
    assert figure.data[0].y[2] == -0.14
    assert figure.data[0].line.color == "rgba(128, 140, 146, 0.9)"


def test_colour_means_one_thing_in_parallel_coordinates() -> None:
    by_result = charts.parallel(PARALLEL, names=NAMES)
    by_run = charts.parallel(PARALLEL, names=NAMES, colouring="run")
    for figure in (by_result, by_run):
        assert [trace.line.color for trace in figure.data] == [trace.marker.color for trace in figure.data]
    assert [trace.line.color for trace in by_run.data] == [charts.run_colour(run_id) for run_id in (4, 5, 6)]
    scale = [shape.line.color for shape in by_result.layout.shapes if shape.x0 == 2 and shape.line.width == 5]
    assert len(scale) == 24
    assert not any(shape.line.width == 5 for shape in by_run.layout.shapes)


def test_axes_of_the_same_leaf_are_told_apart() -> None:
    frame = pd.DataFrame({"optimizer.name": ["a", "b"], "schedule.name": ["c", "d"], "loss best": [1.0, 2.0]})
    figure = charts.parallel(frame, names={0: "a", 1: "b"})
    assert list(figure.layout.xaxis.ticktext) == ["optimizer.name", "schedule.name", "<b>loss<br>best</b>"]


def test_the_browser_is_told_what_the_axes_of_parallel_coordinates_stand_for() -> None:
    meta = charts.parallel(PARALLEL, names=NAMES).layout.meta["parallel"]
    assert meta["ids"] == [4, 5, 6]
    assert [axis["key"] for axis in meta["axes"]] == ["a.rate", "name", "loss last"]
    assert [axis["kind"] for axis in meta["axes"]] == ["log", "adam\nnone\nsgd", "linear"]
    assert (meta["axes"][2]["low"], meta["axes"][2]["span"]) == (1.0, 2.0)


def test_a_log_axis_with_one_decade_in_it_tells_that_too_and_a_goal_alone_stands_in_the_line_of_the_params() -> None:
    near = pd.Series([0.008, 0.011, 0.02, 0.03, 0.05, 0.09])
    rates = pd.Series([0.0001, 0.0002, 0.0005, 0.0013, 0.006, 0.0086])
    assert [text for _, text in scale_of(rates * 1.05).ticks] == ["0.000105", "0.001", "0.00903"]
    assert [text for _, text in scale_of(near).ticks] == ["0.008", "0.09"]  # 0.01 would lie on the end's
    assert titles_of(["a.rate", "val_loss"]) == ["rate", "<b>val_loss</b>"]
    assert titles_of(["a.rate", "val_loss best"]) == ["rate", "<b>val_loss<br>best</b>"]
