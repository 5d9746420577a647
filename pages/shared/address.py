"""What of a page's address it cannot use: said above the page, until another page is opened."""

from collections.abc import Collection
from dataclasses import dataclass, field

import streamlit as st

from pages.frontend.browser import by_history
from pages.shared import state
from pages.shared.format import literal
from pages.shared.nav import PageSpec

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


def among(key: str, options: Collection[str]) -> None:
    """Before the widget of a key is drawn, which passes over values that are none of its options."""
    found = _unused()
    strange = [value for value in st.query_params.get_all(key) if value not in options] if found else []
    if found is not None and found.is_new and strange:
        accepted = [literal(each, 60) for each in list(options)[:_SHOWN]]
        more = " and others" if len(options) > _SHOWN else ""
        note(key, f"{literal(', '.join(strange), 80)} is none of {', '.join(accepted) or 'those there are'}{more}")


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
