"""The metric that configs are judged by, wherever they are."""

from collections.abc import Sequence

import streamlit as st

from core.comparison import Group, Params, Summaries
from core.comparison.ranking import metrics_to_judge_by
from pages.shared import address

BY = "by"  # in the address
_BEGUN = "judged_begun"


def judged_by(
    groups: Sequence[Group], params: Params, summaries: Summaries, metrics: Sequence[str], goal: str
) -> str | None:
    """Let it be chosen among those that most configs have, what people judge by first; None where there is none.

    Args:
        goal: what their experiment searched by.
    """
    found = metrics_to_judge_by(groups, params, summaries, metrics, goal)
    if not found:
        return None
    begin = found[0]
    if st.session_state.get(_BEGUN, begin) != begin and BY not in st.query_params:
        st.session_state.pop(BY, None)  # nobody chose it: another experiment begins with its own
    st.session_state[_BEGUN] = begin
    address.among(BY, found)
    return st.selectbox("Judged by", found, index=found.index(begin), key=BY, bind="query-params", width=280)
