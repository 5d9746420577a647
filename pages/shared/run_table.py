"""Tables of runs whose rows open the Run page."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.common.digits import decimals
from core.runs.records import RunRecord, RunState, Summary
from pages.shared.nav import RUN
from pages.shared.widgets import STATE_LOOKS

_NAME = "Run"
_THOUSAND = 1000
_PADDING, _LETTER, _WIDEST = 24, 6.3, 700  # pixels: of a cell, of a letter in it, and of its sentences
_SHORT = 70  # characters of a name in its cell
_MEASURE = re.compile(r"[\d.,]+( (s|min|h|d))?( \d+ (s|min|h))?|–")  # a number or a duration
_WORD_JOINER = "\u2060"  # takes no room; breaks what would be read as an icon's name


def run_table(runs: Sequence[RunRecord], columns: Mapping[str, Sequence[Any]], *, key: str, alt: str) -> None:
    """One row per run: its name, its state, then `columns` by heading.

    Values may be text, numbers, times (pandas Timestamps) or small curves (lists of floats). A column in which no run
    has a value is left out.
    """
    frame = pd.DataFrame(
        {
            _NAME: [name_text(run.name) for run in runs],
            "State": [[run.state.value] for run in runs],
            **{heading: list(values) for heading, values in columns.items() if not _is_empty(values)},
        }
    )
    ids = [run.id for run in runs]
    click_key = f"{key}_open"
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height="content",
        key=key,
        alt=alt,
        column_config={
            _NAME: link_column(_NAME, ids, click_key, width="medium"),
            "State": state_column(),
            **{heading: _column(heading, values) for heading, values in columns.items() if heading in frame},
        },
        on_select=opens_rows(ids, key),
        selection_mode="single-cell",
    )


def link_column(label: str, run_ids: Sequence[int], key: str, **look: Any) -> Any:
    """Cells with the names or numbers of these runs, which open them; `key` is the column's."""
    return st.column_config.ButtonColumn(
        label, type="tertiary", alignment="left", key=key, on_click=_open, args=(key, run_ids), **look
    )


def opens_rows(run_ids: Sequence[int], key: str) -> Callable[[], None]:
    """What a table of this key calls, whose cells can be selected: a click anywhere in a row opens its run."""

    def selected() -> None:
        open_row(run_ids, key)

    return selected


def open_row(run_ids: Sequence[int], key: str) -> bool:
    """Open the run of the selected cell's row; False where no cell is selected, or the row is of none (0)."""
    row = next((row for row, _ in st.session_state[key]["selection"]["cells"]), None)
    if row is None or not 0 <= row < len(run_ids) or not run_ids[row]:
        return False
    st.switch_page(RUN.path, query_params={"id": str(run_ids[row])})
    return True


def number_column(label: str, values: Sequence[float | None], **look: Any) -> Any:
    """At the right, with the digits in which the values differ."""
    places = decimals(values)
    if places == 0 and any(value is not None and abs(value) >= _THOUSAND for value in values):
        return st.column_config.NumberColumn(label, format="localized", **look)  # with commas, as of parameters
    return st.column_config.NumberColumn(label, format="%.3e" if places is None else f"%.{places}f", **look)


def text_column(
    label: str,
    values: Iterable[object],
    *,
    most: int = _WIDEST,
    alignment: Literal["left", "right"] = "left",
    **look: Any,
) -> Any:
    """Wide enough for the longest of its texts, up to so many pixels, which a table guesses too small.

    Left-aligned, so that of what is longer still the beginning is seen: of a mean the mean; numbers are not as long.
    """
    longest = max((len(str(each)) for each in values if isinstance(each, str)), default=0)
    width = min(most, round(_PADDING + _LETTER * max(longest, len(label))))
    return st.column_config.TextColumn(label, width=width, alignment=alignment, **look)


def name_text(name: str) -> str:
    """A name as a button in a table shows it verbatim: it reads no Markdown, only an icon's name at the front."""
    line = " ".join(name.split())
    line = line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"
    return f":{_WORD_JOINER}{line[1:]}" if line.startswith(":") else line


def _open(click_key: str, run_ids: Sequence[int]) -> None:
    click = st.session_state[click_key]
    if click is not None and 0 <= click["row"] < len(run_ids):
        st.switch_page(RUN.path, query_params={"id": str(run_ids[click["row"]])})


def state_column(label: str = "State") -> Any:
    """Cells that hold a list with one state, shown as a badge in the state's colour."""
    return st.column_config.MultiselectColumn(
        label,
        options=[state.value for state in RunState],
        color=[STATE_LOOKS[state][0] for state in RunState],
        width="small",
    )


def _is_empty(values: Sequence[Any]) -> bool:
    return all(value is None or value == [] for value in values)


def _column(heading: str, values: Sequence[Any]) -> Any:
    sample = next((value for value in values if value is not None), None)
    if isinstance(sample, list):
        return st.column_config.LineChartColumn(heading, width="small", color="auto-inverse")
    if isinstance(sample, pd.Timestamp):
        return st.column_config.DatetimeColumn(heading, format="distance")
    if isinstance(sample, float):
        return number_column(heading, values)
    if isinstance(sample, str) and all(_MEASURE.fullmatch(value) for value in values):
        return st.column_config.TextColumn(heading, alignment="right")
    return st.column_config.Column(heading)


def small_curve(summary: Summary | None) -> list[float]:
    """A summary's curve as a table cell draws it: without what is not a number; empty, as None would be written."""
    if summary is None:
        return []
    return [value for value in summary.curve if abs(value) < float("inf")]
