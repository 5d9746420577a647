"""Charts of time series: as they are, as a network sees them, and forecasts against what came."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import run_colour
from core.charts.layout import HEIGHT, blank
from core.charts.wording import plain
from core.data.library.series_options import Line
from core.evaluation.forecast_browse import Drawn

NETWORK, SEASONAL = "#d4622a", "#7b61c9"  # readable on white and on near-black
TRUTH = "#1f9a8f"
_NAIVE = "rgba(128, 140, 146, 0.9)"
_SMALL = 130  # pixels high
_SHOWN = {"network": NETWORK, "seasonal naive": SEASONAL, "naive": _NAIVE, "linear (ridge)": "#3b7dd8"}


def moments(times: Sequence[int], dated: bool) -> list[str] | list[int]:
    """As a chart's axis takes them."""
    if not dated:
        return list(times)
    texts: list[str] = np.datetime_as_string(np.array(times, "datetime64[s]")).tolist()
    return texts


def lines(drawn: Sequence[Line], dated: bool, target: str) -> go.Figure:
    """Series over time."""
    figure = blank("series", hovermode="closest", showlegend=len(drawn) > 1)
    for number, line in enumerate(drawn):
        figure.add_trace(
            go.Scatter(
                x=moments(line.times, dated),
                y=list(line.values),
                name=plain(line.name, 30),
                mode="lines",
                line={"width": 1.5, "color": TRUTH if len(drawn) == 1 else run_colour(number + 1)},
                hovertemplate="%{x}: %{y:,.5~g}<extra>" + plain(line.name, 30) + "</extra>",
            )
        )
    figure.update_yaxes(title_text=plain(target, 60))
    return _legend_above(figure)


def window(before: Sequence[float], after: Sequence[float]) -> go.Figure:
    """What a network sees, and what it is to forecast; steps from the present, which is 0."""
    figure = blank("window", _SMALL, hovermode="closest", showlegend=False)
    start = 1 - len(before)
    for values, first, colour in ((before, start, TRUTH), ([before[-1], *after], 0, NETWORK)):
        figure.add_trace(
            go.Scatter(
                x=list(range(first, first + len(values))),
                y=list(values),
                mode="lines",
                line={"width": 2, "color": colour},
                hovertemplate="step %{x}: %{y:,.5~g}<extra></extra>",
            )
        )
    figure.update_layout(margin={"l": 0, "r": 8, "t": 0, "b": 16}, dragmode=False)
    figure.update_xaxes(fixedrange=True, showgrid=False, nticks=5)
    figure.update_yaxes(fixedrange=True, nticks=3)
    return figure


def against_truth(drawn: Sequence[Drawn], dated: bool, target: str) -> go.Figure:
    """What came, and what was forecast."""
    figure = blank("forecasts", HEIGHT + 60, hovermode="x unified" if dated else "x", showlegend=True)
    for name, times, values in drawn:
        known = name == "truth"
        figure.add_trace(
            go.Scatter(
                x=moments(times, dated),
                y=list(values),
                name=plain(name, 40),
                mode="lines+markers" if len(times) <= 60 else "lines",
                line={"width": 2.5 if name == "network" else 1.5, "color": TRUTH if known else _SHOWN.get(name, _NAIVE),
                      "dash": "dot" if name not in ("truth", "network") else "solid"},
                marker={"size": 4},
                connectgaps=False,
                hovertemplate="%{y:,.5~g}<extra>" + plain(name, 40) + "</extra>",
            )
        )  # fmt: skip
    figure.update_yaxes(title_text=plain(target, 60))
    return _legend_above(figure)


def by_step(errors: Mapping[str, Sequence[float]], target: str) -> go.Figure:
    """The mean absolute error of each step ahead, by the name of a forecast: of the network and of each baseline."""
    figure = blank("steps", hovermode="x unified", showlegend=True)
    for name, steps in errors.items():
        figure.add_trace(
            go.Scatter(
                x=list(range(1, len(steps) + 1)),
                y=list(steps),
                name=plain(name, 40),
                mode="lines+markers",
                line={
                    "width": 3 if name == "network" else 1.5,
                    "color": _SHOWN.get(name, _NAIVE),
                    "dash": "solid" if name == "network" else "dot",
                },
                hovertemplate="%{y:,.4~g}<extra>" + plain(name, 40) + "</extra>",
            )
        )
    figure.update_xaxes(title_text="Steps ahead")
    figure.update_yaxes(title_text=f"MAE ({plain(target, 40)})" if target else "MAE", rangemode="tozero")
    return _legend_above(figure)


def ahead(before: Sequence[tuple[str, float]], forecast: Sequence[tuple[str, float]], target: str) -> go.Figure:
    """What was, and what is forecast to follow; times as text, in their order."""
    figure = blank("ahead", hovermode="closest", showlegend=True)
    joined = [before[-1], *forecast] if before else list(forecast)
    for name, drawn, colour in (("known", before, TRUTH), ("forecast", joined, NETWORK)):
        figure.add_trace(
            go.Scatter(
                x=[time for time, _ in drawn],
                y=[value for _, value in drawn],
                name=name,
                mode="lines+markers" if name == "forecast" else "lines",
                line={"width": 2, "color": colour},
                hovertemplate="%{x}: %{y:,.5~g}<extra>" + name + "</extra>",
            )
        )
    figure.update_yaxes(title_text=plain(target, 60))
    return _legend_above(figure)


def _legend_above(figure: go.Figure) -> go.Figure:
    figure.update_layout(legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"})
    return figure
