"""What each threshold gives on the validation part: precision, recall and F1 of the second class."""

import plotly.graph_objects as go

from core.charts.layout import blank
from core.evaluation.report import Thresholds

TALL = 340
_LINES = (("Precision", "#3a6fd8", "dash"), ("Recall", "#d4622a", "dot"), ("F1", "#1f9a8f", "solid"))
_GUIDE = {"color": "rgba(128, 140, 146, 0.9)", "width": 1}


def thresholds(chosen: Thresholds) -> go.Figure:
    """Lines over the threshold, with upright ones at 0.5 and at the one that was applied."""
    figure = blank("thresholds", TALL, hovermode="x unified", showlegend=True)
    at, *columns = zip(*chosen.curve, strict=True)
    for (name, colour, dash), values in zip(_LINES, columns, strict=True):
        figure.add_trace(
            go.Scatter(
                x=at,
                y=values,
                name=name,
                mode="lines",
                line={"color": colour, "dash": dash, "width": 3 if name == "F1" else 1.8},
                hovertemplate="%{y:.3f}",
            )
        )
    figure.add_vline(x=0.5, line={**_GUIDE, "dash": "dot"})
    if chosen.threshold != 0.5:
        text = f"{chosen.threshold:.3g}"
        figure.add_vline(x=chosen.threshold, line=_GUIDE, annotation_text=text, annotation_position="top")
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1.25})
    figure.update_xaxes(title_text="Threshold", range=[-0.01, 1.01], hoverformat=".4f")
    figure.update_yaxes(title_text="On the validation part", range=[-0.02, 1.04])
    return figure
