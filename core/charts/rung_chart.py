"""The trials of a sweep over their values, and where they were judged."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.layout import HEIGHT, blank, with_legend
from core.charts.trial_points import DRAWN_STATES, EARLY, STATE_COLOURS, trial_points
from core.charts.wording import plain

_RUNG = "rgba(128, 140, 146, 0.7)"
_ABOVE_LABELS = 1.16  # where a legend begins that leaves room for two lines of labels
_FEW = 30  # lines that need not be faint


def rungs(curves: pd.DataFrame, judged: pd.DataFrame, goal: str, *, epochs: bool, height: int = HEIGHT) -> go.Figure:
    """A line a trial over its values, with a ring where one was pruned and a square where one ended early with its
    result; a dotted line where trials were judged.

    Frames are `curve_frame` and `rung_frame` of core.comparison.sweep_frames. `epochs`: whether each value is of one.
    """
    figure = blank(f"rungs-{goal}", height, hovermode="closest")
    for state in DRAWN_STATES:
        some = curves[curves["state"] == state]
        if len(some):
            figure.add_trace(_lines(some, state, goal))
    last = curves.sort_values("count").groupby("number").tail(1)
    told = f"after %{{x}}: {plain(goal)} %{{y:.5~g}}"
    if len(ended := last[last["state"] == "pruned"]):
        points = trial_points(ended, ended["count"], ended["value"], "pruned", told)
        figure.add_trace(points.update(showlegend=False))
    if len(early := last[last["early"]]):
        figure.add_trace(
            trial_points(early, early["count"], early["value"], "finished", told).update(name=f"ended {EARLY}")
        )
    unit = "epoch" if epochs else "value"
    for rung, came, gone in judged.itertuples(index=False):
        figure.add_vline(x=rung, line={"dash": "dot", "width": 1, "color": _RUNG})
        figure.add_annotation(
            x=rung, y=1, yref="paper", text=f"{unit} {rung:,}<br>{came - gone:,} of {came:,}", showarrow=False,
            yanchor="bottom", xanchor="center", font={"size": 11},
        )  # fmt: skip
    figure.update_xaxes(title_text="Epoch" if epochs else f"Values of {plain(goal, 40)}", type="linear")
    figure.update_yaxes(title_text=plain(goal, 40))
    known = curves["value"][np.isfinite(curves["value"])]
    if len(known):
        low, high = np.quantile(known, (0.0, 0.98))  # a few that failed to learn would flatten the others
        room = 0.05 * (high - low) or 0.05
        figure.update_yaxes(range=[low - room, high + room])
    return with_legend(figure, above=_ABOVE_LABELS)


def _lines(some: pd.DataFrame, state: str, goal: str) -> go.Scatter:
    """All of one state as one trace, with gaps between trials."""
    x: list[float | None] = []
    y: list[float | None] = []
    told: list[int] = []
    is_few = some["number"].nunique() <= _FEW
    for _, each in some.groupby("number"):
        x += [*each["count"], None]
        y += [*each["value"], None]
        told += [*each["number"], each["number"].iloc[0]]
    return go.Scatter(
        x=x, y=y, mode="lines", name=state, customdata=told,
        line={"color": STATE_COLOURS[state], "width": 1.5 if is_few else 1}, opacity=0.9 if is_few else 0.6,
        hovertemplate=f"trial %{{customdata}} after %{{x}}: {plain(goal)} %{{y:.5~g}}<extra></extra>",
    )  # fmt: skip
