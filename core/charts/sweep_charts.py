"""A sweep in pictures: best so far, slices, two fields, importance, Pareto front."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.charts.colours import faint, scale_colour
from core.charts.layout import HEIGHT, blank, with_legend
from core.charts.many_points import add_density
from core.charts.scales import Scale, scale_of
from core.charts.trial_points import DRAWN_STATES, STATE_COLOURS, are_by_hand, state_told, symbols, trial_points
from core.charts.wording import plain

_BEST = "#1f9a8f"
_CROWD = "#8a8f98"
_EACH = 12  # trials that are numbered each
_FAINTEST = 0.35  # of a trial among later ones
_CELLS = 32  # of the landscape, a side
_NEAR = 0.12  # of an axis: how far a trial's result reaches in the landscape


def best_so_far(frame: pd.DataFrame, goal: str, height: int = HEIGHT, marked: pd.DataFrame | None = None) -> go.Figure:
    """A point a trial, and the line of the best. `frame` is core.comparison.sweep_frames.trial_frame's; `marked` has
    those rows of it that are points where all of them would be too many, as in all pictures here.
    """
    figure = blank(f"best-{goal}", height, hovermode="closest")
    points = _with_density(figure, frame, marked, goal, frame["number"])
    for state in DRAWN_STATES:
        some = points[(points["state"] == state) & points[goal].notna()]
        if len(some):
            figure.add_trace(
                trial_points(some, some["number"], some[goal], state, f"trial %{{x}}: {plain(goal)} %{{y:.5~g}}")
            )
    known = frame[frame["best"].notna()]
    steps = known[known["best"].ne(known["best"].shift()) | (known["number"] == known["number"].max())]
    figure.add_trace(
        go.Scatter(
            x=list(steps["number"]), y=list(steps["best"]), mode="lines", name="best so far", hoverinfo="skip",
            line={"color": _BEST, "width": 2, "shape": "hv"},
        )
    )  # fmt: skip
    figure.update_xaxes(title_text="Trial", dtick=1 if len(frame) <= _EACH else None)
    figure.update_yaxes(title_text=plain(goal, 40))
    return with_legend(figure)


def sliced(
    frame: pd.DataFrame,
    field: str,
    goal: str,
    logs: Mapping[str, bool],
    height: int = HEIGHT,
    marked: pd.DataFrame | None = None,
) -> go.Figure:
    """Results against one field; the later a trial, the stronger its colour. `logs` as `parallel` takes them."""
    known = frame[frame[goal].notna()].reset_index(drop=True)
    figure = blank(f"slice-{field}-{goal}", height, hovermode="closest", showlegend=False)
    scale = scale_of(known[field], log=logs.get(field))
    last = max(1, int(frame["number"].max() or 1))
    some = _with_density(figure, known, marked, goal, pd.Series(scale.shares))
    rows = list(some.index)
    strength = _FAINTEST + (1 - _FAINTEST) * some["number"] / last
    figure.add_trace(
        go.Scatter(
            x=[scale.shares[row] for row in rows],
            y=list(some[goal]),
            mode="markers",
            marker={
                "size": 9,
                "color": [faint(STATE_COLOURS[each], much) for each, much in zip(some["state"], strength, strict=True)],
                "symbol": symbols(some),
            },
            customdata=[(some["number"][row], scale.texts[row], state_told(some, row)) for row in rows],
            hovertemplate=f"trial %{{customdata[0]}}, %{{customdata[2]}}<br>{plain(field)} %{{customdata[1]}}<br>"
            f"{plain(goal)} %{{y:.5~g}}<extra></extra>",
        )
    )
    _axis(figure.update_xaxes, scale, field)
    figure.update_yaxes(title_text=plain(goal, 40))
    return figure


def landscape(
    frame: pd.DataFrame,
    fields: tuple[str, str],
    goal: str,
    logs: Mapping[str, bool],
    height: int = HEIGHT,
    marked: pd.DataFrame | None = None,
) -> go.Figure | None:
    """Results over two fields: colours between trials are the mean of those nearby, weighted by nearness, and fade
    where there are none; of names, between which nothing lies, there are cells. None of fewer than three trials.
    `logs` as `parallel` takes them.
    """
    some = frame[frame[goal].notna()].reset_index(drop=True)
    if len(some) < 3:
        return None
    x, y = (scale_of(some[field], log=logs.get(field)) for field in fields)
    values = some[goal].to_numpy(float)
    low, high = np.quantile(values, (0.0, 0.9))  # a few that failed to learn would take all of the colours
    figure = blank(f"landscape-{fields}-{goal}", height, hovermode="closest", showlegend=False)
    figure.add_trace(_surface(x, y, np.clip(values, low, high), (float(low), float(high)), goal))
    points = some if marked is None else some[some["number"].isin(marked["number"])]
    rows = list(points.index)
    figure.add_trace(
        go.Scatter(
            x=[x.shares[row] for row in rows],
            y=[y.shares[row] for row in rows],
            mode="markers",
            marker={
                "size": 7,
                "color": "rgba(255,255,255,0.8)",
                "line": {"width": 1.5, "color": "#3b4248"},
                "symbol": ["diamond" if by_hand else "circle" for by_hand in are_by_hand(points)],
            },
            customdata=[(some["number"][row], x.texts[row], y.texts[row], values[row]) for row in rows],
            hovertemplate=f"trial %{{customdata[0]}}<br>{plain(fields[0])} %{{customdata[1]}}<br>{plain(fields[1])} "
            f"%{{customdata[2]}}<br>{plain(goal)} %{{customdata[3]:.5~g}}<extra></extra>",
        )
    )
    _axis(figure.update_xaxes, x, fields[0], beyond=_half(x))
    _axis(figure.update_yaxes, y, fields[1], beyond=_half(y))
    return figure


def _half(scale: Scale) -> float:
    """Of a cell of a name, in shares of the axis; 0 of numbers."""
    names = {share for share in scale.shares if share >= 0}
    return 0.5 / max(1, len(names) - 1) if scale.kind == "category" else 0.0


def _nearness(scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Places along an axis, and how near each trial is to each; of names there is no nearness but the same one."""
    shares = np.array(scale.shares)
    if scale.kind == "category":
        names = np.unique(shares[shares >= 0])
        return names, (names[:, None] == shares).astype(float)
    grid = np.linspace(0, 1, _CELLS)
    return grid, np.exp(-((grid[:, None] - shares) ** 2) / (2 * _NEAR**2))


