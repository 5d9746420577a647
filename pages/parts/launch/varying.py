"""Fields of the Launch form that a sweep varies: a toggle at each, and the range in words."""

from typing import Any

import streamlit as st

from core.common.errors import ConfigError, Problem
from core.config.edit import variants_at
from core.sweeps.fields import Varied, from_words
from pages.parts.launch.fields import Kind, Leaf
from pages.shared import state
from pages.shared.format import literal

_HELP = "A range: 1e-4..1e-1:log, 16..256:step=16; or choices: 32, 64, 128. With @field=value: only where that is so."
_NOT = ("seed", "data.fold", "data.folds")  # what a repeat is for, or what makes results another thing


def is_on() -> bool:
    """Whether the page is about a sweep."""
    return bool(st.session_state.get(state.LAUNCH_SWEEP))


def texts() -> dict[str, str]:
    """The range in words of each field that is varied, by its path."""
    found: dict[str, str] = st.session_state.setdefault(state.LAUNCH_VARIED, {})
    return found


def fields() -> tuple[list[Varied], list[Problem]]:
    """What is varied, and what is wrong with the words of it."""
    found, problems = [], []
    for path, text in texts().items():
        try:
            found.append(from_words(f"{path}={text}"))
        except ConfigError as error:
            problems += error.problems
    return found, problems


def draw(path: str, what: Leaf | None, value: Any) -> None:
    """Below the widget of a field, or of the choice of a variant (no leaf)."""
    if path in _NOT or (what is not None and what.kind is Kind.ITEMS):
        return
    marked = path in texts()
    st.toggle("vary", marked, key=f"launch_vary_{path}", on_change=_mark, args=(path, what, value))
    if not marked:
        return
    key = f"launch_range_{path}"
    st.text_input(
        "Range", texts()[path], key=key, label_visibility="collapsed", help=_HELP, on_change=_change, args=(path, key)
    )
    for problem in fields()[1]:
        if problem.field == path:
            st.markdown(f":small[:red[:material/error: {literal(problem.message)}]]")


def proposed(path: str, what: Leaf | None, value: Any) -> str:
    """A range to begin with, around the value."""
    if what is None:
        return ", ".join(variants_at(path.split(".")[:-1]))
    match what.kind:
        case Kind.FLAG:
            return "true, false"
        case Kind.CHOICE:
            return ", ".join(map(str, what.choices))
        case Kind.INTEGER if isinstance(value, int) and value > 1:
            return f"{max(1, value // 2)}..{value * 2}"
        case Kind.NUMBER if isinstance(value, int | float) and 0 < value < 0.1:
            return f"{value / 10:g}..{value * 10:g}:log"
        case Kind.NUMBER if isinstance(value, int | float) and value > 0:
            return f"{value / 2:g}..{min(value * 2, 0.999) if value < 1 else value * 2:g}"
        case Kind.NUMBER | Kind.INTEGER:
            return "0..0.5" if what.kind is Kind.NUMBER else "1..10"
        case Kind.SERIES if isinstance(value, list) and value:
            return f"{value}, {[2 * each if isinstance(each, int) else each for each in value]}"
        case _:
            return str(value or "")


def _mark(path: str, what: Leaf | None, value: Any) -> None:
    if st.session_state[f"launch_vary_{path}"]:
        texts()[path] = proposed(path, what, value)
    else:
        texts().pop(path, None)


def _change(path: str, key: str) -> None:
    texts()[path] = st.session_state[key]
