"""The Models page while there is nothing on it: what a model is, and how the first comes about."""

import streamlit as st

from core import models
from pages.shared.data import best_runs, context
from pages.shared.format import literal, number
from pages.shared.nav import LAUNCH, OVERVIEW
from pages.shared.widgets import run_link

_MOST = 5


def nothing_yet() -> None:
    with st.container(border=True, key="models_nothing"):
        st.subheader("No model yet", anchor=False)
        st.markdown(
            "A model is a trained network with a name. Each of its **versions** is the checkpoint of a run, with its "
            "figures, its config and where it came from; it stays when the run is deleted. **Aliases** such as "
            "`champion` say which version is in use."
        )
        candidates = [best for best in best_runs() if not models.why_not(context(), best.run)][:_MOST]
        if not candidates:
            st.markdown("It begins with a run: train one, then choose *Register as model* on its page.")
            with st.container(horizontal=True):
                st.page_link(LAUNCH.path, label="Launch a run", icon=LAUNCH.icon, help="")
                st.page_link(OVERVIEW.path, label="Or the demo, on the overview", icon=OVERVIEW.icon, help="")
            return
        st.markdown("Open a run, and choose *Register as model*. The best of each experiment:")
        for best in candidates:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                run_link(best.run)
                st.markdown(
                    f":gray[{literal(best.data_set, 40)} · {literal(best.summary.metric)} {number(best.summary.best)}]",
                    width="content",
                )
