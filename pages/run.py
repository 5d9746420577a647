"""The Run page: one run in full. The run is the URL's `id`; without one, a recent run can be chosen."""

import time

import streamlit as st

from core import runs
from core.common.errors import NotFoundError
from core.runs.records import RunQuery, RunRecord
from pages.frontend.switch import is_plain
from pages.parts.evaluation import generator
from pages.parts.run import details, evaluation, live
from pages.parts.run.header import header
from pages.parts.run.try_it import try_it
from pages.shared.data import context
from pages.shared.format import ago, literal
from pages.shared.nav import LAUNCH
from pages.shared.run_table import run_table

POLL_SECONDS = 1.0
RECENT = 20


def main() -> None:
    asked = st.query_params.get("id", "")
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
    st.fragment(run_every=every)(live.status)(run, metrics)
    tabs = st.tabs(
        ["Curves", "Evaluation", "Try it", "Log", "Config", "System", "Files", "Facts"],
        key="run_view",
        bind="query-params",
    )
    curves, result, trial, log, config, system, files, facts = tabs
    with curves:
        if curves.open:
            axis, log_scale = live.curve_controls(run)
            st.fragment(run_every=every if is_plain() else None)(live.curves)(run.id, axis, log_scale)
    with result:
        if result.open:
            evaluation.show(run)
            if evaluation.generates(run):
                st.fragment(run_every=every and 2 * every)(generator.learning)(run.id)
    with trial:
        if trial.open:
            st.fragment(run_every=every and 2 * every)(try_it)(run)
    with log:
        if log.open:
            st.fragment(run_every=every)(live.log)(run.id)
    with config:
        if config.open:
            details.config(run)
    with system:
        if system.open:
            st.fragment(run_every=every if is_plain() else None)(live.telemetry)(run.id)
    with files:
        if files.open:
            details.files(run)
    with facts:
        if facts.open:
            details.facts(run)


main()
