"""What was done to a run, by whom and when."""

import pandas as pd
import streamlit as st

from core import runs
from core.runs.events import SHOWN, said, told
from pages.shared.data import context
from pages.shared.format import moment
from pages.shared.widgets import reader_zone

_WIDTHS = {  # pixels, in all about what the page has; what changed gets most
    "When": st.column_config.TextColumn(width=150),
    "Who": st.column_config.TextColumn(width=100),
    "What": st.column_config.TextColumn(width=170),
    "Change": st.column_config.TextColumn(width=620),
}


def history(run_id: int) -> None:
    """A line for every change, by people and by processes; the newest first."""
    found = runs.events(context(), run_id)
    if not found:
        st.caption("Nothing was noted: the run is older than the history.")
        return
    zone = reader_zone()
    frame = pd.DataFrame(
        [(moment(event.at, zone), event.actor.name, said(event), told(event)) for event in reversed(found)],
        columns=["When", "Who", "What", "Change"],
    )
    st.dataframe(
        frame,
        hide_index=True,
        key="run_history",
        alt="History of this run",
        column_config=_WIDTHS,
    )
    if len(found) == SHOWN:
        st.caption(f"The newest {SHOWN} changes.")
