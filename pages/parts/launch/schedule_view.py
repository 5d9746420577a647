"""The learning rate over the epochs, drawn while it is being edited."""

import plotly.graph_objects as go
from pydantic import ValidationError

from core.charts.layout import blank
from core.config.run import Training
from pages.frontend.chart import chart
from pages.parts.launch import draft

_HEIGHT = 130  # pixels
_POINTS = 200


def draw_schedule() -> None:
    """Nothing as long as something in the training section is wrong."""
    try:
        training = Training.model_validate(draft.raw().get("training"))
    except ValidationError:
        return
    chart(_curve(training), key="launch_schedule", alt="Line chart of the learning rate over the epochs")


def _curve(training: Training) -> go.Figure:
    epochs, rate = training.epochs, training.optimizer.learning_rate
    x = [epochs * point / _POINTS for point in range(_POINTS + 1)]
    figure = blank("schedule", _HEIGHT, margin={"l": 0, "r": 8, "t": 8, "b": 0}, dragmode=False, hovermode="x")
    figure.add_trace(
        go.Scatter(
            x=x,
            y=[rate * training.schedule.factor(epoch, epochs) for epoch in x],
            mode="lines",
            line={"color": "#0f9d94", "width": 2},
            hovertemplate="%{y:.4g}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text="Epoch", fixedrange=True, showgrid=False, hoverformat=".4~g")
    figure.update_yaxes(fixedrange=True, rangemode="tozero", nticks=4, tickformat="~g")
    return figure
