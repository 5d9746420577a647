"""Headline figures in a row."""

from collections.abc import Mapping

import streamlit as st

from pages.shared.format import number


def tiles(values: Mapping[str, tuple[float | None, str]]) -> None:
    """A tile per figure: its name, its value, and what it says on hover."""
    with st.grid("auto", min_column_width=136):
        for name, (value, meaning) in values.items():
            st.metric(name, number(value), border=True, height="stretch", help=meaning)
