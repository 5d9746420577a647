"""The metric that configs are judged by, wherever they are."""

from collections.abc import Sequence

import streamlit as st

from core.comparison import Group, Summaries
from core.comparison.ranking import metrics_to_judge_by
from pages.shared import address

BY = "by"  # in the address
_BEGUN, _OTHER = "judged_begun", "judged_other"
_BY_HAND = "judged_by_hand"  # what was chosen, by experiment


def for_other() -> None:
    """In a callback: another experiment was chosen, so that what somebody chose for the one before is of that."""
    st.session_state[_OTHER] = True


def judged_by(
    groups: Sequence[Group], summaries: Summaries, metrics: Sequence[str], goal: str, of: str = ""
) -> str | None:
    """Let it be chosen among those that most configs have, what people judge by first; None where there is none.

    Args:
        goal: what the newest sweep of their runs is for.
        of: the experiment, where there is a choice of several.
    """
    is_other = st.session_state.pop(_OTHER, False)
    found = metrics_to_judge_by(groups, summaries, metrics, goal)
    if not found:
        return None
    begin, by_hand = found[0], st.session_state.setdefault(_BY_HAND, {})
    is_anew = st.session_state.get(_BEGUN, begin) != begin and BY not in st.query_params
    if is_other or is_anew:
        # Set, and not forgotten: a browser keeps what a widget showed until it is told another value.
        kept = by_hand.get(of, begin) if is_other else begin
        st.session_state[BY] = kept if kept in found else begin
    st.session_state[_BEGUN] = begin
    address.among(BY, found)
    chosen = st.selectbox("Judged by", found, index=0, key=BY, bind="query-params", width=280)
    if chosen == begin:
        by_hand.pop(of, None)
    else:
        by_hand[of] = chosen
    return chosen
