"""What speaks for an answer and what against: over a picture, and as bars. Red is for, blue is against."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from core.charts.layout import blank
from core.charts.wording import plain
from core.common.text import quantity

FOR, AGAINST = (214, 48, 49), (38, 120, 222)  # readable on white and on near-black
_BAR = 26  # pixels
_FAINTEST = 0.62  # of what the heat leaves of a picture's contrast
_POWER = 0.75  # of a share, as its opacity: what is weak can still be seen


def heat_over(picture: Image.Image, heat: Sequence[Sequence[float]], side: int) -> Image.Image:
    """The picture in grey with the map over it, about `side` pixels large, each place of the map a block."""
    values = np.array(heat, np.float64)
    peak = float(np.abs(values).max()) or 1.0
    factor = max(1, side // max(values.shape))
    size = values.shape[1] * factor, values.shape[0] * factor
    grey = np.asarray(picture.convert("L").resize(size, Image.Resampling.NEAREST), np.float64)[..., np.newaxis]
    grey = 255 * (1 - _FAINTEST) / 2 + _FAINTEST * grey
    strength = ((np.abs(values) / peak) ** _POWER).repeat(factor, axis=0).repeat(factor, axis=1)[..., np.newaxis] * 0.9
    speaks = (values >= 0).repeat(factor, axis=0).repeat(factor, axis=1)[..., np.newaxis]
    colour = np.where(speaks, np.array(FOR), np.array(AGAINST))
    return Image.fromarray((grey * (1 - strength) + colour * strength).round().astype(np.uint8))


def rgb(value: float, peak: float, strongest: float = 0.55) -> str:
    """A CSS colour for a value, transparent at 0; text stays readable on it in either theme."""
    red, green, blue = FOR if value >= 0 else AGAINST
    share = min(1.0, (abs(value) / peak) ** _POWER) if peak else 0.0
    return f"rgba({red}, {green}, {blue}, {strongest * share:.3f})"


def contributions(parts: Sequence[tuple[str, float]], colour: str = "") -> go.Figure:
    """A horizontal bar for each part, the first at the top.

    Args:
        colour: of all bars, where they are not for and against.
    """
    places = list(range(len(parts)))
    values = [value for _, value in parts]
    peak = max(map(abs, values), default=0.0) or 1.0
    figure = blank("contributions", height=_BAR * len(parts) + 30, showlegend=False, bargap=0.3, dragmode=False)
    figure.add_trace(
        go.Bar(
            x=values,
            y=places,
            orientation="h",
            marker={"color": colour or [rgb(value, 0.0 if not value else abs(value), 0.85) for value in values]},
            text=[f"{'+' if value > 0 else '−' if value < 0 else ''}{quantity(abs(value), 2)}" for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=[plain(name, 120) for name, _ in parts],
            hovertemplate="%{customdata}: %{x:.4g}<extra></extra>",
        )
    )
    low = -1.3 * peak if min(values, default=0.0) < 0 else -0.05 * peak
    high = 1.3 * peak if max(values, default=0.0) > 0 else 0.05 * peak
    figure.update_xaxes(range=[low, high], visible=False, fixedrange=True, zeroline=True)
    figure.add_vline(x=0, line={"color": "rgba(128, 140, 146, 0.7)", "width": 1})
    figure.update_yaxes(
        tickvals=places,
        ticktext=[plain(name, 34) for name, _ in parts],
        autorange="reversed",
        showgrid=False,
        fixedrange=True,
    )
    return figure
