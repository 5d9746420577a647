"""The Compare page: which of these runs is better, and why."""

from collections.abc import Sequence

import streamlit as st

from core import runs as use_cases
from core.comparison import Params, Summaries, has_folds, metric_names, param_groups, seed_groups, settings_that_differ
from core.runs.data_names import is_repeat
from core.runs.records import RunRecord
from pages.frontend.switch import is_plain
from pages.parts.compare.baselines import draw_baselines
from pages.parts.compare.choice import PICKED, chosen_runs, show_newest
from pages.parts.compare.code import draw_code
from pages.parts.compare.controls import controls
from pages.parts.compare.curves import draw_curves
from pages.parts.compare.ensemble import draw_ensemble
from pages.parts.compare.flips import draw_flips
from pages.parts.compare.media_beside import draw_media
from pages.parts.compare.on_other import draw_on_other
from pages.parts.compare.params import draw_params
from pages.parts.compare.side_by_side import draw_side_by_side
from pages.parts.compare.table import draw_table
from pages.parts.compare.verdict import draw_verdict
from pages.shared.data import context
from pages.shared.nav import COMPARE, LAUNCH, OVERVIEW, RUNS
from pages.shared.saved_views import apply_view, views

POLL_SECONDS = 2.0


def main() -> None:
    apply_view(COMPARE)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title("Compare", anchor=False, width="content")
        views(COMPARE)
    runs = chosen_runs()
    if not runs:
        _nothing()
        return
    run_ids = [run.id for run in runs]
    params = use_cases.params(context(), run_ids)
    metrics = metric_names(use_cases.summaries(context(), run_ids), run_ids)
    groups = seed_groups(runs, params)
    wanted = controls(
        metrics,
        _shared(run_ids, params),
        has_groups=len(groups) < len(runs),
        folds=has_folds(groups, params),
        has_epochs=all(run.steps_per_epoch for run in runs),
    )
    shown = param_groups(runs, params, wanted.keys) if wanted.keys else groups
    active = any(not run.state.is_finished for run in runs)

    picked = list(st.session_state[PICKED])

    def now() -> tuple[Sequence[RunRecord], Summaries]:
        return use_cases.get_many(context(), run_ids) if active else runs, use_cases.summaries(context(), run_ids)

    def curves() -> None:
        found, summaries = now()
        draw_curves(found, params, summaries, shown, wanted)

    def results() -> None:
        if st.session_state[PICKED] != picked:
            st.rerun()  # in full: a point or a button below chose other runs
        found, summaries = now()
        if [run.state for run in found] != [run.state for run in runs]:
            st.rerun()  # in full: a run came to rest, or was resumed and repeats a part of its curves
        if metric_names(summaries, run_ids) != metrics:
            st.rerun()
        listed = [*dict.fromkeys((by, *wanted.metrics) if by else wanted.metrics)]
        draw_table(found, shown if wanted.grouped else None, params, summaries, listed, wanted.how, wanted.keys)
        draw_baselines(found, shown if wanted.grouped else None, summaries)
        draw_params(found, shown if wanted.grouped else None, params, summaries, metrics, wanted.how, wanted.keys)

    by = draw_verdict(groups, params, use_cases.summaries(context(), run_ids), metrics, wanted.keys)
    every = POLL_SECONDS if active else None
    # Means and smoothed lines are made here; others grow in the browser.
    made_here = wanted.smoothing or wanted.grouped or is_plain()
    st.fragment(run_every=every if made_here else None)(curves)()
    st.fragment(run_every=every)(results)()
    st.fragment(draw_code)(runs)
    draw_ensemble(runs, groups)
    st.fragment(draw_flips)(runs, groups)
    draw_on_other(runs)
    st.fragment(run_every=every)(draw_media)(runs)
    st.fragment(draw_side_by_side)(runs)


def _shared(run_ids: Sequence[int], params: Params) -> list[str]:
    """Params by which some of the runs fall together and some apart."""
    differ = [key for key in settings_that_differ(run_ids, params) if not is_repeat(key)]
    return [key for key in differ if len({params.get(run, {}).get(key) for run in run_ids}) < len(run_ids)]


def _nothing() -> None:
    with st.container(border=True, key="compare_nothing"):
        if not use_cases.experiments(context()):
            st.markdown("**No runs yet.** Launch two that differ in something, then see here which is better and why.")
            st.page_link(LAUNCH.path, label="Configure a run", help="")
            st.page_link(OVERVIEW.path, label="Go to the overview, which has a demo", help="")
        else:
            st.markdown("**Nothing to compare yet.** Choose runs above, or select them in the table of all runs.")
            st.button("Compare the newest five", key="compare_newest", type="primary", on_click=show_newest)
            st.page_link(RUNS.path, label="All runs", help="")


main()
