"""A small read-only table of runs whose names open the Run page."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.runs.records import RunRecord, RunState, Summary
from pages.shared.nav import RUN
from pages.shared.widgets import STATE_LOOKS

_NAME = "Run"
_SHORT = 70  # characters of a name in its cell
_WORD_JOINER = "\u2060"  # takes no room; breaks what would be read as an icon's name


def run_table(runs: Sequence[RunRecord], columns: Mapping[str, Sequence[Any]], *, key: str, alt: str) -> None:
    """One row per run: its name, its state, then `columns` by heading.

    Values may be text, numbers, times (pandas Timestamps) or small curves (lists of floats).
    """
    frame = pd.DataFrame(
        {
            _NAME: [_label(run.name) for run in runs],
            "State": [[run.state.value] for run in runs],
            **{heading: list(values) for heading, values in columns.items()},
        }
    )
    click_key = f"{key}_open"
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height="content",
        key=key,
        alt=alt,
        column_config={
            _NAME: st.column_config.ButtonColumn(
                _NAME,
                type="tertiary",
                alignment="left",
                width="medium",
                key=click_key,
                on_click=_open,
                args=(click_key, [run.id for run in runs]),
            ),
            "State": state_column(),
            **{heading: _column(heading, values) for heading, values in columns.items()},
        },
    )


def _label(name: str) -> str:
    """A name as a button in a table shows it verbatim: it reads no Markdown, only an icon's name at the front."""
    line = " ".join(name.split())
    line = line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"
    return f":{_WORD_JOINER}{line[1:]}" if line.startswith(":") else line


def _open(click_key: str, run_ids: Sequence[int]) -> None:
    click = st.session_state[click_key]
    if click is not None and 0 <= click["row"] < len(run_ids):
        st.switch_page(RUN.path, query_params={"id": str(run_ids[click["row"]])})


def state_column() -> Any:
    """Cells that hold a list with one state, shown as a badge in the state's colour."""
    return st.column_config.MultiselectColumn(
        "State",
        options=[state.value for state in RunState],
        color=[STATE_LOOKS[state][0] for state in RunState],
        width="small",
    )


def _column(heading: str, values: Sequence[Any]) -> Any:
    sample = next((value for value in values if value is not None), None)
    if isinstance(sample, list):
        return st.column_config.LineChartColumn(heading, width="small", color="auto-inverse")
    if isinstance(sample, pd.Timestamp):
        return st.column_config.DatetimeColumn(heading, format="distance")
    if isinstance(sample, float):
        return st.column_config.NumberColumn(heading, format="%.4g")
    return st.column_config.Column(heading)


def small_curve(summary: Summary | None) -> list[float] | None:
    """A summary's curve as a table cell draws it: without what is not a number."""
    if summary is None:
        return None
    return [value for value in summary.curve if abs(value) < float("inf")]
