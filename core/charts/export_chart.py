"""A version's exports: how good against how large, or how slow; those that no other beats joined by a line."""

import math
from collections.abc import Collection, Sequence
from typing import Any

import plotly.graph_objects as go

from core.charts.layout import blank
from core.models.trade_off import By, Choice, front

_TITLES: dict[By, str] = {
    "size": "Size of the network, KiB",
    "zipped": "Size of the network once zipped, KiB",
    "latency": "Milliseconds for an example, on one thread",
}
_BEST, _OTHER, _BAR = "#1f9a8f", "#8a8f98", "rgba(128, 140, 146, 0.5)"
_KIB = 1024
_FEW = 3  # of the best, past which only the first and the last of their line have a label
_MANY = 20  # points, past which only the best have their interval drawn


def export_chart(found: Sequence[Choice], by: By) -> go.Figure | None:
    """None where fewer than two have both a figure and a cost."""
    shown = [(each, cost / (1 if by == "latency" else _KIB)) for each in found if each.value is not None
             and (cost := each.cost(by))]  # fmt: skip
    if len(shown) < 2:
        return None
    best = front(found, by)
    figure = blank(f"exports-{by}", showlegend=False)
    line = sorted((cost, each.value) for each, cost in shown if each.name in best)
    figure.add_trace(
        go.Scatter(
            x=[cost for cost, _ in line], y=[value for _, value in line], mode="lines", hoverinfo="skip",
            line={"color": _BEST, "width": 1.5, "dash": "dot"},
        )
    )  # fmt: skip
    ends = [each.name for each, _ in sorted(shown, key=lambda each: each[1]) if each.name in best]
    named = set(ends if len(ends) <= _FEW else (ends[0], ends[-1]))
    places = _label_places([(each.name, cost) for each, cost in shown], best)
    spread = [
        (
            (each.interval if len(shown) <= _MANY or each.name in best else None) or (each.value, each.value),
            each.value or 0,
        )
        for each, _ in shown
    ]
    figure.add_trace(
        go.Scatter(
            x=[cost for _, cost in shown],
            y=[each.value for each, _ in shown],
            error_y={
                "type": "data", "symmetric": False, "color": _BAR, "width": 0, "thickness": 1.5,
                "array": [(span[1] or 0.0) - value for span, value in spread],
                "arrayminus": [value - (span[0] or 0.0) for span, value in spread],
            },
            mode="markers+text",
            text=[each.title if each.name in named else "" for each, _ in shown],
            textposition=[places[each.name] for each, _ in shown],
            cliponaxis=False,
            customdata=[each.title for each, _ in shown],
            hovertemplate="%{customdata}: %{y:.4g} at %{x:.3g}<extra></extra>",
            marker={
                "size": 11,
                "symbol": ["circle" if each.name else "diamond-open" for each, _ in shown],
                "color": [_BEST if each.name in best else _OTHER for each, _ in shown],
            },
        )
    )  # fmt: skip
    figure.update_xaxes(title_text=_TITLES[by], type="log", **_ticks([cost for _, cost in shown]))
    metric = found[0].metric
    figure.update_yaxes(title_text=f"{metric[:1].upper()}{metric[1:]} on the test set")
    return figure


def _label_places(shown: Sequence[tuple[str, float]], best: Collection[str]) -> dict[str, str]:
    """Beside the points, in turn above and below, towards the middle."""
    logs = [math.log10(cost) for _, cost in shown]
    low, span = min(logs), max(logs) - min(logs) or 1.0
    ranked = [name for name, _ in sorted(shown, key=lambda each: each[1]) if name in best]
    return {
        name: f"{'bottom' if name in ranked[::2] else 'top'} {'left' if log - low > span / 2 else 'right'}"
        for (name, _), log in zip(shown, logs, strict=True)
    }


def _ticks(costs: Sequence[float]) -> dict[str, list[Any]]:
    """1, 2 and 5 of each decade, in full."""
    decades = range(math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs))) + 1)
    values = [factor * 10.0**decade for decade in decades for factor in (1, 2, 5)]
    return {"tickvals": values, "ticktext": [f"{value:.10g}" for value in values]}
