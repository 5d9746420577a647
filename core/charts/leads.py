"""How far the best of several leads each of the others, with intervals."""

from collections.abc import Mapping

import plotly.graph_objects as go

from core.charts.colours import colours_apart
from core.charts.layout import blank
from core.charts.wording import plain
from core.verdicts import Verdict
from core.verdicts.figures import in_shares

_ROW, _REST = 34, 88  # pixels
_AXIS = "rgba(128, 140, 146, 0.8)"


def leads(verdict: Verdict, names: Mapping[int, str]) -> go.Figure:
    """A row for each that can be compared, the nearest at the top; right of zero the best is better.

    Args:
        names: of the sides, by their ids.
    """
    shown = [(each, each.estimate) for each in verdict.against if each.estimate]
    is_share = all(in_shares(verdict.metric, each) for each, _ in shown)
    sign = (1 if verdict.goal == "max" else -1) * (100 if is_share else 1)
    colours = colours_apart(sorted({*verdict.repeats, *verdict.aside}))
    figure = blank(f"leads-{verdict.metric}", _REST + _ROW * len(shown), showlegend=False)
    for each, estimate in shown:
        lead, ends = sign * estimate.difference, sorted(sign * end for end in each.interval)
        name, colour = plain(names[each.other], 36), colours[each.other]
        figure.add_trace(
            go.Scatter(
                x=[lead], y=[name], mode="markers",
                error_x={
                    "type": "data", "symmetric": False, "array": [ends[1] - lead], "arrayminus": [lead - ends[0]],
                    "color": colour, "thickness": 2, "width": 5,
                },
                marker={"size": 10, "color": colour, "symbol": "circle" if each.is_sure else "circle-open"},
                hovertemplate=f"{plain(names[each.other])}: {lead:.3g} ({ends[0]:.3g} to {ends[1]:.3g}), "
                f"{'sure' if each.is_sure else 'not decided'}<extra></extra>",
            )
        )  # fmt: skip
    figure.add_vline(x=0, line={"color": _AXIS, "width": 1, "dash": "dot"})
    unit = " in points" if is_share else ""
    figure.update_xaxes(title_text=f"Lead{unit}<br>of {plain(verdict.metric, 24)}", zeroline=False)  # fits on a phone
    figure.update_yaxes(autorange="reversed", type="category")
    return figure
