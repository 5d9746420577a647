"""Make it small: what is tried, how long, and what may be lost; the versions that came of it."""

import streamlit as st

from core.jobs import export as job
from core.models import VersionRecord, shrinking
from core.models.scores import main_score
from core.models.shrinking import WAYS
from core.runs.compressing import METHODS
from pages.parts.models import head
from pages.parts.models.export_table import WITHIN, within_label
from pages.shared import state
from pages.shared.clicks import once
from pages.shared.data import context
from pages.shared.format import literal

_LOSE, _MINUTES, _WAYS = "models_small_within", "models_small_minutes", "models_small_ways"


def make_small(version: VersionRecord, made: set[str]) -> None:
    """The button and its form. `made`: formats that are there."""
    with head.popover("Make it small", icon=":material/compress:", key="models_small"):
        left_out = shrinking.applying(context(), version)
        ways = [name for name, why in left_out.items() if not why]
        st.markdown(
            "Exports it in every small and fast format that is not there yet, trains smaller networks from it, exports "
            "those too, and names the best of all."
        )
        with st.form("models_small_form", border=False):
            score = main_score(version)
            relative = score is not None and score.goal == "min"
            st.number_input(
                within_label(relative=relative), 0.0, 100.0, st.session_state.get(WITHIN, 1.0), 0.5, format="%g",
                key=_LOSE, help="A smaller network that lost more is not made a version, nor exported; its run stays.",
            )  # fmt: skip
            st.number_input(
                "Begin nothing after so many minutes", 1.0, 24 * 60.0, job.BUDGET_MINUTES, 5.0, format="%g",
                key=_MINUTES, help="A training is taken to last as long as that of the version's own run.",
            )  # fmt: skip
            if ways:
                st.pills(
                    "Also by training", ways, selection_mode="multi", default=ways, key=_WAYS,
                    format_func=lambda name: WAYS[name].title,
                )  # fmt: skip
                # Not as help, which would lie over the fields above.
                st.caption("  \n".join(f"**{each.title}** {each.summary}" for each in METHODS.values()))
            st.form_submit_button(
                "Try them", type="primary", key="models_export_small",
                **once("models_export_small", _ask, version, made),
            )  # fmt: skip
        for why in dict.fromkeys(filter(None, left_out.values())):
            st.caption(literal(why))


def _ask(version: VersionRecord, made: set[str]) -> None:
    lose, ways, minutes = st.session_state[_LOSE], st.session_state.get(_WAYS) or [], st.session_state[_MINUTES]
    st.session_state[WITHIN] = lose

    def ask() -> None:
        if told := shrinking.ask(context(), version, made, ways, within=lose / 100, minutes=minutes):
            st.session_state[state.MODELS_NOTICE] = ("warning", "\n\n".join(told))

    head.act(ask)
