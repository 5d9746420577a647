"""What each param did: pairs of configs that differ in it alone."""

import streamlit as st

from core.comparison.ranking import effects_frame
from core.comparison.whole_experiment import Ranked
from core.reports.panel_specs import Effects
from pages.shared.add_to_report import add_to_report

_LISTED = 30


def draw_effects(found: Ranked, experiment: str, data: str) -> None:
    """Nothing where no two configs differ in one param alone. `data` as in `draw_leaderboard`."""
    made = found.effects
    if not made:
        return
    st.subheader("What each param did", anchor=False)
    frame = effects_frame(found, _LISTED)
    st.dataframe(
        frame, hide_index=True, key="experiment_effects", height="content", placeholder="",
        column_config={f"{found.metric} changes by": st.column_config.TextColumn(alignment="right")},
        alt="Effects of params, from pairs of configs that differ in one",
    )  # fmt: skip
    more = f" The first {_LISTED} of {len(made):,} are shown." if len(made) > _LISTED else ""
    st.caption(
        "From pairs of configs that differ in this param alone, seeds aside; the mean over them with Student's "
        "interval, of a single pair that over its seeds (Welch) or folds (Nadeau and Bengio), corrected for all that "
        f"is listed (Holm).{more}"
    )
    add_to_report(Effects(experiment=experiment, metric=found.metric, data_set=data), "effects")
