"""A column of a served model beside what it was in training: the share of values in each bin."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.charts.layout import blank

_THEN, _NOW = "#8a8f98", "#1f9a8f"
_SMALL, _LONGEST = 220, 18  # pixels high, characters of a name


def drift_chart(
    name: str, labels: Sequence[str], learned: Sequence[int], now: Sequence[int], when: str = "now"
) -> go.Figure:
    """Counts by bin, those that both have none of left out."""
    shown = [at for at, both in enumerate(zip(learned, now, strict=True)) if any(both)]
    figure = blank(f"drift-{name}", _SMALL, barmode="group", bargap=0.25)
    for title, counts, colour in (("in training", learned, _THEN), (when, now, _NOW)):
        total = max(1, sum(counts))
        figure.add_trace(
            go.Bar(
                x=[_short(labels[at]) for at in shown],
                y=[counts[at] / total for at in shown],
                customdata=[labels[at] for at in shown],
                name=title,
                marker_color=colour,
                hovertemplate="%{customdata}: %{y:.1%}<extra>" + title + "</extra>",
            )
        )
    figure.update_xaxes(type="category")
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return figure


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
