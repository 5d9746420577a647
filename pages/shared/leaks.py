"""Leaks of a data set, with some of the examples."""

from collections.abc import Sequence

import streamlit as st

from core.data.library.leaks.leak import Leak
from pages.shared.format import literal


def draw_leaks(leaks: Sequence[Leak], where: str = "") -> None:
    """Each with its instances; `where` names the data set on a page that is about something else."""
    for leak in leaks:
        some = f"\n\n:small[For example: {literal('; '.join(leak.instances))}.]" if leak.instances else ""
        draw = st.info if leak.slight else st.warning
        draw(f"{where}{literal(leak.text)}{some}", icon=":material/water_drop:")
