"""What each param did: pairs of configs that differ in it alone."""

import pandas as pd
import streamlit as st

from core.comparison.effects import Effect
from core.comparison.whole_experiment import Ranked
from core.tracking.goals import goal_of
from pages.shared.format import number

_LISTED = 30


def draw_effects(found: Ranked) -> None:
    """Nothing where no two configs differ in one param alone."""
    made = found.effects
    if not made:
        return
    st.subheader("What each param did", anchor=False)
    shown = made[:_LISTED]
    frame = pd.DataFrame(
        {
            "Param": [each.param for each in shown],
            "From": [each.before or "none" for each in shown],
            "To": [each.after or "none" for each in shown],
            f"{found.metric} changes by": [f"{'+' if each.difference > 0 else ''}{number(each.difference)}"
                                           for each in shown],
            "95 % interval": [_ends(each) for each in shown],
            "Pairs": [each.pairs for each in shown],
            "Verdict": [_verdict(each, found.metric) for each in shown],
        }
    )  # fmt: skip
    st.dataframe(
        frame, hide_index=True, key="experiment_effects", height="content", placeholder="",
        column_config={f"{found.metric} changes by": st.column_config.TextColumn(alignment="right")},
        alt="Effects of params, from pairs of configs that differ in one",
    )  # fmt: skip
    more = f" The first {_LISTED} of {len(made):,} are shown." if len(made) > _LISTED else ""
    st.caption(
        "From pairs of configs that differ in this param alone, seeds aside; the mean over them with Student's "
        f"interval, of a single pair that over its seeds (Welch), corrected for all that is listed (Holm).{more}"
    )


def _ends(effect: Effect) -> str:
    if effect.estimate is None:
        return ""
    low, high = effect.interval
    return f"{number(low)} to {number(high)}"


def _verdict(effect: Effect, metric: str) -> str:
    if effect.estimate is None:
        return "one pair, one seed"
    if not effect.is_sure:
        return "not decided"
    return "better" if (effect.difference > 0) == (goal_of(metric) == "max") else "worse"
