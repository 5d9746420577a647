"""What was done to something, by whom and when."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.runs.events import SHOWN, said, told
from core.runs.records import EventRecord
from pages.shared.format import moment
from pages.shared.widgets import reader_zone

_WIDTHS = {  # pixels, in all about what the page has; what changed gets most
    "When": st.column_config.TextColumn(width=150),
    "Who": st.column_config.TextColumn(width=100),
    "What": st.column_config.TextColumn(width=170),
    "Change": st.column_config.TextColumn(width=620),
}


def events_table(found: Sequence[EventRecord], *, key: str, alt: str) -> None:
    """A line for every change; the newest first."""
    zone = reader_zone()
    frame = pd.DataFrame(
        [(moment(event.at, zone), event.actor.name, said(event), told(event)) for event in reversed(found)],
        columns=["When", "Who", "What", "Change"],
    )
    st.dataframe(frame, hide_index=True, key=key, alt=alt, column_config=_WIDTHS)
    if len(found) == SHOWN:
        st.caption(f"The newest {SHOWN} changes.")
