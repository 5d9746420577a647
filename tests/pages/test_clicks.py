"""Buttons that begin something, clicked twice by one hand."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import clicks


def _page() -> None:
    import streamlit as st

    from pages.shared.clicks import begin_button, once

    st.session_state.setdefault("made", [])

    def make(what: str) -> None:
        st.session_state.made.append(what)

    def fail() -> None:
        make("tried")
        raise ValueError("wrong")

    st.button("By callback", key="one", **once("one", make, "callback"))
    begin_button("In the page", "two", lambda: make("page"))
    begin_button("In vain", "three", fail)


@pytest.mark.parametrize(("key", "what"), [("one", "callback"), ("two", "page"), ("three", "tried")])
def test_a_second_click_of_one_hand_begins_nothing_and_a_later_one_does(
    key: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = AppTest.from_function(_page).run()
    app.button(key).click().run()
    app.button(key).click().run()
    assert app.session_state["made"] == [what, what]  # as long as they are two clicks
    monkeypatch.setattr(clicks, "SAME_CLICK", 3600.0)
    app.button(key).click().run()
    assert app.session_state["made"] == [what, what]
