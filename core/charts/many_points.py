"""Thousands of points in one picture: how many lie where, since marks would only cover each other."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.colours import faint

_COLUMNS, _ROWS = 90, 40
_FAINTEST, _STRONGEST = 0.12, 0.75  # opacity of a cell with one point, and of the fullest
_TAIL = 0.005  # of the points at either end
_FAR = 3.0  # times the spread of the others, from which on such an end would flatten them


def add_density(
    figure: go.Figure, x: Sequence[float], y: Sequence[float], colour: str, kept: Sequence[float], what: str = "trials"
) -> None:
    """Cells with how many of the points lie in each, the fuller the stronger; blank where there are none. A few that
    lie far above or below all others are counted at the edge.

    Args:
        x, y: of each point, finite; at least one.
        kept: values of y that lie within the picture in any case.
    """
    up = np.asarray(y, float)
    low, high = _range(up, np.asarray(kept, float))
    counts, edges, levels = np.histogram2d(np.asarray(x, float), up, (_COLUMNS, _ROWS), (_span(x), (low, high)))
    strength = np.log1p(counts.T) / np.log1p(counts.max())
    figure.add_trace(
        go.Heatmap(
            x=_middles(edges), y=_middles(levels), z=np.where(counts.T > 0, strength, np.nan).astype(np.float32),
            customdata=counts.T.astype(int).tolist(), zmin=0, zmax=1, hoverongaps=False, showscale=False,
            colorscale=[[0, faint(colour, _FAINTEST)], [1, faint(colour, _STRONGEST)]],
            hovertemplate=f"%{{customdata}} {what}<extra></extra>",
        )
    )  # fmt: skip
    room = 0.04 * (high - low)
    figure.update_yaxes(range=[low - room, high + room])
    for count, place, text in ((np.sum(up > high), 1, "higher"), (np.sum(up < low), 0, "lower")):
        if count:
            figure.add_annotation(
                x=1, y=place, xref="paper", yref="paper", text=f"{count:,} {text}", showarrow=False, xanchor="right",
                yanchor="top" if place else "bottom", font={"size": 11},
            )  # fmt: skip


def _range(y: NDArray[np.float64], kept: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(y, (_TAIL, 1 - _TAIL))
    spread = (high - low) or 1.0
    near = y[(y >= low - _FAR * spread) & (y <= high + _FAR * spread)]
    return _span(np.concatenate([near, kept]))


def _span(values: Sequence[float] | NDArray[np.float64]) -> tuple[float, float]:
    low, high = float(min(values)), float(max(values))
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def _middles(edges: NDArray[np.float64]) -> list[float]:
    return [float(each) for each in (edges[:-1] + edges[1:]) / 2]