def _surface(x: Scale, y: Scale, values: np.ndarray, span: tuple[float, float], goal: str) -> go.Heatmap:
    # Nearness to a trial is that across times that up: two thin tables, for a weight of each cell and trial.
    (columns, across), (rows, up) = _nearness(x), _nearness(y)
    total = up @ across.T
    heights = np.where(total > 0.05, (up * values) @ across.T / np.maximum(total, 1e-9), np.nan)
    colours = [[share, scale_colour(share)] for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    return go.Heatmap(
        x=_edges(x, columns), y=_edges(y, rows),
        z=[[None if math.isnan(z) else z for z in row] for row in heights.tolist()],
        zmin=span[0], zmax=span[1] if span[1] > span[0] else span[0] + 1e-9, colorscale=colours, hoverinfo="skip",
        opacity=0.75, colorbar={"title": {"text": plain(goal, 20)}, "thickness": 12, "len": 0.9},
    )  # fmt: skip


def field_importance(
    shares: Mapping[str, Mapping[str, tuple[float, float, float]]], titles: Mapping[str, str]
) -> go.Figure:
    """A bar for each field and measure, with its interval."""
    first = next(iter(shares.values()), {})
    fields = sorted({field for each in shares.values() for field in each}, key=lambda name: first.get(name, (0.0,))[0])
    figure = blank("importance", max(160, 60 + 46 * len(fields)), barmode="group", bargap=0.3)
    for name, colour in zip(shares, (_BEST, STATE_COLOURS["finished"]), strict=False):
        known = [field for field in fields if field in shares[name]]
        figure.add_trace(
            go.Bar(
                orientation="h",
                y=[plain(field, 40) for field in known],
                x=[shares[name][field][0] for field in known],
                error_x={
                    "type": "data", "symmetric": False, "color": "#8a8f98", "thickness": 1.5, "width": 3,
                    "array": [max(0.0, shares[name][field][2] - shares[name][field][0]) for field in known],
                    "arrayminus": [max(0.0, shares[name][field][0] - shares[name][field][1]) for field in known],
                },
                name=titles[name],
                marker_color=colour,
                hovertemplate="%{y}: %{x:.1%}<extra>" + titles[name] + "</extra>",
            )
        )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    return with_legend(figure)


def pareto(
    frame: pd.DataFrame,
    goals: tuple[str, str],
    front: Sequence[int],
    height: int = HEIGHT,
    marked: pd.DataFrame | None = None,
) -> go.Figure:
    """Two goals; the trials of the front joined by a line."""
    figure = blank(f"pareto-{goals}", height, hovermode="closest")
    some = frame[(frame["state"] == "finished") & frame[goals[0]].notna() & frame[goals[1]].notna()]
    best = some[some["number"].isin(list(front))].sort_values(goals[0])
    points = _with_density(figure, some, marked, goals[1], some[goals[0]], list(best[goals[1]]))
    others = points[~points["number"].isin(list(front))]
    told = f"trial %{{customdata}}<br>{plain(goals[0])} %{{x:.5~g}}<br>{plain(goals[1])} %{{y:.5~g}}"
    for part, name, mode in ((others, "others", "markers"), (best, "Pareto front", "lines+markers")):
        figure.add_trace(
            go.Scatter(
                x=list(part[goals[0]]), y=list(part[goals[1]]), mode=mode, name=name, customdata=list(part["number"]),
                hovertemplate=told + "<extra></extra>", line={"width": 1.5, "dash": "dot", "color": _BEST},
                marker={
                    "size": 10, "color": _BEST if name != "others" else "#8a8f98",
                    "symbol": ["diamond" if by_hand else "circle" for by_hand in are_by_hand(part)],
                },
            )
        )  # fmt: skip
    figure.update_xaxes(title_text=plain(goals[0], 40))
    figure.update_yaxes(title_text=plain(goals[1], 40))
    return with_legend(figure)


def _with_density(
    figure: go.Figure,
    frame: pd.DataFrame,
    marked: pd.DataFrame | None,
    goal: str,
    across: pd.Series,
    kept: Sequence[float] = (),
) -> pd.DataFrame:
    """The rows that are points: all, or those of `marked`, above cells that tell how many lie where."""
    known = frame[frame[goal].notna()]
    if marked is None or len(known) <= len(marked):
        return frame
    points = frame[frame["number"].isin(marked["number"])]
    add_density(figure, list(across[known.index]), list(known[goal]), _CROWD, [*points[goal].dropna(), *kept])
    return points


def _edges(scale: Scale, places: np.ndarray) -> list[float]:
    """Of cells of names; of numbers their places themselves."""
    half = _half(scale)
    return [float(places[0]) - half, *(places + half).tolist()] if half and len(places) else places.tolist()


def _axis(update: object, scale: Scale, field: str, beyond: float = 0.0) -> None:
    low = min([-beyond, *(place for place, _ in scale.places)])
    ticks = {"tickvals": [share for share, _ in scale.ticks], "ticktext": [text for _, text in scale.ticks]}
    update(title_text=plain(field, 40), range=[low - 0.05, 1.05 + beyond], showgrid=False, zeroline=False, **ticks)  # type: ignore[operator]
