"""Which areas of the space were never tried, two params at a time."""

import streamlit as st

from core import charts
from core.comparison.whole_experiment import Ranked
from pages.frontend.chart import chart
from pages.parts.experiments.launch_link import launch_link
from pages.shared.format import literal


def draw_empty_areas(found: Ranked, experiment: str) -> None:
    """Of an experiment with this name. Nothing where fewer than two params were varied in all configs."""
    made = found.coverage
    if not made:
        return
    st.subheader("Empty areas", anchor=False)
    titles = [each.title for each in made]
    told = {each.title: f"{each.title} ({each.empty} of {each.counts.size} empty)" for each in made}
    chosen = st.selectbox(
        "Params", titles, key=f"experiment_empty_areas_{experiment}", width=380, format_func=lambda title: told[title]
    )
    shown = made[titles.index(chosen) if chosen in titles else 0]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(literal(shown.told), width="content")
        if shown.changes:
            launch_link(found.groups[0], shown.changes)
    chart(charts.coverage(shown), key="experiment_empty_chart", alt=f"Configs by {shown.title}. {shown.told}")
    st.caption("How many configs have a value there; the best one is in the framed cell.")
