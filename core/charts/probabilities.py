"""The probabilities of one prediction, as bars."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.charts.colours import faint
from core.charts.layout import blank
from core.charts.wording import plain

_MOST = 10  # classes that are drawn
_BAR = 28  # pixels for each


def probabilities(shares: Sequence[tuple[str, float]], colour: str) -> go.Figure:
    """Of classes with their probabilities, the most probable first, which alone has the full colour."""
    shown = shares[:_MOST]
    places = list(range(len(shown)))
    figure = blank("probabilities", height=_BAR * len(shown) + 16, showlegend=False, bargap=0.35, dragmode=False)
    figure.add_trace(
        go.Bar(
            x=[probability for _, probability in shown],
            y=places,
            orientation="h",
            marker={"color": [colour, *[faint(colour, 0.45)] * (len(shown) - 1)]},
            text=[f"{100 * probability:.1f} %" for _, probability in shown],
            textposition="outside",
            cliponaxis=False,
            customdata=[plain(name) for name, _ in shown],
            hovertemplate="%{customdata}: %{x:.4f}<extra></extra>",
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
