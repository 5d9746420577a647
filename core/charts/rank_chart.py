"""Mean ranks of several, each with half the critical difference to both sides: what does not overlap differs."""

from collections.abc import Mapping

import plotly.graph_objects as go

from core.charts.colours import colours_apart
from core.charts.layout import blank
from core.charts.wording import plain
from core.verdicts.several import Several

_ROW, _REST = 30, 70  # pixels
_BAND = "rgba(128, 140, 146, 0.16)"


def rank_chart(found: Several, names: Mapping[int, str]) -> go.Figure:
    """A row a side, the best rank at the top; shaded is where whatever begins cannot be told from the first.

    Args:
        names: of the sides, by their ids.

    Raises:
        ValueError: there are no ranks.
    """
    if found.ranking is None:
        raise ValueError(f"Ranks are drawn where there are some; received none: {found.reason}")
    colours, half = colours_apart(sorted(found.sides)), found.ranking.critical / 2
    figure = blank(f"ranks-{found.metric}", _REST + _ROW * len(found.sides), showlegend=False)
    first = found.ranking.ranks[0]
    if found.is_found:
        figure.add_vrect(x0=first - half, x1=first + half, fillcolor=_BAND, line_width=0, layer="below")
    for side, rank in zip(found.sides, found.ranking.ranks, strict=True):
        colour = colours[side]
        figure.add_trace(
            go.Scatter(
                x=[rank], y=[plain(f"{names[side]}", 40)], mode="markers",
                error_x={"type": "constant", "value": half, "color": colour, "thickness": 2, "width": 5},
                marker={"size": 10, "color": colour, "symbol": "circle" if side in found.best else "circle-open"},
                hovertemplate=f"{plain(names[side])}: mean rank {rank:.2f}<extra></extra>",
            )
        )  # fmt: skip
    figure.update_xaxes(title_text=f"Mean rank by {found.metric}, 1 the best", zeroline=False)
    figure.update_yaxes(autorange="reversed", type="category")
    return figure
