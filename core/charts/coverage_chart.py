"""How many configs lie where two params meet: what is blank was never tried."""

import numpy as np
import plotly.graph_objects as go

from core.charts.colours import faint, scale_colour
from core.charts.layout import blank
from core.charts.wording import plain
from core.comparison.coverage import Coverage

_ROW, _REST = 34, 90  # pixels
_COLOUR = scale_colour(0.5)
_STRONGEST = 0.62  # opacity of the fullest cell: what is written on it stays readable in either theme
_FRAME = "#d4622a"


def coverage(found: Coverage) -> go.Figure:
    """Cells by x and y with their counts; a frame around the one of the best config."""
    counts = found.counts
    figure = blank(f"coverage-{found.title}", _REST + _ROW * len(found.y.names), hovermode="closest", showlegend=False)
    x, y = (f"{plain(each.param.rpartition('.')[2])}" for each in (found.x, found.y))
    figure.add_trace(
        go.Heatmap(
            z=np.where(counts > 0, counts, np.nan).astype(np.float32), hoverongaps=False, showscale=False,
            colorscale=[[0, faint(_COLOUR, 0.08)], [1, faint(_COLOUR, _STRONGEST)]], zmin=0, zmax=int(counts.max()),
            xgap=1, ygap=1, hovertemplate="%{z} configs<extra></extra>",
        )
    )  # fmt: skip
    rows, columns = np.indices(counts.shape)
    figure.add_trace(
        go.Scatter(
            x=columns.ravel(), y=rows.ravel(), mode="text", hoverinfo="skip",
            text=[f"{count:,}" if count else "·" for count in counts.ravel().tolist()],
        )
    )  # fmt: skip
    row, column = found.best
    edges = {"x0": column - 0.48, "x1": column + 0.48, "y0": row - 0.46, "y1": row + 0.46}
    figure.add_shape(type="rect", **edges, line={"color": _FRAME, "width": 2})
    for update, places, title in ((figure.update_xaxes, found.x, x), (figure.update_yaxes, found.y, y)):
        names = [plain(name, 18) for name in places.names]
        update(title_text=title, tickvals=list(range(len(names))), ticktext=names, showgrid=False, zeroline=False)
    figure.update_layout(dragmode=False)
    return figure
