"""The Sweeps page: every search over configs, and one of them with its trials.

The view is the URL's: `sweep` names the one that is shown.
"""

import streamlit as st

from core.common.errors import NotFoundError
from core.sweeps import managing
from core.sweeps.trials import SweepState, SweepView
from pages.parts.sweeps import actions, charts, head
from pages.parts.sweeps.table import list_of_sweeps, trial_table
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.kept import sweep_view
from pages.shared.nav import LAUNCH, SWEEPS
from pages.shared.saved_views import apply_view, views

POLL_SECONDS = 2.0
_MANY, _MANY_SECONDS = 2_000, 10.0  # trials, of which each look takes about a second


def main() -> None:
    apply_view(SWEEPS)
    asked = st.query_params.get("sweep", "")
    if not asked:
        listed()
        return
    try:
        show(sweep_view(managing.find(context(), asked)))
    except NotFoundError as error:
        st.query_params.clear()
        listed()
        st.error(literal(str(error)))


def listed() -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(SWEEPS.title, anchor=False, width="content")
        views(SWEEPS)
    actions.notice()
    found = [sweep_view(sweep.id) for sweep in managing.listing(context())]
    if found:
        list_of_sweeps(found)
        return
    with st.container(border=True, key="sweeps_nothing"):
        st.markdown(
            "**No sweeps yet.** Mark fields to vary in the Launch or Script form, and Traindeck tries configs itself."
        )
        st.page_link(LAUNCH.path, label="Go to Launch", help="")


def show(found: SweepView) -> None:
    actions.head(found)
    actions.notice()
    is_live = found.sweep.state is SweepState.RUNNING or bool(found.active)
    drawn = (found.sweep.state, bool(found.active))

    def live() -> None:
        now = sweep_view(found.sweep.id)
        if (now.sweep.state, bool(now.active)) != drawn:
            st.rerun()  # in full: buttons and polling differ
        head.status(now)
        charts.draw(now)
        trial_table(now)

    every = POLL_SECONDS if len(found.trials) < _MANY else _MANY_SECONDS
    st.fragment(run_every=every if is_live else None)(live)()


main()
