"""Curves of metrics over steps, epochs or time."""

import pandas as pd
import plotly.graph_objects as go

from core.charts.layout import HEIGHT, blank
from core.charts.text import plain
from core.colours import faint, run_colour

_UNIFIED_MOST = 12  # lines in one hover box; with more it would cover the plot
_MARKED_MOST = 12  # points that get a marker each, so that a short curve is seen at all
_DASHES = {"val": "dash", "test": "dot"}


def curves(
    frame: pd.DataFrame,
    *,
    x_title: str,
    y_title: str = "",
    log_y: bool = False,
    height: int = HEIGHT,
    colour_by: str = "run",
    legend: bool = True,
) -> go.Figure:
    """One line per run and metric: training solid, validation dashed; a gap where a value is NaN.

    Args:
        frame: rows ordered by x, with the columns run_id, run (its name), metric, x and value; and raw, where value
            is smoothed: it is drawn faintly behind.
        colour_by: "run" gives a run its own colour, for several runs; "metric" a colour per metric, for a single run.
    """
    figure = blank(f"{x_title}|{log_y}", height)
    lines = _split(frame)
    names = list(dict.fromkeys(metric for _, metric, _ in lines))
    several_runs = len({run_id for run_id, _, _ in lines}) > 1
    entries: set[str] = set()
    for run_id, metric, rows in lines:
        colour = run_colour(run_id if colour_by == "run" else names.index(_partner(metric, names)) + 1)
        # With several runs the legend has one entry a run, which switches all its lines.
        entry = str(run_id) if several_runs else metric
        if "raw" in rows and not rows["raw"].equals(rows["value"]):
            figure.add_trace(_faint_line(rows, colour, entry))
        label = _label(str(rows["run"].iloc[0]), metric, several_runs, len(names) > 1)
        figure.add_trace(_line(rows, metric, colour, label, entry, entry not in entries))
        entries.add(entry)
    dense = len(lines) > _UNIFIED_MOST
    figure.update_layout(
        hovermode="closest" if dense else "x unified",
        legend={"orientation": "h", "yanchor": "top", "y": -0.2, "x": 0, "maxheight": 0.25, "font": {"size": 11}},
        showlegend=legend,
    )
    figure.update_xaxes(title_text=x_title, unifiedhovertitle_text=f"{x_title} %{{x}}", hoverformat=".6~g")
    figure.update_yaxes(title_text=y_title, type="log" if log_y else "linear", hoverformat=".5~g")
    return figure


def _split(frame: pd.DataFrame) -> list[tuple[int, str, pd.DataFrame]]:
    if frame.empty:
        return []
    groups = [rows for _, rows in frame.groupby(["run_id", "metric"], sort=False)]
    return [(int(rows["run_id"].iloc[0]), str(rows["metric"].iloc[0]), rows) for rows in groups]


def _line(rows: pd.DataFrame, metric: str, colour: str, label: str, group: str, in_legend: bool) -> go.Scatter:
    return go.Scatter(
        x=rows["x"].to_numpy(),
        y=rows["value"].to_numpy(),
        mode="lines+markers" if len(rows) <= _MARKED_MOST else "lines",
        line={"color": colour, "width": 2, "dash": _DASHES.get(metric.split("_")[0], "solid")},
        marker={"size": 5},
        name=label,
        legendgroup=group,
        showlegend=in_legend,
    )


def _faint_line(rows: pd.DataFrame, colour: str, group: str) -> go.Scatter:
    return go.Scatter(
        x=rows["x"].to_numpy(),
        y=rows["raw"].to_numpy(),
        mode="lines",
        line={"color": faint(colour, 0.3), "width": 1},
        legendgroup=group,
        showlegend=False,
        hoverinfo="skip",
    )


def _label(run: str, metric: str, several_runs: bool, several_metrics: bool) -> str:
    if not several_runs:
        return plain(metric)
    return f"{plain(run)} · {plain(metric)}" if several_metrics else plain(run)


def _partner(metric: str, names: list[str]) -> str:
    """The training metric that goes with a validation metric, when the chart has it: they share a colour."""
    partner = metric.removeprefix("val_").removeprefix("test_")
    return partner if partner in names else metric
