"""What was tried of each param, and what that leaves open."""

import pandas as pd
import streamlit as st

from core.comparison.whole_experiment import Ranked
from pages.shared.format import literal


def draw_tried(found: Ranked) -> None:
    made = found.tried
    st.subheader("What was tried", anchor=False)
    for sentence in found.advice:
        st.markdown(f":material/lightbulb: {literal(sentence)}")
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
