"""The controls over the table of runs; their values stand in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.runs import kept_columns
from core.runs.records import RunQuery, RunState
from pages.frontend.browser import browser_name
from pages.parts.runs.columns import Columns, full_title
from pages.shared import address
from pages.shared.data import context
from pages.shared.search_help import HELP

SEARCH, STATE, EXPERIMENT, TAG, TRASH = "search", "state", "experiment", "tag", "trash"
SORT, ORDER, PAGE, SIZE, COLUMNS = "sort", "order", "page", "size", "columns"
SIZES = (25, 50, 100, 200)
_NEWEST = "created_at"


@dataclass(frozen=True)
class View:
    """What somebody wants to see: the query without its page, the search text, and the columns."""

    query: RunQuery
    search: str
    columns: tuple[str, ...]

    @property
    def is_filtered(self) -> bool:
        query = self.query
        return bool(self.search.strip() or query.states or query.experiments or query.tags)


def view(columns: Columns, experiments: list[str], tags: list[str], *, folded: bool) -> View:
    """Draw the controls and read them; `folded`: whether a cross-validation is one row."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="runs_search"):
        search = st.text_input(
            "Search", key=SEARCH, bind="query-params", type="search", live="300ms", help=HELP, on_change=first_page,
            placeholder="adam batch_size = 64 val_accuracy.best > 0.9", icon=":material/search:",
        )  # fmt: skip
        sort = st.selectbox(
            "Sort by", columns.sortable, index=columns.sortable.index(_NEWEST), key=SORT,
            bind=address.among(SORT, list(map(full_title, columns.sortable))),
            format_func=full_title, on_change=first_page, width=220,
        )  # fmt: skip
        order = st.segmented_control(
            "Order", ("desc", "asc"), default="desc", key=ORDER,
            bind=address.among(ORDER, ("desc", "asc")), required=True,
            on_change=first_page, label_visibility="collapsed",
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", key="runs_filters"):
        states = _several("State", [state.value for state in RunState], STATE)
        chosen_experiments = _several("Experiment", experiments, EXPERIMENT)
        chosen_tags = _several("Tag", tags, TAG)
        shown, size = _layout(columns)
        trashed = st.toggle(
            "Trash", key=TRASH, bind=address.switch(TRASH), on_change=first_page, help="Show deleted runs"
        )
    query = RunQuery(
        states=tuple(RunState(state) for state in states),
        experiments=tuple(chosen_experiments),
        tags=tuple(chosen_tags),
        trashed=trashed,
        sort=sort if sort in columns.sortable else _NEWEST,
        descending=order != "asc",
        limit=size if size in SIZES else SIZES[1],
        folded=folded,
    )
    return View(query, search or "", tuple(name for name in shown if name in columns.choices))


def _layout(columns: Columns) -> tuple[list[str], int]:
    """The columns of the address, else those that this browser chose before, else the usual ones."""
    if COLUMNS not in st.session_state and COLUMNS not in st.query_params:
        kept = kept_columns.kept(context().workspace.settings, browser_name())
        if kept is not None:
            st.session_state[COLUMNS] = [name for name in kept if name in columns.choices]
    with st.popover("Columns", icon=":material/view_column:", key="runs_columns"):
        shown = st.multiselect(
            "Columns", columns.choices, default=columns.default, key=COLUMNS,
            bind=address.among(COLUMNS, list(map(full_title, columns.choices))),
            on_change=_keep_columns, format_func=full_title, width=460, select_all=False,
        )  # fmt: skip
        if shown != list(columns.default):
            st.button("Usual columns", key="runs_columns_usual", on_click=_usual_columns, args=(columns.default,))
        size = st.segmented_control(
            "Runs per page",
            SIZES,
            default=SIZES[1],
            key=SIZE,
            bind=address.among(SIZE, list(map(str, SIZES))),
            required=True,
            on_change=first_page,
        )
    return shown, size


def _keep_columns() -> None:
    kept_columns.keep(context().workspace.settings, browser_name(), st.session_state[COLUMNS])


def _usual_columns(usual: Sequence[str]) -> None:
    st.session_state[COLUMNS] = list(usual)
    kept_columns.keep(context().workspace.settings, browser_name(), None)


def _several(label: str, options: list[str], key: str) -> list[str]:
    chosen = st.multiselect(
        label, options, key=key, bind=address.among(key, options), on_change=first_page, placeholder="Any"
    )
    return [name for name in chosen if name in options]


def first_page() -> None:
    st.session_state[PAGE] = 1


def clear_filters() -> None:
    """Show everything again; sorting and columns stay."""
    st.session_state[SEARCH] = ""
    for key in (STATE, EXPERIMENT, TAG):
        st.session_state[key] = []
    first_page()


def sort_by(column: str, current: RunQuery) -> None:
    """By this column, largest first; the other way round when it is sorted by already."""
    flipped = column == current.sort and current.descending
    st.session_state[SORT] = column
    st.session_state[ORDER] = "asc" if flipped else "desc"
    first_page()


def wanted_page() -> int:
    """The page that the address or the last click asks for, before its widget is drawn."""
    value = st.session_state.get(PAGE) or st.query_params.get(PAGE) or 1
    return max(1, int(value)) if str(value).isdecimal() and len(str(value)) < 9 else 1


def on_page(query: RunQuery, page: int) -> RunQuery:
    return replace(query, offset=(page - 1) * query.limit)


def pages_of(total: int, query: RunQuery) -> int:
    return max(1, -(-total // query.limit))
