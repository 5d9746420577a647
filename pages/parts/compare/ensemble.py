"""Register as ensemble: runs that are compared become one version of a model."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import models
from core.comparison import Group
from core.models import making
from core.runs.data_names import data_set
from core.runs.records import RunRecord
from pages.shared.clicks import begin_button
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import MODELS
from pages.shared.version_form import ask, labels

_KEY = "compare_ensemble"
_ALL = "All of them"


def draw_ensemble(runs: Sequence[RunRecord], groups: Sequence[Group]) -> None:
    """For several runs at rest; nothing for others."""
    if len(runs) < 2 or not all(run.state.is_finished for run in runs):
        return
    with st.popover(
        "Register as ensemble", icon=MODELS.icon, key=_KEY, help="One network whose answer is the mean of theirs"
    ):
        choices = {group.name: list(group.runs) for group in groups if len(group.runs) > 1}
        if len(groups) > 1 or not choices:
            choices[_ALL] = list(runs)
        name = st.selectbox("Runs", list(choices), key=f"{_KEY}_runs") or next(iter(choices))
        members = choices[name]
        if problem := making.ensemble_problem(context(), members):
            st.warning(literal(problem), icon=":material/block:")
            return
        proposed = models.slug(data_set(members[0]) or members[0].name)
        given = labels(f"{_KEY}_{proposed}", proposed)
        how: dict[str, Any] = {"note": given.note, "aliases": given.aliases}

        def begin() -> None:
            ask(lambda: making.ensemble_request(context(), members, given.name, **how))

        begin_button("Register", f"{_KEY}_apply", begin, type="primary")
