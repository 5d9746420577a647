"""What all charts share: transparent, of fixed height, and zoom that survives a refresh."""

from typing import Any

import plotly.graph_objects as go

HEIGHT = 320  # pixels


def blank(uirevision: str, height: int = HEIGHT, **layout: Any) -> go.Figure:
    """A figure without traces. `uirevision`: as long as it is the same, a redrawn chart keeps its zoom."""
    axis = {"automargin": True, "title": {"standoff": 15}}
    # In one piece, which Plotly checks five times as fast as by and by; without its template, which is larger than most
    # figures and goes with each of them.
    return go.Figure(
        layout={
            "template": "none",
            "uirevision": uirevision,
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "paper_bgcolor": "rgba(0, 0, 0, 0)",
            "plot_bgcolor": "rgba(0, 0, 0, 0)",
            "hoverlabel": {"namelength": -1},
            "xaxis": axis,
            "yaxis": axis,
            **layout,
        }
    )


def with_legend(figure: go.Figure, above: float = 1.02) -> go.Figure:
    """`above`: where it begins, in heights of what is drawn."""
    figure.update_layout(legend={"orientation": "h", "y": above, "yanchor": "bottom", "x": 0})
    return figure
