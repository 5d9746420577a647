"""What data look like: how many examples each class has, how values spread, which tokens are frequent."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import plotly.graph_objects as go

from core.charts.colours import run_colour
from core.charts.layout import HEIGHT, blank
from core.charts.wording import plain
from core.common.text import quantity, significant

_LYING_MOST = 25  # classes whose names stand beside their bars; of more, they stand below
_ROW = 24  # pixels
_AROUND = 70


def class_balance(names: Sequence[str], parts: Mapping[str, Sequence[int]]) -> go.Figure:
    """A bar a class and part: examples by the name of the part, in the order of `names`."""
    lying = len(names) <= _LYING_MOST
    height = _AROUND + _ROW * len(names) * max(1, len(parts)) // 2 + 40 if lying else HEIGHT
    figure = blank("classes", height, barmode="group", bargap=0.25, hovermode="closest")
    places = list(range(len(names)))
    whole = [plain(name, 120) for name in names]
    for number, (part, counts) in enumerate(parts.items(), start=1):
        place, amount = ({"y": places}, {"x": list(counts)}) if lying else ({"x": places}, {"y": list(counts)})
        figure.add_trace(
            go.Bar(
                **place,
                **amount,
                name=part,
                orientation="h" if lying else "v",
                marker={"color": run_colour(number), "line": {"width": 0}},
                customdata=whole,
                hovertemplate="%{customdata}: %{value:,}<extra>" + plain(part) + "</extra>",
            )
        )
    figure.update_layout(
        showlegend=len(parts) > 1,
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )
    counted, named = (figure.update_xaxes, figure.update_yaxes) if lying else (figure.update_yaxes, figure.update_xaxes)
    counted(title_text="Examples", showgrid=True, rangemode="tozero")
    named(tickvals=places, ticktext=[plain(name, 24) for name in names], showgrid=False)
    if lying:
        figure.update_yaxes(autorange="reversed")
    return figure


def histogram(edges: Sequence[float], counts: Sequence[int], *, x_title: str, y_title: str = "Examples") -> go.Figure:
    """Bars between the edges, of which there is one more than counts."""
    figure = blank(f"histogram|{x_title}", 260, hovermode="closest", bargap=0)
    pairs = list(pairwise(edges))
    digits = significant(edges)
    figure.add_trace(
        go.Bar(
            x=[(low + high) / 2 for low, high in pairs],
            y=list(counts),
            width=[(high - low) * 0.94 or 0.94 for low, high in pairs],
            marker={"color": run_colour(1), "line": {"width": 0}},
            customdata=[[quantity(low, digits), quantity(high, digits)] for low, high in pairs],
            hovertemplate="%{customdata[0]} to %{customdata[1]}: %{y:,}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text=plain(x_title, 60))
    figure.update_yaxes(title_text=y_title, rangemode="tozero")
    return figure


def frequent(pairs: Sequence[tuple[str, int]], *, x_title: str = "Times") -> go.Figure:
    """A bar for each text with how often it occurs, in the order given."""
    figure = blank(f"frequent|{x_title}", _AROUND + _ROW * len(pairs), hovermode="closest", bargap=0.3)
    figure.add_trace(
        go.Bar(
            x=[count for _, count in pairs],
            y=list(range(len(pairs))),
            orientation="h",
            marker={"color": run_colour(1), "line": {"width": 0}},
            text=[plain(text or "(empty)", 24) for text, _ in pairs],
            textposition="none",
            hovertemplate="%{text}: %{x:,}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text=x_title, showgrid=True, rangemode="tozero")
    figure.update_yaxes(
        tickvals=list(range(len(pairs))),
        ticktext=[plain(text or "(empty)", 24) for text, _ in pairs],
        autorange="reversed",
        showgrid=False,
    )
    return figure
