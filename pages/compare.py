"""The Compare page: which of these runs is better, and why."""

from collections.abc import Sequence

import streamlit as st

from core import runs as use_cases
from core.comparison import Summaries, metric_names, seed_groups
from core.records import RunRecord
from pages.parts.compare.choice import chosen_runs, show_newest
from pages.parts.compare.controls import Controls, controls
from pages.parts.compare.curves import draw_curves
from pages.parts.compare.params import draw_params
from pages.parts.compare.table import draw_table
from pages.shared.data import Version, workspace
from pages.shared.nav import LAUNCH, OVERVIEW, RUNS

POLL_SECONDS = 2.0


def main() -> None:
    st.title("Compare", anchor=False)
    runs = chosen_runs()
    if not runs:
        _nothing()
        return
    run_ids = [run.id for run in runs]
    params = use_cases.params(workspace(), run_ids)
    metrics = metric_names(use_cases.summaries(workspace(), run_ids), run_ids)
    groups = seed_groups(runs, params)
    wanted = controls(
        metrics,
        has_groups=len(groups) < len(runs),
        has_epochs=all(run.steps_per_epoch for run in runs),
    )
    active = any(not run.state.is_finished for run in runs)

    def results() -> None:
        now = use_cases.get_many(workspace(), run_ids) if active else runs
        if active and all(run.state.is_finished for run in now):
            st.rerun()  # once more in full, and no longer on a timer
        summaries = use_cases.summaries(workspace(), run_ids)
        if metric_names(summaries, run_ids) != metrics:
            st.rerun()
        draw_curves(now, groups, wanted, _versions(now, summaries, wanted))
        draw_table(now, groups if wanted.grouped else None, params, summaries, wanted.metrics)
        draw_params(now, params, summaries, metrics)

    st.fragment(run_every=POLL_SECONDS if active else None)(results)()


def _versions(runs: Sequence[RunRecord], summaries: Summaries, wanted: Controls) -> dict[int, Version]:
    """What tells that a run's curves have grown, or that it was resumed and repeats a part of them."""
    return {
        run.id: tuple(
            (name, found.count, found.last_step, run.attempt)
            for name, found in summaries.get(run.id, {}).items()
            if name in wanted.metrics
        )
        for run in runs
    }


def _nothing() -> None:
    with st.container(border=True, key="compare_nothing"):
        if not use_cases.experiments(workspace()):
            st.markdown("**No runs yet.** Launch two that differ in something, then see here which is better and why.")
            st.page_link(LAUNCH.path, label="Configure a run", help="")
            st.page_link(OVERVIEW.path, label="Go to the overview, which has a demo", help="")
        else:
            st.markdown("**Nothing to compare yet.** Choose runs above, or select them in the table of all runs.")
            st.button("Compare the newest five", key="compare_newest", type="primary", on_click=show_newest)
            st.page_link(RUNS.path, label="All runs", help="")


main()
