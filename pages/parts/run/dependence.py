"""What the answer does over the values of a feature: of a row on Try it, and over the test set on Evaluation."""

from collections.abc import Sequence

import streamlit as st

from core import charts
from core.charts.dependence_chart import dependence_figure
from core.common.text import quantity
from core.jobs.explanation import Dependence
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.shared.format import literal

_MEANING = (
    "The line is the mean answer when so many test rows have this value and keep all others; grey are some of these "
    "rows by themselves. Below is how often the values occur. Where features hang together, some of these rows are "
    "such as never occur, and the line is less to be believed."
)


def draw_dependence(run: RunRecord, found: Sequence[Dependence], key: str, *, is_share: bool) -> None:
    """One feature at a time, of one class or number.

    Args:
        is_share: the answer is a probability.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by_name = {each.feature: each for each in found}
        feature = by_name[st.selectbox("Feature", list(by_name), key=f"{key}_feature", width=240)]
        outputs = {each.name: each for each in feature.lines}
        name = next(iter(outputs))
        if len(outputs) > 1:
            name = st.selectbox("Class", list(outputs), key=f"{key}_class", width=180)
    lines = outputs[name]
    low, high = min(lines.mean), max(lines.mean)
    alt = f"{feature.feature}: the mean answer goes from {quantity(low, 3)} to {quantity(high, 3)}"
    title = f"Probability of {name}" if is_share else name
    figure = dependence_figure(feature, lines, title, charts.run_colour(run.id))
    chart(figure, key=f"{key}_chart", alt=literal(alt))
    own = " Dashed is this row; the mark is its value." if lines.own else ""
    st.caption(f"{_MEANING}{own}")
