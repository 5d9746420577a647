"""What is the same on every page: whether the store can be used, said in words where it cannot."""

from collections.abc import Callable

import streamlit as st

from core.common.errors import StoreError
from pages.shared import address
from pages.shared.data import workspace
from pages.shared.format import literal
from pages.shared.nav import PageSpec
from pages.shared.state import STORE_FAILED

_LOOK_SECONDS = 2.0  # between two looks, which cost next to nothing


def framed(page: PageSpec, draw_page: Callable[[], None]) -> None:
    """Draw what is wrong with the store, or else the page; either comes in the place of the other by itself."""
    trouble, notice = _trouble(), ""
    st.session_state[STORE_FAILED] = False  # before the next look, which would have this drawn anew without end
    if trouble:
        st.error(literal(trouble), icon=":material/database_off:")
    else:
        notice = workspace().notice
        if notice:
            st.warning(literal(f"The database: {notice[0].lower()}{notice[1:]}"), icon=":material/database:")
    st.fragment(run_every=_LOOK_SECONDS)(_look)(trouble, notice)
    if trouble:
        return
    above = st.empty()
    address.begin(page)
    try:
        draw_page()
    except StoreError:  # it went away while the page was drawn; the page shows the error
        st.session_state[STORE_FAILED] = True
        raise
    with above:
        address.draw()


def _look(trouble: str, notice: str) -> None:
    """Have the page drawn anew when what is drawn is no longer true."""
    found = _trouble()
    if found != trouble or (not found and (workspace().notice != notice or st.session_state.get(STORE_FAILED))):
        st.rerun()


def _trouble() -> str:
    try:
        workspace().check()
    except StoreError as error:
        return str(error)
    return ""
