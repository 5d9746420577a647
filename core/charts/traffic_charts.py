"""Charts of what served models are asked."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import run_colour
from core.charts.layout import blank

_SMALL = 180  # pixels high


def requests_by_minute(counted: Mapping[str, Sequence[tuple[int, int]]], first: int, last: int) -> go.Figure:
    """(minute since 1970, requests) by the name of the version, as stacked bars, from one minute to another."""
    figure = blank("traffic", _SMALL, barmode="stack", showlegend=len(counted) > 1)
    for number, (name, rows) in enumerate(counted.items()):
        figure.add_trace(
            go.Bar(
                x=_times([minute for minute, _ in rows]),
                width=60_000,  # ms
                offset=0,
                y=[requests for _, requests in rows],
                name=name,
                marker_color=run_colour(number + 1),
                hovertemplate="%{x|%H:%M} UTC: %{y:,}<extra>" + name + "</extra>",
            )
        )
    figure.update_xaxes(range=_times([first, last + 1]))
    figure.update_yaxes(title_text="requests a minute", rangemode="tozero")
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return figure


def _times(minutes: Sequence[int]) -> list[str]:
    found: list[str] = np.datetime_as_string(np.array([60 * minute for minute in minutes], "datetime64[s]")).tolist()
    return found
