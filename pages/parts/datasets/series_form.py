"""Time series before they are added: which columns are what, how often the times come, and how they look."""

from typing import Any

import pandas as pd
import streamlit as st

from core.charts import series_charts as charts
from core.data.library import SeriesPreview
from core.data.series_times import NAMED
from pages.frontend.chart import chart
from pages.parts.datasets.on_the_page import on_the_page
from pages.shared.format import literal, plural

_FREQUENCIES = {"auto": "Automatic", **{name: name[0].upper() + name[1:] for name in NAMED}}


def chosen(key: str) -> dict[str, Any]:
    """Options that follow from what was chosen below the preview; `key` is of the file and how it is read."""
    value = st.session_state.get
    return {
        "time": value(f"datasets_time_{key}") or "",
        "target": value(f"datasets_forecast_{key}") or "",
        "id": tuple(value(f"datasets_id_{key}") or ()),
        "known": tuple(value(f"datasets_known_{key}") or ()),
        "frequency": value(f"datasets_frequency_{key}") or "auto",
    }


def draw_series(preview: SeriesPreview, key: str) -> bool:
    """Asks for the columns, and shows what comes of them; whether it can be added so."""
    table = preview.table
    names = [column.name for column in table.columns]
    st.caption(literal(f"{plural(table.rows, 'row')}; {plural(len(names), 'column')}. {table.header_reason}"))
    for note in table.notes:
        st.caption(f":material/info: {literal(note)}")
    with st.container(horizontal=True):
        _column("Time", names, preview.time, f"datasets_time_{key}", "Dates, years or numbers.")
        _column("To forecast", names, preview.target, f"datasets_forecast_{key}", "A column of numbers.")
        st.selectbox(
            "How often",
            list(_FREQUENCIES),
            format_func=lambda each: _FREQUENCIES[each],
            key=f"datasets_frequency_{key}",
            persist_state="session",
            width=180,
        )
    others = [name for name in names if name not in (preview.time, preview.target)]
    if others:
        with st.container(horizontal=True):
            _columns("Series are told apart by", others, preview.id, f"datasets_id_{key}", "One series")
            free = [name for name in others if name not in preview.id]
            _columns("Known ahead", free, (), f"datasets_known_{key}", "None")
    if preview.problem or preview.facts is None:
        st.error(literal(on_the_page(preview.problem)), icon=":material/error:")
    else:
        for note in preview.notes:
            st.caption(f":material/info: {literal(on_the_page(note))}")
        count = len(preview.facts.ids)
        if count > 1:
            st.caption(f"{count:,} series{'; the first are drawn' if count > len(preview.lines) else ''}.")
        figure = charts.lines(preview.lines, preview.facts.dated, preview.target)
        chart(figure, key="datasets_series", alt=f"{preview.target} over time")
    with st.expander("First rows"):
        frame = pd.DataFrame(table.first_rows, columns=[str(place) for place in range(len(names))])
        st.dataframe(frame, hide_index=True, key="datasets_first_rows", alt="The first rows",
                     column_config={str(place): name for place, name in enumerate(names)})  # fmt: skip
    return not preview.problem


def _column(label: str, options: list[str], guess: str, key: str, help_text: str) -> None:
    index = options.index(guess) if guess in options else None
    st.selectbox(label, options, index=index, key=key, width=240, persist_state="session", help=help_text)


def _columns(label: str, options: list[str], guess: tuple[str, ...], key: str, none: str) -> None:
    given = [name for name in guess if name in options]
    st.multiselect(label, options, given, key=key, width=320, persist_state="session", placeholder=none)
