"""What the answer does over the values of one feature, and below it how often these values occur."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.charts.contributions import FOR
from core.charts.layout import blank
from core.charts.wording import plain
from core.jobs.explanation import Dependence, Lines

_FAINT, _COUNTS = "rgba(128, 140, 146, 0.35)", "rgba(128, 140, 146, 0.6)"
_OWN = f"rgb{FOR}"
_BINS = 24
_BELOW, _ABOVE = [0, 0.2], [0.27, 1]  # of the height


def dependence_figure(found: Dependence, lines: Lines, title: str, colour: str) -> go.Figure:
    """The mean over test rows in `colour`, single ones in grey; the explained row dashed, with a mark at its value.

    Args:
        title: of the answer.
    """
    figure = blank(f"dependence|{found.feature}", height=300, showlegend=False, hovermode="closest")
    is_number = not any(isinstance(each, str) for each in found.values)
    x: list[Any] = list(found.values) if is_number else list(range(len(found.values)))
    shown = [f"{each:.5g}" if isinstance(each, float) else plain(each, 60) for each in found.values]

    def line(values: Sequence[float], name: str, **style: Any) -> None:
        figure.add_trace(
            go.Scatter(
                x=x,
                y=list(values),
                mode="lines" if is_number else "lines+markers",
                customdata=shown,
                hovertemplate="%{customdata}: %{y:.4g}" + f"<extra>{name}</extra>",
                line=style,
            )
        )

    for other in lines.others:
        line(other, "a test row", color=_FAINT, width=1)
    line(lines.mean, "mean", color=colour, width=3)
    if lines.own:
        line(lines.own, "this row", color=_OWN, width=2, dash="dash")
        if found.at in found.values:
            place = found.values.index(found.at)
            marker = {"color": _OWN, "size": 10}
            figure.add_trace(go.Scatter(x=[x[place]], y=[lines.own[place]], mode="markers", marker=marker,
                                        hoverinfo="skip"))  # fmt: skip
    figure.add_trace(_counts(found, x, is_number))
    figure.update_yaxes(domain=_ABOVE, zeroline=False, title_text=plain(title, 40))
    figure.update_layout(yaxis2={"domain": _BELOW, "showgrid": False, "showticklabels": False, "fixedrange": True})
    figure.update_xaxes(title_text=plain(found.feature, 60), zeroline=False, anchor="y2")
    if not is_number:
        figure.update_xaxes(tickvals=x, ticktext=[plain(each, 16) for each in shown])
    return figure


def _counts(found: Dependence, x: list[Any], is_number: bool) -> go.Bar:
    """How many of the test rows have about each value."""
    if is_number:
        counts, edges = np.histogram(np.array(found.seen, np.float64), _BINS, range=(min(x), max(x)))
        places, width = (edges[:-1] + edges[1:]) / 2, float(edges[1] - edges[0])
    else:
        known = Counter(found.seen)
        counts, places, width = np.array([known[each] for each in found.values]), np.array(x), 0.8
    return go.Bar(
        x=places.tolist(), y=counts.tolist(), width=width, yaxis="y2", marker={"color": _COUNTS},
        hovertemplate="%{y:,} test rows<extra></extra>",
    )  # fmt: skip
