"""Buttons that begin something, clicked twice by one hand."""

import ast

import pytest
from streamlit.testing.v1 import AppTest

from core.common.settings import PROJECT_ROOT
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


@pytest.mark.parametrize(
    ("page", "button"),
    [
        ("run/header.py", "Resume"),
        ("run/evaluate_now.py", "Evaluate now"),
        ("run/kept.py", "Evaluate now"),
        ("models/exported.py", "Export again"),
    ],
)
def test_what_begins_work_for_minutes_is_such_a_button(page: str, button: str) -> None:
    text = (PROJECT_ROOT / "pages" / "parts" / page).read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    [drawn] = [call for call in calls if call.args and button in ast.unparse(call.args[0]) and _is_button(call)]
    assert "begin_button(" in ast.unparse(drawn) or "**once(" in ast.unparse(drawn)


def _is_button(call: ast.Call) -> bool:
    return ast.unparse(call.func) in ("st.button", "begin_button")
