"""The fields of a row under Try it, in a page of their own."""

import pytest
from streamlit.testing.v1 import AppTest

from core.evaluation.holdout import HoldoutExample

EXAMPLE = HoldoutExample(100, "496,820.38", values={"size": 30.5, "rooms": 2.0})


def _form(task: str) -> None:
    from types import SimpleNamespace
    from typing import Any

    import streamlit as st

    from core.data.base import DataInfo, Feature
    from pages.parts.run import try_inputs

    features = (Feature("size", "number", decimal=","), Feature("rooms", "number"))
    info: Any = DataInfo((2,), (), 9, 9, task, "table", features=features)  # type: ignore[arg-type]
    run: Any = SimpleNamespace(id=1)
    question: Any = try_inputs.form(run, info)
    st.text(str(question.values if question else None))


@pytest.fixture(autouse=True)
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the files that an evaluation leaves: what is tested here are the fields."""
    monkeypatch.setattr("pages.parts.run.try_inputs.holdout_example", lambda *_: EXAMPLE)


def _opened(task: str = "regression") -> AppTest:
    app = AppTest.from_function(_form, default_timeout=300, args=(task,)).run()
    assert not app.exception, app.exception[0].message
    return app


def test_a_decimal_comma_is_read_and_the_true_value_goes_with_the_row_it_belongs_to() -> None:
    app = _opened()
    assert [field.value for field in app.text_input] == ["30,5", "2"]
    assert app.caption[0].value == r"Test example 100; its value is **496\,820\.38**."
    app.text_input[0].set_value("56,9").run()
    assert app.text[0].value == "{'size': 56.9, 'rooms': 2.0}"
    assert not app.caption
    app.text_input[0].set_value("30,50").run()
    assert "its value is" in app.caption[0].value


def test_what_is_no_number_is_told_and_nothing_is_asked() -> None:
    app = _opened("binary")
    assert "its label is" in app.caption[0].value
    app.text_input[1].set_value("two").run()
    assert "rooms must be a number, such as 1,234.5 or 1234.5, or empty" in app.error[0].value.replace("\\", "")
    assert app.text[0].value == "None"
