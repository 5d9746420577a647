"""How a metric depends on params: a scatter of one, parallel coordinates of all that differ."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from core.charts.colours import run_colour, scale_colour
from core.charts.layout import HEIGHT, blank
from core.charts.wording import plain

_DECADES = 1  # a param that spans as much is drawn on a log axis
_TICKS_MOST = 12  # labelled categories on one axis
_VALUES_MOST = 5  # numbers that are labelled each; of more, only the smallest and the largest
_NEUTRAL = "rgba(128, 140, 146, 0.6)"
_SMALL = {"size": 11}


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


def parallel(frame: pd.DataFrame, *, names: Mapping[int, str], height: int = HEIGHT) -> go.Figure:
    """A line a run through its values on upright axes, coloured by the last column, the metric.

    Plotly's own parallel coordinates need WebGL, know no hover and take seconds where there is no GPU: these are lines.

    Args:
        frame: indexed by the run's number; numbers or text in each column, finite numbers in the last one.
        names: of the runs.
    """
    figure = blank("parallel", height, hovermode="closest", showlegend=False)
    axes = [_axis(frame[column]) for column in frame.columns]
    # All at once: each that is added by itself has Plotly check all those before it again, 0.2 s in all.
    figure.update_layout(
        shapes=[
            {"type": "line", "x0": place, "x1": place, "y0": 0, "y1": 1, "line": {"width": 1, "color": _NEUTRAL}}
            for place in range(len(axes))
        ],
        annotations=[
            {"x": place, "y": share, "text": text, "showarrow": False, "xanchor": "right", "xshift": -4, "font": _SMALL}
            for place, axis in enumerate(axes)
            for share, text in axis.ticks
        ],
    )
    for row, run_id in enumerate(frame.index):
        texts = [
            f"{plain(str(column), 60)}: {axis.texts[row]}" for column, axis in zip(frame.columns, axes, strict=True)
        ]
        figure.add_trace(
            go.Scatter(
                x=list(range(len(axes))),
                y=[axis.shares[row] for axis in axes],
                mode="lines+markers",
                line={"color": scale_colour(axes[-1].shares[row]), "width": 2},
                marker={"size": 6, "color": run_colour(int(run_id))},
                text=texts,
                hovertemplate=f"%{{text}}<extra>{plain(names[int(run_id)])}</extra>",
            )
        )
    titles = [plain(str(column).rpartition(".")[2], 18) for column in frame.columns]
    figure.update_xaxes(
        tickvals=list(range(len(axes))), ticktext=titles, range=[-0.6, len(axes) - 0.8], showgrid=False, zeroline=False
    )
    figure.update_yaxes(visible=False, range=[-0.06, 1.06])
    return figure


class _Axis(NamedTuple):
    shares: list[float]  # 0 (bottom) to 1, by row; NaN where the run has no value
    texts: list[str]  # the value as it is shown, by row
    ticks: list[tuple[float, str]]


def _axis(values: pd.Series) -> _Axis:
    if not pd.api.types.is_numeric_dtype(values):
        texts = ["–" if pd.isna(value) or value == "" else str(value) for value in values]
        categories = sorted(set(texts))
        places = {text: place / max(1, len(categories) - 1) for place, text in enumerate(categories)}
        labelled = categories[:: -(-len(categories) // _TICKS_MOST)]
        return _Axis(
            [places[text] for text in texts],
            [plain(text) for text in texts],
            [(places[text], plain(text, 12)) for text in labelled],
        )
    scaled = values.astype(float).map(math.log10) if _spans_decades(values) else values.astype(float)
    low, span = scaled.min(), (scaled.max() - scaled.min()) or 1.0
    distinct = sorted(set(values.dropna()))
    labelled = distinct if len(distinct) <= _VALUES_MOST else [distinct[0], distinct[-1]]
    shares = dict(zip(values, (scaled - low) / span, strict=True))
    return _Axis(
        [float(share) for share in (scaled - low) / span],
        ["–" if value != value else f"{value:.5g}" for value in values],
        [(float(shares[value]), f"{value:.4g}") for value in labelled],
    )


def _spans_decades(values: pd.Series) -> bool:
    numbers = values.dropna()
    return len(numbers) > 1 and bool(numbers.min() > 0) and bool(numbers.max() >= numbers.min() * 10**_DECADES)
