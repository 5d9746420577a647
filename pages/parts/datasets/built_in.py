"""The profile of a data set that nobody added: made when somebody asks for it."""

import streamlit as st

from core.common.settings import Settings
from core.data.library import known
from core.data.library.known import Known
from core.data.library.profile import Profile
from pages.parts.datasets.given import shown
from pages.shared.data import known_datasets
from pages.shared.format import literal


def built_in_profile(found: Known, settings: Settings) -> Profile | None:
    """None while there is none; says why, or offers to make it. Raises DataError."""
    stored = known.built_in_profile(settings, found.name)
    if stored is not None:
        return stored.profile
    if found.place == "missing":
        st.info(
            "**Not on this host yet.** With a network, the first run with it downloads it. Without one: "
            + literal(found.how[0].lower() + found.how[1:]),
            icon=":material/cloud_download:",
        )
        return None
    if found.place == "local":
        st.markdown("Nobody has looked into it yet. That reads all of it once and takes some seconds.")
        if not st.button("Look into it", type="primary", icon=":material/query_stats:", key="datasets_profile"):
            return None
    _make(found, settings)
    return None


def _make(found: Known, settings: Settings) -> None:
    bar = st.progress(0.0, text="Reading")
    known.make_built_in_profile(settings, found.name, shown(bar))
    bar.empty()
    known_datasets.clear()
    st.rerun()
