"""Tables whose rows open an address of this page: by the cell with the name, and by a click anywhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

Places = Sequence[Mapping[str, str]]  # the query of each row


def name_column(key: str, places: Places, **look: Any) -> Any:
    """Cells that are buttons; `key` is the column's."""

    def clicked() -> None:
        click = st.session_state[key]
        if click is not None:
            _go(places, click["row"])

    return st.column_config.ButtonColumn(type="tertiary", alignment="left", key=key, on_click=clicked, **look)


def opens_rows(key: str, places: Places) -> Callable[[], None]:
    """What the table of this key calls, of which a cell can be selected."""

    def selected() -> None:
        row = next((row for row, _ in st.session_state[key]["selection"]["cells"]), None)
        if row is not None:
            _go(places, row)

    return selected


def _go(places: Places, row: int) -> None:
    if 0 <= row < len(places):
        st.query_params.from_dict(dict(places[row]))
