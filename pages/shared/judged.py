"""The metric that configs are judged by, wherever they are."""

from collections.abc import Sequence

import streamlit as st

from core.comparison import Group, Summaries
from core.comparison.ranking import first_to_judge_by, metrics_to_judge_by

BY = "by"  # in the address


def judged_by(groups: Sequence[Group], summaries: Summaries, metrics: Sequence[str]) -> str | None:
    """Let it be chosen among those that most configs have, what people judge by first; None where there is none."""
    found = metrics_to_judge_by(groups, summaries, metrics)
    if not found:
        return None
    first = first_to_judge_by(found)
    return st.selectbox("Judged by", found, index=found.index(first), key=BY, bind="query-params", width=280)
