"""Charts of an evaluation: how a classifier confuses classes and ranks examples, how a regression errs."""

import textwrap
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.colours import faint, run_colour
from core.charts.layout import HEIGHT, blank
from core.charts.wording import plain, short
from core.common.text import grouping, percentage, significant
from core.evaluation.report import Bin, Curve, Regression

_RIGHT, _WRONG = "#1f9a8f", "#d4622a"  # readable on white and on near-black
_STRONGEST = 0.62  # opacity of the fullest cell: what is written on it stays readable in either theme
_WRITTEN_MOST = 20  # classes whose counts are written into the cells
_NAMED_MOST = 40  # classes that are all named along the axes
_CELL = 30  # pixels
_TALLEST = 620
_WHOLE = 120  # characters of a name on hover
TALL = 360  # of curves
_GUIDE = {"color": "rgba(128, 140, 146, 0.7)", "width": 1, "dash": "dot"}


def confusion(counts: NDArray[np.int64], names: Sequence[str], *, shares: bool = False) -> go.Figure:
    """Rows are true classes, columns predicted ones, at their places in `names`.

    Right and wrong cells have a colour and a scale each: few errors would not be seen beside many hits.

    Args:
        counts: [true, predicted].
        shares: of the row's examples, in place of counts.
    """
    size = len(names)
    figure = blank(f"confusion{shares}", min(_TALLEST, max(HEIGHT, 110 + _CELL * size)), hovermode="closest")
    of_row = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    drawn = of_row if shares else counts.astype(np.float64)
    diagonal = np.eye(size, dtype=bool)
    hover = [plain(name, _WHOLE) for name in names]
    for mask, colour in ((diagonal, _RIGHT), (~diagonal, _WRONG)):
        figure.add_trace(_cells(np.where(mask, drawn, np.nan), counts, of_row, hover, colour))
    if size <= _WRITTEN_MOST:
        figure.add_trace(_written(drawn, shares))
    labelled = list(range(0, size, -(-size // _NAMED_MOST)))
    ticks = {"tickvals": labelled, "ticktext": [_wrapped(names[number]) for number in labelled], "showgrid": False}
    figure.update_xaxes(title_text="Predicted", constrain="domain", **ticks)
    figure.update_yaxes(title_text="True", autorange="reversed", **ticks)
    figure.update_layout(showlegend=False, dragmode=False)
    return figure


def _cells(
    values: NDArray[np.float64], counts: NDArray[np.int64], of_row: NDArray[np.float64], names: list[str], colour: str
) -> go.Heatmap:
    told = len(names) <= _NAMED_MOST
    top = np.nanmax(values, initial=0)
    return go.Heatmap(
        z=values.astype(np.float32),
        text=_told(values, counts, of_row, names) if told else None,
        hovertemplate="%{text}<extra></extra>" if told else "true %{y}, predicted %{x}: %{z}<extra></extra>",
        hoverongaps=False,
        colorscale=[[0, faint(colour, 0.03)], [1, faint(colour, _STRONGEST)]],
        zmin=0,
        zmax=float(top) or 1,
        showscale=False,
        xgap=1,
        ygap=1,
    )


def _told(
    values: NDArray[np.float64], counts: NDArray[np.int64], of_row: NDArray[np.float64], names: list[str]
) -> list[list[str]]:
    """What is said on hover of each cell that this trace draws."""
    return [
        [
            f"true {name}<br>predicted {names[guess]}<br>{counts[true, guess]:,} examples, "
            f"{percentage(of_row[true, guess], 1)} of the class"
            if np.isfinite(values[true, guess])
            else ""
            for guess in range(len(names))
        ]
        for true, name in enumerate(names)
    ]


def _written(drawn: NDArray[np.float64], shares: bool) -> go.Scatter:
    """Numbers in the cells, in the theme's colour of text, which a heat map's own texts would not have."""
    true, guess = np.nonzero(drawn)
    values = drawn[true, guess]
    return go.Scatter(
        x=guess,
        y=true,
        mode="text",
        text=[percentage(value) if shares else f"{value:,.0f}" for value in values.tolist()],
        textfont={"size": 11 if len(drawn) > 12 else 12},
        hoverinfo="skip",
    )


def _wrapped(name: str) -> str:
    """At most two lines; what is left out of longer ones is shown as …, and hovering tells the whole."""
    lines = textwrap.wrap(short(name, 30), 16, max_lines=2, placeholder=" …") or [""]
    return "<br>".join(plain(line) for line in lines)


def roc(curves: Sequence[Curve], coloured: Sequence[str] = ()) -> go.Figure:
    """True positive rate over false positive rate; the diagonal is a guess. `coloured` as of precision_recall."""
    figure = _curves(curves, "False positive rate", "True positive rate", coloured)
    figure.add_trace(_guide([0, 1], [0, 1]))
    return figure


def precision_recall(curves: Sequence[Curve], coloured: Sequence[str] = ()) -> go.Figure:
    """Precision over recall.

    Args:
        coloured: names of curves by whose order they get their colours, so that a class has one in all charts.
    """
    return _curves(curves, "Recall", "Precision", coloured)


def _curves(curves: Sequence[Curve], x_title: str, y_title: str, coloured: Sequence[str]) -> go.Figure:
    """The mean stands first and out; the legend gives each curve's area."""
    several = len(curves) > 1
    figure = blank(f"{x_title}|{y_title}", TALL, hovermode="closest", showlegend=several)
    places = {name: place for place, name in enumerate(coloured or [curve.name for curve in curves])}
    for number, curve in enumerate(curves):
        name = plain(curve.name) + (f" {curve.area:.4g}" if curve.area is not None else "")
        stands_out = not several or number == 0
        figure.add_trace(
            go.Scatter(
                x=curve.x,
                y=curve.y,
                name=name,
                mode="lines",
                line={
                    "width": 3 if stands_out else 1.5,
                    "color": _RIGHT if stands_out else run_colour(places[curve.name]),
                },
                hovertemplate=f"{x_title} %{{x:.3f}}<br>{y_title} %{{y:.3f}}<extra>{name}</extra>",
            )
        )
    figure.update_layout(legend={"x": 1.02, "y": 1, "maxheight": 1, "font": {"size": 11}})
    figure.update_xaxes(title_text=x_title, range=[-0.02, 1.02])
    figure.update_yaxes(title_text=y_title, range=[-0.02, 1.04])
    return figure


def calibration(bins: Sequence[Bin]) -> go.Figure:
    """Accuracy over confidence: on the diagonal, 80 % confidence is right in 80 of 100 cases."""
    figure = blank("calibration", TALL, hovermode="closest", showlegend=False, bargap=0.04)
    figure.add_trace(
        go.Bar(
            x=[(part.low + part.high) / 2 for part in bins],
            y=[part.accuracy for part in bins],
            width=[part.high - part.low for part in bins],
            marker={"color": faint(_RIGHT, _STRONGEST)},
            customdata=[[part.count, part.confidence] for part in bins],
            hovertemplate="confidence %{customdata[1]:.3f}<br>accuracy %{y:.3f}<br>%{customdata[0]:,} examples"
            "<extra></extra>",
        )
    )
    figure.add_trace(_guide([0, 1], [0, 1]))
    figure.update_xaxes(title_text="Confidence", range=[0, 1.01])
    figure.update_yaxes(title_text="Accuracy", range=[0, 1.04])
    return figure


def predicted_against_true(errors: Regression, target: str) -> go.Figure:
    """A point an example; on the diagonal the prediction is right."""
    positions, true, predicted = zip(*errors.points, strict=True)
    both = [min(*true, *predicted), max(*true, *predicted)] if len(true) > 1 else [true[0], true[0]]
    told = f"{grouping(*true, *predicted)}.{1 + significant((*true, *predicted))}~g"
    figure = blank("predicted", hovermode="closest", showlegend=False)
    figure.add_trace(_guide(both, both))
    figure.add_trace(
        go.Scatter(
            x=true,
            y=predicted,
            mode="markers",
            marker={"size": 6, "color": faint(_RIGHT, _STRONGEST)},
            customdata=positions,
            hovertemplate=f"true %{{x:{told}}}<br>predicted %{{y:{told}}}<extra>example %{{customdata}}</extra>",
        )
    )
    name = plain(target, 60)
    figure.update_xaxes(title_text=f"{name}, true" if name else "True")
    figure.update_yaxes(title_text=f"{name}, predicted" if name else "Predicted")
    return figure


def residuals(errors: Regression) -> go.Figure:
    """How often which residual occurs; right of zero the prediction was too small."""
    edges = np.array(errors.edges)
    figure = blank("residuals", hovermode="closest", showlegend=False, bargap=0.03)
    figure.add_trace(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=list(errors.counts),
            width=np.diff(edges),
            marker={"color": faint(_RIGHT, _STRONGEST)},
            customdata=np.stack([edges[:-1], edges[1:]], axis=1),
            hovertemplate="%{customdata[0]:.4~g} to %{customdata[1]:.4~g}<br>%{y:,} examples<extra></extra>",
        )
    )
    figure.add_vline(x=0, line=_GUIDE)
    figure.update_xaxes(title_text="Residual (true minus predicted)")
    figure.update_yaxes(title_text="Examples")
    return figure


def loss_by_position(losses: Sequence[float], length: int) -> go.Figure:
    """Loss over how much of the text was read before; it falls where a network makes use of it."""
    figure = blank("position", hovermode="x", showlegend=False)
    figure.add_trace(
        go.Scatter(
            x=np.linspace(1, length, len(losses)).round(),
            y=list(losses),
            mode="lines",
            line={"color": _RIGHT, "width": 2},
            hovertemplate="token %{x}: %{y:.4~g} nats<extra></extra>",
        )
    )
    figure.update_xaxes(title_text="Tokens read")
    figure.update_yaxes(title_text="Loss (nats per token)")
    return figure


def _guide(x: Sequence[float], y: Sequence[float]) -> go.Scatter:
    return go.Scatter(x=x, y=y, mode="lines", line=_GUIDE, hoverinfo="skip", showlegend=False)
