"""Histograms that runs log, at a step and over steps, and figures of their own."""

import json
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import faint, run_colour
from core.charts.layout import blank
from core.common.errors import DataError
from core.comparison.media_frames import Histogram, HistogramsOverSteps

HEIGHT = 240
_ROOTS = 2  # of shares, so that thin tails are seen beside a peak
_MOST_FIGURE = 10 * 2**20  # bytes


def histogram(found: Histogram, run_id: int) -> go.Figure:
    """Bars from edge to edge."""
    width = np.diff(found.edges)
    figure = blank("histogram", HEIGHT, bargap=0, showlegend=False)
    figure.add_bar(
        x=found.edges[:-1] + width / 2,
        y=found.counts,
        width=np.where(width > 0, width, 1e-9),
        marker={"color": run_colour(run_id), "line": {"width": 0}},
        hovertemplate="%{x:.4~g}: %{y:,}<extra></extra>",
    )
    figure.update_yaxes(title_text="values")
    return figure


def histograms(found: HistogramsOverSteps, run_id: int, step: int | None = None) -> go.Figure:
    """Steps to the right, values upwards, darker where more of a step's values lie; a line at `step`."""
    colour = run_colour(run_id)
    figure = blank("histograms", HEIGHT, showlegend=False)
    figure.add_heatmap(
        x=list(found.steps),
        y=(found.edges[:-1] + found.edges[1:]) / 2,
        z=found.shares ** (1 / _ROOTS),
        customdata=100 * found.shares,
        colorscale=[[0, faint(colour, 0.0)], [1, colour]],
        showscale=False,
        hovertemplate="step %{x}, around %{y:.4~g}: %{customdata:.3~g} % of the values<extra></extra>",
    )
    if step is not None:
        figure.add_vline(x=step, line={"color": colour, "width": 1, "dash": "dot"})
    figure.update_xaxes(title_text="step")
    return figure


def own_figure(data: bytes, key: str) -> go.Figure:
    """A figure that a script made, on the page's own ground. Raises DataError: it is none, or too large."""
    if len(data) > _MOST_FIGURE:
        raise DataError(f"The figure has {len(data):,} bytes; at most {_MOST_FIGURE // 2**20} MiB are drawn.")
    try:
        told: Any = json.loads(data)
        figure = go.Figure({"data": told["data"], "layout": told.get("layout", {})}, skip_invalid=True)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(f"The figure cannot be drawn: {str(error)[:200]}.") from error
    margin = figure.layout.margin
    if figure.layout.height is None and {margin.l, margin.r, margin.t, margin.b} == {None}:  # Plotly's are of a page
        figure.update_layout(
            height=320, margin={"l": 48, "r": 16, "t": 48 if figure.layout.title.text else 16, "b": 48}
        )
    figure.update_layout(
        template="none", paper_bgcolor="rgba(0, 0, 0, 0)", plot_bgcolor="rgba(0, 0, 0, 0)", uirevision=key
    )
    return figure
