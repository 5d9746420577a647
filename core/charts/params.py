"""How a metric depends on params: a scatter of one, parallel coordinates of all that differ."""

import math

import pandas as pd
import plotly.graph_objects as go

from core.charts.layout import HEIGHT, blank
from core.charts.text import plain
from core.colours import run_colour

_DECADES = 2  # a param that spans more is drawn on a log axis
_TICKS_MOST = 12  # labelled values on one axis


def scatter(frame: pd.DataFrame, *, x_title: str, y_title: str, height: int = HEIGHT) -> go.Figure:
    """A point a run in its colour; x is a category where it is text.

    Args:
        frame: the columns run_id, run (its name), x and y.
    """
    numeric = pd.api.types.is_numeric_dtype(frame["x"])
    x = frame["x"] if numeric else frame["x"].map(lambda text: plain(str(text)))
    figure = blank(f"{x_title}|{y_title}", height, hovermode="closest", showlegend=False)
    figure.add_trace(
        go.Scatter(
            x=x.to_numpy(),
            y=frame["y"].to_numpy(),
            mode="markers",
            marker={"size": 11, "color": [run_colour(int(run_id)) for run_id in frame["run_id"]]},
            text=[plain(str(run)) for run in frame["run"]],
            hovertemplate=f"{plain(x_title)} %{{x}}<br>{plain(y_title)} %{{y:.5~g}}<extra>%{{text}}</extra>",
        )
    )
    kind = "category" if not numeric else "log" if _spans_decades(frame["x"]) else "linear"
    figure.update_xaxes(title_text=plain(x_title, 60), type=kind)
    figure.update_yaxes(title_text=plain(y_title, 60))
    return figure


def parallel(frame: pd.DataFrame, *, height: int = HEIGHT) -> go.Figure:
    """A line a run through its values; the last column is the metric that gives the colour.

    Args:
        frame: numbers or text in each column, the last one all finite numbers.
    """
    figure = blank("parallel", height, margin={"l": 64, "r": 64, "t": 56, "b": 24})
    score = frame.iloc[:, -1]
    figure.add_trace(
        go.Parcoords(
            dimensions=[_dimension(str(name), frame[name]) for name in frame.columns],
            line={"color": score.to_numpy(), "colorscale": "Viridis", "showscale": False},
            labelfont={"size": 12},
            tickfont={"size": 11},
            rangefont={"size": 1, "color": "rgba(0, 0, 0, 0)"},  # the ticks say it already
        )
    )
    return figure


def _dimension(name: str, values: pd.Series) -> dict[str, object]:
    label = plain(name.rpartition(".")[2], 24)
    if not pd.api.types.is_numeric_dtype(values):
        texts = values.map(lambda value: "–" if pd.isna(value) or value == "" else str(value))
        categories = sorted(set(texts))
        places = list(range(len(categories)))
        shown = places if len(places) <= _TICKS_MOST else places[:: math.ceil(len(places) / _TICKS_MOST)]
        codes = texts.map({text: place for place, text in enumerate(categories)})
        ticks = [plain(categories[place], 16) for place in shown]
        return {"label": label, "values": codes.to_numpy(), "tickvals": shown, "ticktext": ticks}
    if _spans_decades(values):
        exponents = values.map(math.log10)
        low, high = math.floor(exponents.min()), math.ceil(exponents.max())
        tickvals = list(range(low, high + 1))
        return {
            "label": label,
            "values": exponents.to_numpy(),
            "tickvals": tickvals,
            "ticktext": [f"{10.0**place:g}" for place in tickvals],
        }
    distinct = sorted(set(values.dropna()))
    if len(distinct) <= 6:
        return {
            "label": label,
            "values": values.to_numpy(),
            "tickvals": distinct,
            "ticktext": [f"{value:.4g}" for value in distinct],
        }
    return {"label": label, "values": values.to_numpy()}


def _spans_decades(values: pd.Series) -> bool:
    numbers = values.dropna()
    return len(numbers) > 1 and bool(numbers.min() > 0) and bool(numbers.max() >= numbers.min() * 10**_DECADES)
