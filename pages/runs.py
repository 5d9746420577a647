"""The Runs page: every run in one table, to search, sort, select and act on."""

from functools import partial

import streamlit as st

from core import runs
from core.runs.records import RunPage, RunRecord
from core.runs.search_completion import completions
from core.runs.search_error import SearchError
from pages.frontend.completing import completing
from pages.parts.runs import actions, filters
from pages.parts.runs.columns import CURVES, columns, metrics_in, params_in
from pages.parts.runs.editor import editor
from pages.parts.runs.folded import FOLD_PARAMS
from pages.parts.runs.selection import table
from pages.shared import address
from pages.shared.data import context
from pages.shared.format import plural
from pages.shared.nav import IMPORT, LAUNCH, OVERVIEW, RUNS
from pages.shared.saved_views import apply_view, views
from pages.shared.search_help import unread
from pages.shared.widgets import reader_zone

POLL_SECONDS = 2.0
EDIT = "runs_edit"


def main() -> None:
    apply_view(RUNS)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title("Runs", anchor=False, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            views(RUNS)
            st.page_link(IMPORT.path, label="Import", help="")
            st.page_link(LAUNCH.path, label="Launch a run", help="")
    names = columns(*runs.column_names(context()))
    experiments = list(runs.experiments(context()))
    view = filters.view(names, experiments, runs.all_tags(context()), folded=not st.session_state.get(EDIT, False))
    polls = _polls()
    st.fragment(run_every=POLL_SECONDS if polls else None)(listed)(view, polls)
    completing(filters.SEARCH, completions(context(), view.search))


def _polls() -> bool:
    """Not while no run is active, or while somebody types into the table."""
    return bool(runs.active(context())) and not st.session_state.get(EDIT, False)


def listed(view: filters.View, polls: bool) -> None:
    """The actions, the page of the table and the pages there are."""
    try:
        page, number = _page(view)
    except SearchError as error:
        unread(error)
        return
    actions.show_notice()
    if not page.total:
        _nothing(view)
        return
    shown = ("id", "state", "name", "curve", *view.columns)
    folds = _folds(page, view)
    ids = list(dict.fromkeys([*(run.id for run in page.runs), *(run.id for each in folds.values() for run in each)]))
    every = page.every or page.total
    params = runs.params(context(), ids, [*params_in(shown), *(FOLD_PARAMS if folds else ())])
    summaries = runs.summaries(context(), ids, list(dict.fromkeys((*CURVES, *metrics_in(shown)))))
    actions.action_bar(view, every)
    if st.session_state.get(EDIT) and not view.query.trashed:
        editor(page.runs)
    else:
        table(page.runs, shown, params, summaries, view, folds)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            _count(page.total, number, view, every), width="content",
            help="Click a column's title to sort all of them by it.",
        )  # fmt: skip
        pages = filters.pages_of(page.total, view.query)
        if pages > 1:
            st.pagination(pages, key=filters.PAGE, bind=address.within(filters.PAGE, 1, pages))
        st.toggle(
            "Edit in the table", key=EDIT, help="Change names, tags and notes in place", disabled=view.query.trashed
        )
    if polls != _polls():
        st.rerun()


def _page(view: filters.View) -> tuple[RunPage, int]:
    """The wanted page, or the last one there is. Raises SearchError for a search that cannot be read."""
    number = filters.wanted_page()
    fetch = partial(runs.listing, context(), search=view.search, zone=reader_zone())
    page = fetch(query=filters.on_page(view.query, number))
    last = filters.pages_of(page.total, view.query)
    if number > last:
        number = last
        st.session_state[filters.PAGE] = last
        page = fetch(query=filters.on_page(view.query, last))
    return page, number


def _folds(page: RunPage, view: filters.View) -> dict[int, list[RunRecord]]:
    """Of the rows that are a cross-validation each, all its runs that match; nothing while they are edited."""
    if not view.query.folded:
        return {}
    ids = [run.id for run in page.runs]
    found = runs.folds_together(context(), view.query, ids, view.search, reader_zone())
    several = {run_id: each for run_id, each in found.items() if len(each) > 1}
    known = {run.id: run for run in runs.get_many(context(), [run_id for each in several.values() for run_id in each])}
    return {run_id: [known[fold] for fold in each if fold in known] for run_id, each in several.items()}


def _count(total: int, number: int, view: filters.View, every: int) -> str:
    first = (number - 1) * view.query.limit + 1
    last = min(total, number * view.query.limit)
    matching = "matches" if total == 1 else "match"
    what = "in the trash" if view.query.trashed else matching if view.is_filtered else "in all"
    span = "" if total <= view.query.limit else f"{first:,}–{last:,} of "
    folded = f" · {plural(every, 'run')} with all folds" if every > total else ""
    return f"{span}{plural(total, 'run')} {what}{folded}"


def _clear_filters() -> None:
    filters.clear_filters()
    st.rerun()


def _nothing(view: filters.View) -> None:
    with st.container(border=True, key="runs_nothing"):
        if view.is_filtered:
            st.markdown("**No run matches.** Use fewer words or filters, or look at all of them.")
            st.button("Clear search and filters", key="runs_clear_filters", icon=":material/filter_alt_off:",
                      on_click=_clear_filters)  # fmt: skip
        elif view.query.trashed:
            st.markdown("**The trash is empty.** Deleted runs wait here until the trash is emptied.")
        else:
            st.markdown("**No runs yet.** Configure a training and start it, or launch the demo from the overview.")
            with st.container(horizontal=True):
                st.page_link(LAUNCH.path, label="Configure a run", help="")
                st.page_link(OVERVIEW.path, label="Go to the overview", help="")


main()
