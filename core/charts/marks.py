"""What is marked on the curves of one run: where it was best, and from where on it only learned by heart."""

import pandas as pd
import plotly.graph_objects as go

_GREY = "rgba(128, 128, 128, 0.8)"
_WORSE = "rgba(214, 140, 40, 0.13)"
_CLEAR = 1.05  # times its best that a validation loss ends at, to be called worse
_FEWEST = 3  # points after the best by which that is told
_ROW = 15  # pixels of a line of words above the plot, where no curve runs through them
_EDGE = 0.15  # of the width, within which words stand on the inner side of what they are about


def mark_best(figure: go.Figure, x: float, text: str, span: tuple[float, float]) -> None:
    """A dotted line where the run was best.

    Args:
        span: of what is drawn, on the x-axis.
    """
    figure.add_vline(x, line={"color": _GREY, "width": 1, "dash": "dot"}, layer="below")
    share = (x - span[0]) / max(span[1] - span[0], 1e-12)
    _above(figure, x, text, "left" if share < _EDGE else "right" if share > 1 - _EDGE else "center", row=0)


def mark_overfitting(figure: go.Figure, start: float, end: float) -> None:
    """A band over what came after the validation loss was best."""
    figure.add_vrect(start, end, fillcolor=_WORSE, line_width=0, layer="below")
    _above(figure, end, "overfits", "right", row=1)


def _above(figure: go.Figure, x: float, text: str, anchor: str, row: int) -> None:
    figure.add_annotation(
        x=x, y=1, yshift=_ROW * row, xref="x", yref="paper", text=text, showarrow=False, xanchor=anchor,
        yanchor="bottom", font={"size": 11},
    )  # fmt: skip
    figure.update_layout(margin={"t": max(figure.layout.margin.t or 0, _ROW * (row + 1) + 4)})


def overfits_from(frame: pd.DataFrame) -> float | None:
    """The x of the best validation loss, where it is clearly worse at the end while the training loss went on falling.

    Both at the end are the median of the last half of what came after the best, so that one odd epoch tells nothing.

    Args:
        frame: rows of a run ordered by x, with the columns metric ("loss", "val_loss"), x and value.
    """
    held = frame[frame["metric"] == "val_loss"].dropna(subset=["value"])
    learned = frame[frame["metric"] == "loss"].dropna(subset=["value"])
    if held.empty or learned.empty:
        return None
    place = int(held["value"].to_numpy().argmin())
    best_x, best = float(held["x"].to_numpy()[place]), float(held["value"].to_numpy()[place])
    after, before = held[held["x"] > best_x], learned[learned["x"] <= best_x]
    if len(after) < _FEWEST or before.empty or best <= 0:
        return None
    ended = after["value"].tail(-(-len(after) // 2)).median()
    trained = learned[learned["x"] >= after["x"].iloc[len(after) // 2]]["value"].median()
    worse = ended > _CLEAR * best and trained < before["value"].iloc[-1]
    return best_x if worse else None
