"""A Plotly chart that changes in place while data comes in: without flicker, and with the zoom as the reader left it.

st.plotly_chart takes the whole figure for the chart's identity, so that new points make a new chart (Streamlit 1.67);
and it brings three megabytes of Plotly that no page needs.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from pages.frontend.documents import PLOTLY
from pages.frontend.switch import is_plain

_SCRIPTS = ("live", "parallel", "chart")
_CHART = st.components.v2.component(
    "traindeck_chart",
    html='<div class="chart"></div>',
    js="".join(Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS),
    isolate_styles=False,  # Plotly puts its styles into the page's head
)


@dataclass(frozen=True)
class LiveCurve:
    """A line that grows by itself: how much of which curve is drawn, and x = what it runs over / scale."""

    run: int
    metric: str
    step: int  # the last one that is drawn
    count: int  # of the points recorded by then
    sequence: int  # which of the values at its step the last one is
    by: Literal["step", "elapsed"]  # seconds of training
    scale: float


def chart(
    figure: go.Figure,
    *,
    key: str,
    alt: str,
    on_click: Callable[[dict[str, Any]], None] | None = None,
    live: Sequence[LiveCurve] = (),
    kept: Sequence[int] | None = None,
    on_kept: Callable[[list[int] | None], None] | None = None,
    on_reordered: Callable[[list[str]], None] | None = None,
) -> None:
    """Draw the figure, or change the one of this key to it.

    `on_click` is called before the page runs again, with a point that was clicked: {"x": …, "y": …, "customdata": …}.
    Of parallel coordinates (core.charts.parallel): `on_kept` is called with the lines that its brushes keep, None
    without a brush, where that is not `kept` already; and `on_reordered` with the params in the order to which their
    axes were dragged.
    `live`, for each line of the figure: the browser asks the server for new points, without a run of the page.
    """
    if is_plain():
        _plain(figure, key, on_click)
        return
    data = {
        "figure": figure.to_json(),
        "alt": alt,
        "library": PLOTLY,
        "clickable": on_click is not None,
        "live": [asdict(curve) for curve in live],
        "kept": kept,
    }

    def clicked() -> None:
        point = st.session_state[key].clicked
        if on_click is not None and point is not None:
            on_click(dict(point))

    def brushed() -> None:
        lines = st.session_state[key].kept
        if on_kept is not None and lines is not None:
            on_kept(lines["ids"])

    def reordered() -> None:
        keys = st.session_state[key].reordered
        if on_reordered is not None and keys is not None:
            on_reordered(list(keys))

    both: dict[str, Any] = {"on_kept_change": brushed, "on_reordered_change": reordered}
    told = both if on_kept or on_reordered else {}
    # A curve that was rewritten needs no more than another run of the page or fragment, which the trigger brings.
    _CHART(key=key, data=data, on_clicked_change=clicked, on_rewritten_change=lambda: None, **told)


def _plain(figure: go.Figure, key: str, on_click: Callable[[dict[str, Any]], None] | None) -> None:
    """By Streamlit's own chart, which is drawn anew with new points."""

    def clicked() -> None:
        points = st.session_state[key].selection.points
        if on_click is not None and points:
            on_click(dict(points[0]))

    st.plotly_chart(figure, key=key, on_select=clicked if on_click else "ignore", selection_mode="points")
