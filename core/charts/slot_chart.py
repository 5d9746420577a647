"""When which slot was at work on a sweep."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.colours import faint
from core.charts.layout import blank, with_legend
from core.charts.trial_points import STATE_COLOURS

_MOST_BARS = 1_000
_SPANS = 240  # of time, that are told of more runs than these
_BUSY = "#4f7fc4"


def slots_over_time(frame: pd.DataFrame, began: float) -> go.Figure:
    """A bar for each run in the row of its slot, in minutes since the sweep began; of many runs how much of the time
    each slot was at work.
    """
    slots = sorted(set(frame["slot"]))
    figure = blank("slots", max(140, 70 + 40 * len(slots)), barmode="overlay", hovermode="closest")
    if len(frame) > _MOST_BARS:
        figure.add_trace(_shares(frame, slots, began))
        figure.update_xaxes(title_text="Minutes since it began")
        return figure
    for state in dict.fromkeys(frame["state"]):
        some = frame[frame["state"] == state]
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=list(some["slot"]),
                base=[(start - began) / 60 for start in some["start"]],
                x=[max(0.0, end - start) / 60 for start, end in zip(some["start"], some["end"], strict=True)],
                name=str(state),
                marker={
                    "color": STATE_COLOURS.get(str(state), "#8a8f98"),
                    "line": {"width": 1, "color": "rgba(128,128,128,0.5)"},
                },
                customdata=[
                    [number, end - start]
                    for number, start, end in zip(some["number"], some["start"], some["end"], strict=True)
                ],
                hovertemplate="trial %{customdata[0]}: %{customdata[1]:.1f} s<extra>" + str(state) + "</extra>",
            )
        )
    figure.update_xaxes(title_text="Minutes since it began", rangemode="tozero")
    return with_legend(figure)


def _shares(frame: pd.DataFrame, slots: list[str], began: float) -> go.Heatmap:
    """Of each span of time the share that a slot was at work in; blank where it was not."""
    first, last = float(frame["start"].min()), float(frame["end"].max())
    edges = np.linspace(first, max(last, first + 1.0), _SPANS + 1)
    busy, runs = [], []
    for slot in slots:
        of_it = frame[frame["slot"] == slot]
        start, end = of_it["start"].to_numpy(float), of_it["end"].to_numpy(float)
        # Seconds of work before each edge; from one to the next they grow by what was worked between.
        before = [float(np.clip(edge - start, 0, end - start).sum()) for edge in edges]
        busy.append(np.diff(before) / np.diff(edges))
        runs.append(np.histogram(start, edges)[0].tolist())
    shares = np.minimum(np.array(busy), 1.0)
    minutes = (edges - began) / 60
    return go.Heatmap(
        x=((minutes[:-1] + minutes[1:]) / 2).tolist(), y=slots, z=np.where(shares > 0, shares, np.nan).tolist(),
        customdata=runs, zmin=0, zmax=1, hoverongaps=False, ygap=6,
        colorscale=[[0, faint(_BUSY, 0.1)], [1, faint(_BUSY, 1.0)]],
        colorbar={"title": {"text": "at work"}, "tickformat": ".0%", "thickness": 12, "len": 0.9},
        hovertemplate="%{y}: at work %{z:.0%} of the time, %{customdata} runs began<extra></extra>",
    )  # fmt: skip
