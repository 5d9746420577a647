"""Headline figures in a row."""

from typing import NamedTuple

import streamlit as st

from pages.shared.format import number


class Tile(NamedTuple):
    name: str
    value: float | None
    meaning: str  # on hover
    kind: str = ""  # below the value


def tiles(*each: Tile) -> None:
    with st.grid("auto", min_column_width=136):
        for name, value, meaning, kind in each:
            st.metric(
                name, number(value), kind or None, delta_color="off", delta_arrow="off", border=True, height="stretch",
                help=meaning,
            )  # fmt: skip
