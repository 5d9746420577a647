"""What only the insides of Streamlit, or a cookie of ours, tell of the browser."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

BROWSER = "traindeck_browser"  # the cookie by which a browser is known again; it names nobody


def browser_name() -> str:
    """ "" where the browser takes no cookies, or the pages come without `documents.Frontend`."""
    found = st.context.cookies.get(BROWSER)
    return found if isinstance(found, str) else ""


def by_history() -> bool:
    """Whether the page runs because the reader went back or forth in the browser's history."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))
