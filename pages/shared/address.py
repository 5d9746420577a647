"""What of a page's address it cannot use: said above the page, until another page is opened."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from core.common.digits import finite
from pages.frontend.browser import by_history
from pages.shared import state
from pages.shared.format import literal
from pages.shared.nav import PageSpec

Bound = Literal["query-params"]  # what `bind` of a widget takes
_SHOWN = 8  # accepted values that are named


@dataclass
class _Unused:
    page: str  # its url_path
    is_new: bool = True  # whether the page was not drawn yet: later, Streamlit's record of the address may be old
    notes: dict[str, str] = field(default_factory=dict)  # by key of the address, in Markdown


def begin(page: PageSpec) -> None:
    """Before the page is drawn: take from the address what the page has no key for."""
    if (found := _unused()) is None or found.page != page.url_path:
        st.session_state[state.ADDRESS_UNUSED] = _Unused(page.url_path)
    for key in st.query_params.keys() - set(page.query):
        takes = f"this page takes {', '.join(page.query)}" if page.query else "this page takes nothing"
        if not by_history():  # by which a key of another page's address may come along
            note(key, literal(takes))
        del st.query_params[key]
    for key in st.query_params.keys() - set(page.several):
        if others := st.query_params.get_all(key)[:-1]:
            note(key, f"{literal(', '.join(others), 80)}; it is given {len(others) + 1} times, and the last one counts")


def note(key: str, told: str) -> None:
    """Say of a key why it was not used. `told`: Markdown."""
    if (found := _unused()) is not None:
        found.notes[key] = told


def among(key: str, options: Collection[str]) -> Bound:
    """Before the widget of a key is drawn, which passes over values that are none of its options, as it shows them."""
    accepted = [literal(each, 60) for each in list(options)[:_SHOWN]]
    more = " and others" if len(options) > _SHOWN else ""
    return _check(key, lambda value: value in options, f"none of {', '.join(accepted) or 'those there are'}{more}")


def switch(key: str) -> Bound:
    """As `among`, for something that is on or off."""
    return _check(key, lambda value: value.lower() in ("true", "false"), "neither true nor false")


def within(key: str, low: float, high: float) -> Bound:
    """As `among`, for a number."""

    def is_accepted(value: str) -> bool:
        number = finite(value)
        return number is not None and low <= number <= high

    return _check(key, is_accepted, f"no number from {low:g} to {high:g}")


def _check(key: str, is_accepted: Callable[[str], bool], wrong: str) -> Bound:
    found = _unused()
    strange = [value for value in st.query_params.get_all(key) if not is_accepted(value)] if found else []
    if found is not None and found.is_new and strange:
        note(key, f"{literal(', '.join(strange), 80)} is {wrong}")
    return "query-params"


def draw() -> None:
    """Once the page was drawn."""
    found = _unused()
    if found is None:
        return
    found.is_new = False
    if found.notes:
        told = "; ".join(f"**{literal(key, 40)}**: {why}" for key, why in found.notes.items())
        st.warning(f"Not used of this page's address: {told}.", icon=":material/link_off:")


def _unused() -> _Unused | None:
    found: _Unused | None = st.session_state.get(state.ADDRESS_UNUSED)
    return found
