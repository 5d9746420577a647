"""Widgets whose values the page itself changes, and their keys.

The browser's next message may be older than the answer in which the page gave a widget another value: a fragment that
looks every second sends what the browser still shows, and Streamlit (1.67) takes that for an edit. So a widget gets a
new key with every value that the page gives it, and when it is gone; what is told under an older key is no edit.

Each widget is given its value as what it begins with, too: a value that only the state has is sent in one answer, and
where the next comes before the browser has drawn that one, the browser shows, and tells, what the widget begins with.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from pages.shared import state

Shown = dict[str, tuple[int, Any]]  # by name of a widget: how often its value was given, and the last one
_GONE = object()  # the last value of a widget that is no longer drawn


@contextmanager
def drawing() -> Iterator[None]:
    """Around all that draws such widgets. Where it is cut off, the widgets to come are not taken to be gone."""
    drawn: set[str] = set()
    st.session_state[state.LAUNCH_DRAWN] = drawn
    yield
    for name, (times, last) in _shown().items():
        if name not in drawn and last is not _GONE:
            _shown()[name] = (times + 1, _GONE)


def seed(name: str, value: Any, read: Callable[[Any], Any] = lambda value: value) -> str:
    """The widget's key, its state in line with the value; untouched where it is, for the sake of typing.

    Args:
        read: what a widget's value means; other spellings of the same are no other value.
    """
    shown = _shown()
    times, last = shown.get(name, (0, value))
    if read(st.session_state.get(_key(name, times), last)) != read(value):
        times += 1
    key = _key(name, times)
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    shown[name] = (times, value)
    st.session_state[state.LAUNCH_DRAWN].add(name)
    return key


def key_of(name: str) -> str:
    """The key of the widget of this name."""
    return _key(name, _shown().get(name, (0, None))[0])


def is_current(name: str, key: str) -> bool:
    """Whether what a widget of this key tells is the reader's own doing."""
    return key == key_of(name)


def is_drawn(name: str) -> bool:
    """Whether the page that shows this widget is the one that was drawn last."""
    return key_of(name) in st.session_state


def _shown() -> Shown:
    found: Shown = st.session_state.setdefault(state.LAUNCH_SHOWN, {})
    return found


def _key(name: str, times: int) -> str:
    return f"{name}:{times}" if times else name
