"""The metric that configs are judged by, wherever they are."""

from collections.abc import Sequence

import streamlit as st

from core.comparison import Group, Summaries
from core.runs.highlights import MAIN_METRICS

BY = "by"  # in the address


def judged_by(groups: Sequence[Group], summaries: Summaries, metrics: Sequence[str]) -> str | None:
    """Let it be chosen among those that most configs have, what people judge by first; None where there is none."""
    found = _metrics(groups, summaries, metrics)
    if not found:
        return None
    first = next((name for name in MAIN_METRICS if name in found), found[0])
    return st.selectbox("Judged by", found, index=found.index(first), key=BY, bind="query-params", width=280)


def _metrics(groups: Sequence[Group], summaries: Summaries, metrics: Sequence[str]) -> list[str]:
    """Those that two configs have, or the only one."""
    wanted = min(2, len(groups))
    found = [
        name
        for name in metrics
        if not name.startswith("system/")
        and sum(any(name in summaries.get(run.id, {}) for run in group.runs) for group in groups) >= wanted
    ]
    order = [name for name in MAIN_METRICS if name in found]
    return [*order, *sorted((name for name in found if name not in order), key=_rank)]


def _rank(name: str) -> tuple[int, str]:
    return 0 if name.startswith("test_") else 1 if name.startswith("val_") else 2, name
