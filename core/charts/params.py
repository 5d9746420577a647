"""How a metric depends on one param: a point a run."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from core.charts.colours import colours_apart
from core.charts.layout import HEIGHT, blank
from core.charts.scales import scale_of
from core.charts.wording import plain
from core.common.digits import spans_decades

FAINT = 0.12  # opacity of what is not among the kept


def scatter(
    frame: pd.DataFrame,
    *,
    x_title: str,
    y_title: str,
    height: int = HEIGHT,
    kept: Collection[int] | None = None,
    colours: Mapping[int, str] | None = None,
) -> go.Figure:
    """A point a run in its colour, with the extremes where it stands for several; x is a category where it is text.

    A run without the param has a place of its own, and so has a zero where the others span decades. The last that a
    point keeps with it (customdata) is its run_id.

    Args:
        frame: the columns run_id, run (its name), x, y, low, high, n and missing.
        kept: run_ids; all others are faint. None keeps all.
        colours: of runs, by number; None for those that tell the runs of this chart apart.
    """
    scale = scale_of(frame["x"])
    own = bool(scale.places)  # else Plotly's own axis, with its own ticks
    numeric = pd.api.types.is_numeric_dtype(frame["x"])
    x: list[Any] = list(frame["x"]) if numeric else [plain(str(text)) for text in frame["x"]]
    x = list(scale.shares) if own else x
    figure = blank(f"{x_title}|{y_title}", height, hovermode="closest", showlegend=False)
    run_ids = [int(run_id) for run_id in frame["run_id"]]
    of_run = colours_apart(run_ids) if colours is None else colours
    drawn = [of_run[run_id] for run_id in run_ids]
    several = bool((frame["n"] > 1).any())
    if several:
        figure.add_traces(_spreads(frame, x, drawn))
    counts = [
        _count(count, missing) if several else "" for count, missing in zip(frame["n"], frame["missing"], strict=True)
    ]
    figure.add_trace(
        go.Scatter(
            x=x,
            y=list(frame["y"]),
            mode="markers",
            marker={
                "size": 11,
                "color": drawn,
                "opacity": [1.0 if kept is None or run_id in kept else FAINT for run_id in frame["run_id"]],
            },
            text=[plain(str(run)) for run in frame["run"]],
            customdata=list(zip(scale.texts, counts, run_ids, strict=True)),
            hovertemplate=f"{plain(x_title)} %{{customdata[0]}}<br>{plain(y_title)} %{{y:.5~g}}%{{customdata[1]}}"
            "<extra>%{text}</extra>",
        )
    )
    kind = "category" if not numeric else "log" if spans_decades(list(frame["x"].dropna())) else "linear"
    figure.update_xaxes(title_text=plain(x_title, 60), type="linear" if own else kind)
    if own:
        ticks = {"tickvals": [share for share, _ in scale.ticks], "ticktext": [text for _, text in scale.ticks]}
        figure.update_xaxes(**ticks, range=[min(share for share, _ in scale.places) - 0.08, 1.08])
    figure.update_yaxes(title_text=plain(y_title, 60))
    return figure


def _count(count: int, missing: str) -> str:
    return f" (n={count}{f'; {missing}' if missing else ''})"


def _spreads(frame: pd.DataFrame, x: list[Any], colours: list[str]) -> list[go.Scatter]:
    """From the lowest to the highest value of each group."""
    rows = zip(x, frame["low"], frame["high"], frame["n"], colours, strict=True)
    return [
        go.Scatter(
            x=[place, place], y=[low, high], mode="lines", line={"color": colour, "width": 2}, hoverinfo="skip"
        )
        for place, low, high, count, colour in rows
        if count > 1
    ]  # fmt: skip
