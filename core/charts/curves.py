"""Curves of metrics over steps, epochs or time."""

import math
from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.charts.colours import colours_apart, faint, run_colour
from core.charts.layout import HEIGHT, blank
from core.charts.wording import plain, short

_UNIFIED_MOST = 10  # lines in one hover box; with more it would cover the plot
_COUNTED_MOST = 8  # of a whole number, such as epochs, that are told one by one
_MARKED_MOST = 12  # points that get a marker each, so that a short curve is seen at all
_TOLD_MOST = 5  # curves that are named
_DASHES = {"val": "dash", "test": "dot"}  # by the prefix of a metric


def curves(
    frame: pd.DataFrame,
    *,
    x_title: str,
    y_title: str = "",
    log_y: bool = False,
    height: int = HEIGHT,
    colour_by: str = "run",
    colours: Mapping[int, str] | None = None,
    legend: bool = True,
    whole_x: bool = False,
) -> go.Figure:
    """One line per run and metric, with a gap where a value is NaN; validation is dashed where it stands with training.

    Args:
        frame: rows ordered by x, with the columns run_id, run (its name), metric, x and value. With raw, where value
            is smoothed, that is drawn faintly behind; with low, high and n, where value is a mean, so is the band.
        colour_by: "run" gives a run its own colour, for several runs; "metric" a colour per metric, for a single run.
        colours: of runs, by number; None for those that tell the runs of this chart apart.
        whole_x: x counts something, such as epochs, and no points will be added: few are not divided by ticks.
    """
    lines = _split(_above_zero(frame) if log_y else frame)
    names = list(dict.fromkeys(metric for _, metric, _ in lines))
    several_runs = len({run_id for run_id, _, _ in lines}) > 1
    figure = blank(f"{x_title}|{log_y}", height)
    colours = colours_apart(run_id for run_id, _, _ in lines) if colours is None else colours
    entries: set[str] = set()
    for run_id, metric, rows in lines:
        colour = colours[run_id] if colour_by == "run" else run_colour(names.index(_partner(metric, names)) + 1)
        # With several runs the legend has one entry a run, which switches all its lines.
        entry = str(run_id) if several_runs else metric
        figure.add_traces(_background(rows, colour, entry))
        run = plain(str(rows["run"].iloc[0]))
        dash = "solid" if _partner(metric, names) == metric else _DASHES[metric.split("_")[0]]
        line = _line(rows, dash, colour, _hover(run if several_runs else "", metric if len(names) > 1 else ""))
        line.update(name=run if several_runs else plain(metric), legendgroup=entry, showlegend=entry not in entries)
        figure.add_trace(line)
        entries.add(entry)
    figure.update_layout(
        hovermode="x unified" if len(lines) <= _UNIFIED_MOST else "closest",
        legend={
            "orientation": "h",
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "x": 0,
            "maxheight": 0.25,
            "font": {"size": 11},
        },
        showlegend=legend and len(entries) > 1,
    )
    figure.update_xaxes(title_text=x_title, unifiedhovertitle_text=f"{x_title} %{{x}}", hoverformat=".6~g")
    if whole_x and not frame.empty:
        span = frame["x"].max() - frame["x"].min()
        figure.update_xaxes(nticks=max(2, math.ceil(span)) if span <= _COUNTED_MOST else None)
    # Around a value that never changes Plotly would draw ±1, which hides how small or large it is.
    constant = not frame.empty and frame["value"].min() == frame["value"].max()
    figure.update_yaxes(
        title_text=y_title, type="log" if log_y else "linear", rangemode="tozero" if constant else "normal"
    )
    return figure


def unshown_on_log(frame: pd.DataFrame) -> str:
    """Which values of `curves` a log axis has no place for, in a sentence; "" where it shows all."""
    told = []
    for _, metric, rows in _split(frame):
        values = rows["raw"] if "raw" in rows else rows["value"]  # what was recorded is drawn behind what is smoothed
        below = values <= 0
        if below.any():
            run = short(str(rows["run"].iloc[0]))
            lowest = f"0 and down to {values.min():.4g}" if values.min() < 0 else "0"
            told.append(f"{metric} of {run}: {int(below.sum()):,} of {len(rows):,} points, {lowest}")
    if not told:
        cut = "low" in frame and (frame["low"] <= 0).any()
        return "Bands that reach down to 0 or below are cut off: a log axis has no place for it." if cut else ""
    more = f"; and {len(told) - _TOLD_MOST} more" if len(told) > _TOLD_MOST else ""
    return f"Not shown, as a log axis has no place for 0 and below: {'; '.join(told[:_TOLD_MOST])}{more}."


def _above_zero(frame: pd.DataFrame) -> pd.DataFrame:
    """For a log axis: bands that reach below it end at the smallest value that it shows, not in a gap."""
    if "low" not in frame:
        return frame
    shown = frame[["value", "low", "high"]].to_numpy()
    positive = shown[shown > 0]
    least = positive.min() if positive.size else 1.0
    return frame.assign(**{name: frame[name].where(~(frame[name] <= 0), least) for name in ("low", "high")})


def _split(frame: pd.DataFrame) -> list[tuple[int, str, pd.DataFrame]]:
    if frame.empty:
        return []
    groups = [rows for _, rows in frame.groupby(["run_id", "metric"], sort=False)]
    return [(int(rows["run_id"].iloc[0]), str(rows["metric"].iloc[0]), rows) for rows in groups]


def _line(rows: pd.DataFrame, dash: str, colour: str, hover: str) -> go.Scatter:
    mean = "n" in rows
    return go.Scatter(
        x=rows["x"].to_numpy(),
        y=rows["value"].to_numpy(),
        customdata=rows[["n", "low", "high"]].to_numpy() if mean else None,
        mode="lines+markers" if len(rows) <= _MARKED_MOST else "lines",
        line={"color": colour, "width": 2, "dash": dash},
        marker={"size": 5},
        hovertemplate=("%{y:.5~g} (n=%{customdata[0]})" if mean else "%{y:.5~g}") + f"<extra>{hover}</extra>",
    )


def _background(rows: pd.DataFrame, colour: str, group: str) -> list[go.Scatter]:
    """The raw values behind a smoothed line, or the band around a mean; nothing where there is neither."""
    x = rows["x"].to_numpy()
    common = {"legendgroup": group, "showlegend": False, "hoverinfo": "skip", "mode": "lines"}
    if "low" in rows:
        edge = {"width": 0, "color": faint(colour, 0)}
        return [
            go.Scatter(x=x, y=rows["low"].to_numpy(), line=edge, **common),
            go.Scatter(
                x=x, y=rows["high"].to_numpy(), line=edge, fill="tonexty", fillcolor=faint(colour, 0.18), **common
            ),
        ]
    if "raw" in rows and not rows["raw"].equals(rows["value"]):
        return [go.Scatter(x=x, y=rows["raw"].to_numpy(), line={"color": faint(colour, 0.3), "width": 1}, **common)]
    return []


def _hover(run: str, metric: str) -> str:
    return " · ".join(part for part in (run, plain(metric)) if part)


def _partner(metric: str, names: list[str]) -> str:
    """The training metric that goes with a validation metric, when the chart has it: they share a colour."""
    partner = metric.removeprefix("val_").removeprefix("test_")
    return partner if partner in names else metric
