"""What is marked on the curves of one run."""

import pandas as pd
import pytest

from core import charts
from core.charts.layout import blank


def frame(loss: list[float], val_loss: list[float]) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"x": range(1, len(values) + 1), "value": values, "metric": metric})
        for metric, values in (("loss", loss), ("val_loss", val_loss))
    ]
    return pd.concat(parts, ignore_index=True)


FALLING = [1.0, 0.8, 0.6, 0.4, 0.3, 0.2, 0.1]


@pytest.mark.parametrize(
    ("loss", "val_loss", "start"),
    [
        (FALLING, [1.0, 0.8, 0.7, 0.8, 0.9, 1.0, 1.1], 3),
        (FALLING, [1.0, 0.8, 0.7, 0.65, 0.6, 0.6, 0.59], None),  # goes on getting better
        (FALLING, [1.0, 0.8, 0.7, 0.71, 0.7, 0.71, 0.72], None),  # as good as it was
        (FALLING, [1.0, 0.8, 0.7, 0.71, 1.9, 0.7, 0.71], None),  # one odd epoch
        ([0.5] * 7, [1.0, 0.8, 0.7, 0.8, 0.9, 1.0, 1.1], None),  # nothing is learned: it is something else
        (FALLING[:3], [1.0, 0.7, 0.9], None),  # too few to tell
        (FALLING, [float("nan")] * 7, None),
        (FALLING, [], None),
        ([], FALLING, None),
    ],
)
def test_overfitting_is_a_validation_loss_that_stays_worse_while_training_goes_on(
    loss: list[float], val_loss: list[float], start: float | None
) -> None:
    assert charts.overfits_from(frame(loss, val_loss)) == start


def test_marks_lie_where_they_are_said_to() -> None:
    figure = blank("x")
    charts.mark_best(figure, 3, "best, epoch 3", (1, 7))
    charts.mark_overfitting(figure, 3, 7)
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(3, 3), (3, 7)]
    assert [note.text for note in figure.layout.annotations] == ["best, epoch 3", "overfits"]


@pytest.mark.parametrize(("x", "anchor"), [(1, "left"), (4, "center"), (7, "right")])
def test_words_at_a_mark_are_above_the_curves_and_within_the_chart(x: float, anchor: str) -> None:
    figure = blank("x")
    charts.mark_best(figure, x, "best", (1, 7))
    [note] = figure.layout.annotations
    assert (note.xanchor, note.y, note.yanchor) == (anchor, 1, "bottom")
    assert figure.layout.margin.t > blank("x").layout.margin.t
