"""How a trial is drawn as a point: its colour by its state, its shape by whether it ended and who added it."""

import pandas as pd
import plotly.graph_objects as go

from core.sweeps.by_hand import BY_HAND

STATE_COLOURS = {
    "finished": "#4f7fc4",
    "pruned": "#9a6fc4",
    "failed": "#c4574f",
    "running": "#8a8f98",
    "queued": "#8a8f98",
}

DRAWN_STATES = ("finished", "pruned", "running")  # in this order
EARLY = "early, with its result"


def trial_points(some: pd.DataFrame, x: pd.Series, y: pd.Series, state: str, told: str) -> go.Scatter:
    return go.Scatter(
        x=list(x), y=list(y), mode="markers", name=state, hovertemplate=f"{told}<extra>%{{text}}</extra>",
        marker={"size": 8, "color": STATE_COLOURS[state], "symbol": symbols(some)},
        customdata=list(some["run"]), text=[state_told(some, row) for row in some.index],
    )  # fmt: skip


def are_by_hand(some: pd.DataFrame) -> list[bool]:
    """Of trials; of curves, which do not say, none."""
    return [str(each).startswith(BY_HAND) for each in some["origin"]] if "origin" in some else [False] * len(some)


def symbols(some: pd.DataFrame) -> list[str]:
    """Circles, squares of what ended early with its result, diamonds of what was added by hand; rings of what did not
    train to its end.
    """
    pairs = zip(are_by_hand(some), some["early"], strict=True)
    shapes = ["diamond" if by_hand else "square" if early else "circle" for by_hand, early in pairs]
    ended = some["state"] == "finished"
    return [shape if is_over else f"{shape}-open" for shape, is_over in zip(shapes, ended, strict=True)]


def state_told(some: pd.DataFrame, row: int) -> str:
    origin = str(some["origin"][row]) if "origin" in some else ""
    return ", ".join(filter(None, (str(some["state"][row]), EARLY if some["early"][row] else "", origin)))
