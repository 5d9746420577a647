"""What was tried of each param, and what that leaves open."""

import pandas as pd
import streamlit as st

from core.comparison.whole_experiment import Ranked
from pages.parts.experiments.launch_link import launch_link
from pages.shared.format import literal


def draw_tried(found: Ranked) -> None:
    made = found.tried
    st.subheader("What was tried", anchor=False)
    for place, each in enumerate(found.advice):
        with st.container(horizontal=True, vertical_alignment="center", key=f"experiment_advice_{place}"):
            st.markdown(f":material/lightbulb: {literal(each.told)}", width="content")
            if each.changes:
                launch_link(found.groups[0], each.changes)
    if not made:
        st.caption("One config, so far: clone it and change something.")
        return
    frame = pd.DataFrame(
        {
            "Param": [each.param for each in made],
            "Tried (configs)": [each.told for each in made],
            "Of the best": [each.best for each in made],
        }
    )
    columns = {"Tried (configs)": st.column_config.TextColumn(width="large")}
    st.dataframe(
        frame, hide_index=True, key="experiment_tried", height="content", placeholder="", column_config=columns,
        alt="Values that were tried of each param",
    )  # fmt: skip
