"""A Plotly chart that changes in place while data comes in: without flicker, and with the zoom as the reader left it.

st.plotly_chart takes the whole figure for the chart's identity, so that new points make a new chart (Streamlit 1.67).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

LIBRARY = "api/plotly.js"  # relative to a page's address; the server takes it from the plotly package

_CHART = st.components.v2.component(
    "traindeck_chart",
    html='<div class="chart"></div>',
    js=Path(__file__).with_name("chart.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # Plotly puts its styles into the page's head
)


def chart(figure: go.Figure, *, key: str, alt: str, on_click: Callable[[dict[str, Any]], None] | None = None) -> None:
    """Draw the figure, or change the one of this key to it.

    `on_click` is called before the page runs again, with a point that was clicked: {"x": …, "y": …, "customdata": …}.
    """
    data = {"figure": figure.to_json(), "alt": alt, "library": LIBRARY, "clickable": on_click is not None}
    if on_click is None:
        _CHART(key=key, data=data)
        return

    def clicked() -> None:
        point = st.session_state[key].clicked
        if point is not None:
            on_click(dict(point))

    _CHART(key=key, data=data, on_clicked_change=clicked)
