"""What was done to a run, by whom and when."""

import streamlit as st

from core import runs
from pages.shared.data import context
from pages.shared.events_table import events_table


def history(run_id: int) -> None:
    """A line for every change, by people and by processes; the newest first."""
    found = runs.events(context(), run_id)
    if not found:
        st.caption("Nothing was noted: the run is older than the history.")
        return
    events_table(found, key="run_history", alt="History of this run")
