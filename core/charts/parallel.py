"""Parallel coordinates: how a metric depends on several params at once."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from core.charts.colours import colours_apart, scale_colour
from core.charts.layout import HEIGHT, blank
from core.charts.scales import Scale, scale_of
from core.charts.wording import plain

Colouring = Literal["result", "run"]
NO_RESULT = "rgba(128, 140, 146, 0.9)"  # a line of a run without the metric
_NEUTRAL = "rgba(128, 140, 146, 0.6)"
_LETTER, _FIT = 6, 6  # pixels of a letter; letters that fit between the first axis and the edge of a phone
_SMALL = {"size": 11}
_PIECES = 24  # of the axis of results, which shows what the colours mean
_TITLE = 18  # characters
_SHARED = ("name", "source")  # leaves that say nothing by themselves


def parallel(
    frame: pd.DataFrame,
    *,
    names: Mapping[int, str],
    colouring: Colouring = "result",
    height: int = HEIGHT,
    colours: Mapping[int, str] | None = None,
    logs: Mapping[str, bool] = MappingProxyType({}),
) -> go.Figure:
    """A line a run through its values on upright axes; the last column, the result, is the last axis.

    Colour means one thing: the result, on the scale that its axis is drawn in, or the run. No line breaks: what a run
    has no value of has a place below the axis. The figure's `meta` has what a browser needs to brush and move axes.

    Plotly's own parallel coordinates need WebGL, know no hover and take seconds where there is no GPU: these are lines.

    Args:
        frame: indexed by the run's number; numbers or text in each column, numbers in the last one.
        names: of the runs.
        colours: of runs, by number; None for those that tell the runs of this chart apart.
        logs: whether a column's axis is logarithmic, where that does not follow from its values.
    """
    colours = colours_apart(map(int, frame.index)) if colours is None else colours
    axes = [scale_of(frame[column], log=logs.get(str(column))) for column in frame.columns]
    figure = blank("parallel", height, hovermode="closest", showlegend=False, dragmode=False)
    result = axes[-1]
    first = max((len(text) for _, text in axes[0].ticks), default=0)  # outside, where only a few letters fit
    figure.update_layout(margin_l=figure.layout.margin.l + _LETTER * max(0, first - _FIT))
    # All at once: each that is added by itself has Plotly check all those before it again, 0.2 s in all.
    figure.update_layout(
        shapes=[shape for place, axis in enumerate(axes) for shape in _line(place, axis)]
        + (_coloured(len(axes) - 1) if colouring == "result" else []),
        annotations=[
            _tick(place, share, text, outside=place == len(axes) - 1)
            for place, axis in enumerate(axes)
            for share, text in axis.ticks
        ],
        meta={"parallel": _meta(frame, axes)},
    )
    for row, run_id in enumerate(frame.index):
        share = result.shares[row]
        of_result = scale_colour(share) if share >= 0 else NO_RESULT
        colour = of_result if colouring == "result" else colours[int(run_id)]
        figure.add_trace(_of_run(row, frame.columns, axes, names[int(run_id)], colour))
    titles = titles_of([str(column) for column in frame.columns])
    figure.update_xaxes(
        tickvals=list(range(len(axes))), ticktext=titles, range=[-0.6, len(axes) - 0.4], showgrid=False,
        ticklabeloverflow="allow",
        zeroline=False, fixedrange=True,
    )  # fmt: skip
    lowest = min((place for axis in axes for place, _ in axis.places), default=0.0)
    figure.update_yaxes(visible=False, range=[lowest - 0.06, 1.06], fixedrange=True)
    return figure


def _of_run(row: int, columns: Iterable[Any], axes: Sequence[Scale], name: str, colour: str) -> go.Scatter:
    """Its line, in this row of the frame."""
    return go.Scatter(
        x=list(range(len(axes))),
        y=[axis.shares[row] for axis in axes],
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={"size": 6, "color": colour},
        text=[f"{plain(str(column), 60)}: {axis.texts[row]}" for column, axis in zip(columns, axes, strict=True)],
        hovertemplate=f"%{{text}}<extra>{plain(name)}</extra>",
    )


def titles_of(columns: Sequence[str]) -> list[str]:
    """The ends of the params' paths, as short as they can be told apart; the last, the result, in bold."""
    *params, result = columns
    short = short_names(params)
    metric, _, kind = result.rpartition(" ")
    lines = [plain(metric, _TITLE), plain(kind)] if metric else [plain(kind, _TITLE)]  # of a sweep's goal no kind
    return [*(plain(title, _TITLE) for title in short), f"<b>{'<br>'.join(lines)}</b>"]


def short_names(params: Sequence[str]) -> list[str]:
    """The ends of their paths that tell them apart and say something."""
    leaves = [param.rpartition(".")[2] for param in params]
    return [
        leaf if leaves.count(leaf) == 1 and leaf not in _SHARED else ".".join(param.split(".")[-2:])
        for leaf, param in zip(leaves, params, strict=True)
    ]


def _tick(place: int, share: float, text: str, *, outside: bool) -> dict[str, Any]:
    """A label beside its axis; beyond the last one there are no lines."""
    side: dict[str, Any] = {"xanchor": "left", "xshift": 7} if outside else {"xanchor": "right", "xshift": -5}
    return {"x": place, "y": share, "text": text, "showarrow": False, "borderpad": 1, "font": _SMALL, **side}


def _line(place: int, axis: Scale) -> list[dict[str, Any]]:
    """The axis itself, dotted down to what it cannot show."""
    line = {"type": "line", "x0": place, "x1": place, "layer": "below"}
    found: list[dict[str, Any]] = [{**line, "y0": 0, "y1": 1, "line": {"width": 1, "color": _NEUTRAL}}]
    if axis.places:
        lowest = min(share for share, _ in axis.places)
        found.append({**line, "y0": lowest, "y1": 0, "line": {"width": 1, "color": _NEUTRAL, "dash": "dot"}})
    return found


def _coloured(place: int) -> list[dict[str, Any]]:
    """The axis of the results in the colours that lines have by it."""
    return [
        {
            "type": "line",
            "x0": place,
            "x1": place,
            "y0": piece / _PIECES,
            "y1": (piece + 1) / _PIECES,
            "layer": "below",
            "line": {"width": 5, "color": scale_colour((piece + 0.5) / _PIECES)},
        }
        for piece in range(_PIECES)
    ]


def _meta(frame: pd.DataFrame, axes: Sequence[Scale]) -> dict[str, Any]:
    """For the browser: the runs by line, and by axis its column and what its shares stand for."""
    return {
        "ids": [int(run_id) for run_id in frame.index],
        "axes": [
            {
                "key": str(column),
                "low": axis.low,
                "span": axis.span,
                # Ranges on an axis that has become another are not kept.
                "kind": axis.kind if axis.kind != "category" else "\n".join(dict.fromkeys(sorted(axis.texts))),
            }
            for column, axis in zip(frame.columns, axes, strict=True)
        ],
    }
