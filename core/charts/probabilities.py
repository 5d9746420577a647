"""The probabilities of one prediction, as bars."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.charts.colours import faint
from core.charts.layout import blank
from core.charts.wording import plain
from core.common.text import percentage

_MOST = 10  # classes that are drawn
_BAR = 28  # pixels for each


def probabilities(
    shares: Sequence[tuple[str, float]], colour: str, strong: int = 1, levels: Sequence[float] = ()
) -> go.Figure:
    """Of classes with their probabilities, the most probable first, which alone has the full colour.

    Args:
        strong: so many have the full colour: labels that are given.
        levels: thresholds of labels, each marked on its bar.
    """
    shown = shares[:_MOST]
    places = list(range(len(shown)))
    figure = blank("probabilities", height=_BAR * len(shown) + 16, showlegend=False, bargap=0.35, dragmode=False)
    figure.add_trace(
        go.Bar(
            x=[probability for _, probability in shown],
            y=places,
            orientation="h",
            marker={"color": [colour if place < strong else faint(colour, 0.45) for place in places]},
            text=[percentage(probability, 1) for _, probability in shown],
            textposition="outside",
            cliponaxis=False,
            customdata=[plain(name) for name, _ in shown],
            hovertemplate="%{customdata}: %{x:.4f}<extra></extra>",
        )
    )
    if levels:
        marker = {"symbol": "line-ns", "size": _BAR * 0.5, "line": {"width": 2, "color": "rgba(128, 140, 146, 0.9)"}}
        told = [f"threshold {level:.4f}" for level in levels[:_MOST]]
        figure.add_trace(
            go.Scatter(
                x=list(levels[:_MOST]),
                y=places,
                mode="markers",
                marker=marker,
                customdata=told,
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    figure.update_xaxes(range=[0, 1.15], visible=False, fixedrange=True)
    figure.update_yaxes(
        tickvals=places,
        ticktext=[plain(name, 24) for name, _ in shown],
        autorange="reversed",
        showgrid=False,
        fixedrange=True,
    )
    return figure
