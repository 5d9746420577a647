"""The Experiments page: what an experiment has found, how sure that is, what each param did, and what to try next."""

import streamlit as st

from core import runs as use_cases
from core.common.text import plural
from core.comparison import metric_names, seed_groups, told_apart
from core.runs.records import RunQuery
from pages.parts.experiments.effects import draw_effects
from pages.parts.experiments.leaderboard import draw_leaderboard
from pages.parts.experiments.tried import draw_tried
from pages.shared.data import context
from pages.shared.judged import judged_by
from pages.shared.nav import LAUNCH, OVERVIEW

NAME = "name"  # in the address
_MOST = 2_000  # runs, the newest ones


def main() -> None:
    st.title("Experiments", anchor=False)
    known = use_cases.experiments(context())
    if not known:
        with st.container(border=True, key="experiments_nothing"):
            st.markdown("**No experiments yet.** Runs are grouped by the experiment that they were launched into.")
            st.page_link(LAUNCH.path, label="Configure a run", help="")
            st.page_link(OVERVIEW.path, label="Go to the overview, which has a demo", help="")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="experiments_controls"):
        chosen = st.selectbox(
            "Experiment", list(known), format_func=lambda name: f"{name} ({known[name]:,})", key=NAME,
            bind="query-params", width=320,
        )  # fmt: skip
        page = use_cases.listing(context(), RunQuery(experiments=(chosen,), limit=_MOST))
        runs = list(reversed(page.runs))
        run_ids = [run.id for run in runs]
        summaries = use_cases.summaries(context(), run_ids)
        params = use_cases.params(context(), run_ids)
        groups = seed_groups(runs, params)
        by = judged_by(groups, summaries, metric_names(summaries, run_ids))
    st.caption(
        f"{plural(len(runs), 'run')} of {plural(len(groups), 'config')}"
        + (f"; the newest {_MOST:,} of {page.total:,}." if page.total > len(runs) else ".")
    )
    if by is None:
        st.info("None of these runs has recorded a metric yet.", icon=":material/hourglass_empty:")
        return
    names = told_apart(groups, params)
    found = draw_leaderboard(groups, names, params, summaries, by)
    if found is not None:
        draw_tried(found, params)
        draw_effects(found, params)


main()
