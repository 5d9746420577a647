"""Completion in a text field: Streamlit has none (1.67), so a list below it is put into the page.

It leans on the field being an `<input>` within `.st-key-<its key>`, and on its value being heard of by an input event.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import streamlit as st

from core.runs.search_completion import Completion
from pages.frontend.switch import is_plain
from pages.shared.format import literal

_COMPLETING = st.components.v2.component(
    "traindeck_completing",
    html="<div></div>",
    js=Path(__file__).with_name("completing.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # the list stands in the page, below the field
)


def completing(field: str, found: Sequence[Completion]) -> None:
    """Offer these ways to go on in the text field of this key; where nothing is leant on, as buttons."""
    if not is_plain():
        _COMPLETING(key=f"{field}_completing", data={"field": field, "options": [asdict(each) for each in found]})
        return
    with st.container(horizontal=True, gap="small", key=f"{field}_completions"):
        for place, each in enumerate(found):
            st.button(
                literal(each.shown, 40), key=f"{field}_completion_{place}", on_click=_take, args=(field, each.text)
            )


def _take(field: str, text: str) -> None:
    st.session_state[field] = text
