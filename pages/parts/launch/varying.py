"""Fields of the Launch form that a sweep varies."""

from typing import Any

import streamlit as st

from core.config.edit import variants_at
from core.sweeps.check_sweep import MEASURED_ON
from pages.parts.launch.fields import Kind, Leaf
from pages.shared import state
from pages.shared.varying import Marks, around

MARKS = Marks(state.LAUNCH_VARIED, "launch")
_NOT = {"seed", *MEASURED_ON}  # what a repeat is for, or what makes results another thing


def is_on() -> bool:
    """Whether the page is about a sweep."""
    return bool(st.session_state.get(state.LAUNCH_SWEEP))


def draw(path: str, what: Leaf | None, value: Any) -> None:
    """Below the widget of a field, or of the choice of a variant (no leaf)."""
    if path not in _NOT and (what is None or what.kind is not Kind.ITEMS):
        MARKS.draw(path, lambda: proposed(path, what, value))


def proposed(path: str, what: Leaf | None, value: Any) -> str:
    """A range to begin with, around the value."""
    if what is None:
        return ", ".join(variants_at(path.split(".")[:-1]))
    match what.kind:
        case Kind.FLAG:
            return "true, false"
        case Kind.CHOICE:
            return ", ".join(map(str, what.choices))
        case Kind.NUMBER | Kind.INTEGER:
            return around(value, whole=what.kind is Kind.INTEGER)
        case Kind.SERIES if isinstance(value, list) and value:
            return f"{value}, {[2 * each if isinstance(each, int) else each for each in value]}"
        case _:
            return str(value or "")
