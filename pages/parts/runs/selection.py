"""The table itself: rows are selected over all its pages, a click on a title sorts on the server."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.runs.records import RunRecord
from pages.parts.runs.actions import select, selected
from pages.parts.runs.columns import UNSORTABLE
from pages.parts.runs.filters import View, sort_by
from pages.parts.runs.table import Params, Summaries, column_config, frame
from pages.shared.nav import RUN

TABLE = "runs_table"
OPEN = "runs_open"
_COLUMN = "runs_column"  # whose title was clicked last
_ROWS_MOST = 20  # in view; the table scrolls below its titles when there are more
_ROW, _HEADER = 35, 38  # pixels


def table(runs: Sequence[RunRecord], shown: Sequence[str], params: Params, summaries: Summaries, view: View) -> None:
    ids = [run.id for run in runs]
    chosen = set(selected())
    rows = [row for row, run_id in enumerate(ids) if run_id in chosen]
    known = st.session_state.get(TABLE)
    if known is None or sorted(known["selection"]["rows"]) != rows:
        # Runs stay selected when the order, the page or the filter changes; row numbers do not.
        columns = known["selection"]["columns"] if known else []
        st.session_state[TABLE] = {"selection": {"rows": rows, "columns": columns, "cells": []}}
    config = column_config(shown, view.query.sort, view.query.descending)
    config["id"] = st.column_config.ButtonColumn(
        config["id"]["label"], key=OPEN, type="tertiary", width=80, pinned=True, on_click=partial(_open, ids)
    )
    st.dataframe(
        frame(runs, shown, params, summaries),
        key=TABLE,
        hide_index=True,
        column_config=config,
        on_select=partial(_selected, ids, shown, view),
        selection_mode=["multi-row", "single-column"],
        height="content" if len(ids) <= _ROWS_MOST else _HEADER + _ROW * _ROWS_MOST,
        placeholder="",
        alt="Runs",
    )


def _open(ids: Sequence[int]) -> None:
    row = st.session_state[OPEN]["row"]
    st.switch_page(RUN.path, query_params={"id": str(ids[row])})


def _selected(ids: Sequence[int], shown: Sequence[str], view: View) -> None:
    selection = st.session_state[TABLE]["selection"]
    elsewhere = [run_id for run_id in selected() if run_id not in ids]
    select([*elsewhere, *(ids[row] for row in selection["rows"] if row < len(ids))])
    # A column stays selected until its title is clicked again: both clicks are meant to sort.
    before, column = st.session_state.get(_COLUMN), next(iter(selection["columns"]), None)
    clicked = column or before or ""
    st.session_state[_COLUMN] = column
    if column != before and clicked in shown and clicked not in UNSORTABLE:
        sort_by(clicked, view.query)
        st.rerun()  # the whole page: the control that says the order stands outside this fragment
