"""The table itself: rows are selected over all its pages, a click on a title sorts on the server."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.runs.records import RunRecord
from pages.parts.runs.actions import select, selected
from pages.parts.runs.columns import UNSORTABLE
from pages.parts.runs.filters import View, sort_by
from pages.parts.runs.folded import Folds
from pages.parts.runs.table import Params, Summaries, column_config, frame
from pages.shared.run_table import link_column, open_row

TABLE = "runs_table"
OPEN = "runs_open"
_COLUMN = "runs_column"  # whose title was clicked last
_ROWS_MOST = 20  # in view; the table scrolls below its titles when there are more
_ROW, _HEADER = 35, 38  # pixels


def table(
    runs: Sequence[RunRecord], shown: Sequence[str], params: Params, summaries: Summaries, view: View, folds: Folds
) -> None:
    """A row of a cross-validation selects all its folds; opened it is its first one, which has the table of all."""
    ids = [run.id for run in runs]
    chosen = set(selected())
    rows = [row for row, run_id in enumerate(ids) if run_id in chosen]
    known = st.session_state.get(TABLE)
    if known is None or sorted(known["selection"]["rows"]) != rows:
        # Runs stay selected when the order, the page or the filter changes; row numbers do not.
        columns = known["selection"]["columns"] if known else []
        st.session_state[TABLE] = {"selection": {"rows": rows, "columns": columns, "cells": []}}
    together = [[fold.id for fold in folds.get(run_id, ())] or [run_id] for run_id in ids]
    drawn = frame(runs, shown, params, summaries, folds)
    config = column_config(drawn, view.query.sort, view.query.descending)
    for column, width in (("id", 80), ("name", 220)):
        config[column] = link_column(config[column]["label"], ids, f"{OPEN}_{column}", width=width, pinned=True)
    st.dataframe(
        drawn,
        key=TABLE,
        hide_index=True,
        column_config=config,
        on_select=partial(_selected, together, shown, view),
        selection_mode=["multi-row", "single-column", "single-cell"],
        height="content" if len(ids) <= _ROWS_MOST else _HEADER + _ROW * _ROWS_MOST,
        placeholder="",
        alt="Runs",
    )


def _selected(rows: Sequence[Sequence[int]], shown: Sequence[str], view: View) -> None:
    """`rows`: the runs of each."""
    if open_row([each[0] for each in rows], TABLE):
        return
    selection = st.session_state[TABLE]["selection"]
    here = {run_id for each in rows for run_id in each}
    elsewhere = [run_id for run_id in selected() if run_id not in here]
    chosen = [run_id for row in selection["rows"] if row < len(rows) for run_id in rows[row]]
    select([*elsewhere, *chosen])
    # A column stays selected until its title is clicked again: both clicks are meant to sort.
    before, column = st.session_state.get(_COLUMN), next(iter(selection["columns"]), None)
    clicked = column or before or ""
    st.session_state[_COLUMN] = column
    if column != before and clicked in shown and clicked not in UNSORTABLE:
        sort_by(clicked, view.query)
        st.rerun()  # the whole page: the control that says the order stands outside this fragment
