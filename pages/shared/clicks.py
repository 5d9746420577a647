"""Buttons that begin something: each click of somebody counts once, however often it comes.

A page that is drawn anew while it answers a click can be given that click again, and a hand may click twice: so runs
were launched twice. A button is given `once` where a callback makes something, and is a `begin_button` where the page
itself does, which has read its fields by then.
"""

import math
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

SAME_CLICK = 0.6  # seconds after what a click did, within which another is the second of two, or waited for its end


def once(key: str, action: Callable[..., None], *args: Any) -> dict[str, Any]:
    """Arguments of a button whose callback acts once for each click."""
    return {"on_click": _click, "args": (key, st.session_state.get(f"{key}_clicks", 0), action, args)}


def begin_button(label: str, key: str, action: Callable[[], None], **looks: Any) -> None:
    """Draw a button, and act where it stands once it was clicked. `looks` as `st.button` takes them."""
    asked = f"{key}_asked"
    st.button(label, key=key, **looks, **once(key, _ask, asked))
    if st.session_state.pop(asked, False):
        try:
            action()
        finally:
            _acted(key)


def _ask(asked: str) -> None:
    st.session_state[asked] = True


def _click(key: str, drawn: int, action: Callable[..., None], args: tuple[Any, ...]) -> None:
    times, since = st.session_state.get(f"{key}_clicks", 0), st.session_state.get(f"{key}_acted", -math.inf)
    if drawn != times or time.monotonic() - since < SAME_CLICK:
        return
    st.session_state[f"{key}_clicks"] = times + 1
    try:
        action(*args)
    finally:
        _acted(key)


def _acted(key: str) -> None:
    st.session_state[f"{key}_acted"] = time.monotonic()
