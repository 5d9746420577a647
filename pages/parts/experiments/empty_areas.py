"""Which areas of the space were never tried, two params at a time."""

import streamlit as st

from core import charts
from core.comparison.whole_experiment import Ranked
from pages.frontend.chart import chart
from pages.parts.experiments.launch_link import launch_link
from pages.shared.format import literal


def draw_empty_areas(found: Ranked) -> None:
    """Nothing where fewer than two params were varied in all configs."""
    made = found.coverage
    if not made:
        return
    st.subheader("Empty areas", anchor=False)
    chosen = st.selectbox(
        "Params", range(len(made)), key="experiment_empty_areas", width=380,
        format_func=lambda place: f"{made[place].title} ({made[place].empty} of {made[place].counts.size} empty)",
    )  # fmt: skip
    shown = made[min(chosen, len(made) - 1)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(literal(shown.told), width="content")
        if shown.changes:
            launch_link(found.groups[0], shown.changes)
    chart(charts.coverage(shown), key="experiment_empty_chart", alt=f"Configs by {shown.title}. {shown.told}")
    st.caption("How many configs have a value there; the best one is in the framed cell.")
