"""The Run page: one run in full. The run is the URL's `id`; without one, a recent run can be chosen."""

import time
from collections.abc import Callable

import streamlit as st

from core import runs
from core.common.errors import NotFoundError
from core.runs.data_leaks import leaks_of
from core.runs.data_names import data_set
from core.runs.media import has_media
from core.runs.records import RunQuery, RunRecord
from pages.frontend.switch import is_plain
from pages.parts.evaluation import generator
from pages.parts.run import curves as curves_view
from pages.parts.run import details, evaluation, live
from pages.parts.run.code import code
from pages.parts.run.folds import draw_folds
from pages.parts.run.header import header
from pages.parts.run.history import history
from pages.parts.run.kept import judging
from pages.parts.run.media_tab import media_tab
from pages.parts.run.try_it import try_it
from pages.shared import address
from pages.shared.data import context
from pages.shared.format import ago, literal
from pages.shared.leaks import draw_leaks
from pages.shared.nav import LAUNCH
from pages.shared.run_table import run_table

POLL_SECONDS = 1.0
RECENT = 20
_FOLDS_SECONDS = 5.0  # between two looks at the other folds


def main() -> None:
    asked = st.query_params.get("id") or st.query_params.get("run", "")  # as people guess it
    if not asked:
        choose("Run")
        return
    try:
        run = runs.find(context(), asked)
    except NotFoundError as error:
        choose("Run")
        st.error(literal(str(error)))
        return
    show(run)


def choose(title: str) -> None:
    """The recent runs, to open one."""
    st.title(title, anchor=False)
    recent = runs.listing(context(), RunQuery(limit=RECENT)).runs
    if not recent:
        st.info("There is no run yet. Configure and launch one.", icon=":material/rocket_launch:")
        st.page_link(LAUNCH.path, label="Launch a run", icon=LAUNCH.icon, help="")
        return
    st.markdown("Choose a run to see its curves, log, config and files.")
    now = time.time()
    run_table(
        recent,
        {
            "Number": [run.id for run in recent],
            "Experiment": [run.experiment for run in recent],
            "Data set": [data_set(run) for run in recent],
            "Created": [ago(run.created_at, now) for run in recent],
            "By": [run.created_by for run in recent],
        },
        key="run_recent",
        alt="Recent runs",
    )


def show(run: RunRecord) -> None:
    # Nothing is polled once the run is at rest.
    every = None if run.state.is_finished else POLL_SECONDS
    header(run)
    metrics = frozenset(runs.summaries(context(), [run.id]).get(run.id, {}))
    shows = has_media(context(), run.id)
    has_network = live.has_network(run)
    st.fragment(run_every=every)(live.status)(run, metrics, shows, has_network)
    data_set, leaks = leaks_of(context().workspace.settings, run)
    draw_leaks([leak for leak in leaks if not leak.slight], f"**{literal(data_set, 60)}** · ")
    st.fragment(run_every=every and _FOLDS_SECONDS)(draw_folds)(run)
    titles = runs.tabs_of(run, shows, has_network)
    for title, tab in zip(titles, st.tabs(titles, key="run_view", bind=address.among("run_view", titles)), strict=True):
        with tab:
            if tab.open:
                TABS[title](run, every)


def curves(run: RunRecord, every: float | None) -> None:
    view = curves_view.curve_controls(has_epochs=bool(run.steps_per_epoch) or not run.state.is_finished)
    by_itself = not (is_plain() or view.smoothing)  # the browser asks for new points, and does not smooth them
    st.fragment(run_every=None if by_itself else every)(curves_view.curves)(run.id, view)


def tried(run: RunRecord, every: float | None) -> None:
    if judging(run, "try"):
        st.fragment(run_every=every and 2 * every)(try_it)(run)


def result(run: RunRecord, every: float | None) -> None:
    if not judging(run, "evaluation"):
        return
    evaluation.show(run)
    if evaluation.generates(run):
        st.fragment(run_every=every and 2 * every)(generator.learning)(run.id)


# What a kind of run can show, by title; which of them one shows is said in core.runs.kinds. The second argument is the
# time between two looks in seconds, None when the run is at rest.
TABS: dict[str, Callable[[RunRecord, float | None], None]] = {
    "Curves": curves,
    "Media": lambda run, every: st.fragment(run_every=every and 2 * every)(media_tab)(run.id),
    "Evaluation": result,
    "Try it": tried,
    "Log": lambda run, every: st.fragment(run_every=every)(live.log)(run.id),
    "Code": lambda run, _: code(run),
    "Config": lambda run, _: details.config(run),
    "System": lambda run, every: st.fragment(run_every=every if is_plain() else None)(curves_view.telemetry)(run.id),
    "Files": lambda run, _: details.files(run),
    "Facts": lambda run, _: details.facts(run),
    "History": lambda run, every: st.fragment(run_every=every and 2 * every)(history)(run.id),
}


main()
