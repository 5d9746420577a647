"""Several labels of each example: how often each, how many at once, which together."""

import pandas as pd
import streamlit as st

from core.charts import profiles as charts
from core.data.base import DataInfo
from core.data.library.label_profile import LabelSpread
from core.data.library.profile import Profile
from pages.frontend.chart import chart
from pages.shared.format import plural

_PARTS = {"train": "training", "validation": "validation", "test": "test"}


def draw_labels(info: DataInfo, profile: Profile, spread: LabelSpread) -> None:
    st.subheader("Labels", anchor=False)
    parts = {_PARTS[split.part]: split.class_counts for split in profile.splits if split.class_counts}
    examples = sum(spread.per_example)
    total = sum(number * count for number, count in enumerate(spread.per_example))
    none = f" {plural(spread.per_example[0], 'example')} have none." if spread.per_example[0] else ""
    st.caption(f"A training example has {total / max(1, examples):.2f} of {info.classes:,} labels on average.{none}")
    figure = charts.class_balance(info.class_names, parts)
    chart(figure, key="datasets_labels", alt="Examples that have each label, by part")
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Labels of an example**")
        numbers = [(str(number), count) for number, count in enumerate(spread.per_example)]
        figure = charts.frequent(numbers, x_title="Training examples")
        chart(figure, key="datasets_label_numbers", alt="Training examples by their number of labels")
    with right:
        st.markdown("**Most often together**")
        if not spread.pairs:
            st.caption("No two labels stand together.")
            return
        frame = pd.DataFrame(
            list(spread.pairs),
            columns=["Label", "With", "Training examples"],
        )
        st.dataframe(frame, hide_index=True, key="datasets_label_pairs", alt="Labels that stand together most often")
