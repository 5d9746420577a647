"""What all charts share: transparent, of fixed height, and zoom that survives a refresh."""

from typing import Any

import plotly.graph_objects as go

HEIGHT = 320  # pixels


def blank(uirevision: str, height: int = HEIGHT, **layout: Any) -> go.Figure:
    """A figure without traces. `uirevision`: as long as it is the same, a redrawn chart keeps its zoom."""
    figure = go.Figure()
    figure.update_layout(
        uirevision=uirevision,
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0, 0, 0, 0)",
        plot_bgcolor="rgba(0, 0, 0, 0)",
        hoverlabel={"namelength": -1},
    )
    figure.update_layout(**layout)
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    return figure
