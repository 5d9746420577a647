"""The Experiments page: what an experiment has found, how sure that is, what each param did, and what to try next."""

import streamlit as st

from core import runs as use_cases
from core.common.text import plural, quoted
from core.comparison.ranking import searched_told
from core.comparison.whole_experiment import WholeExperiment
from core.sweeps.sweep_goals import TOLD, kind_by_goals, newest_goal
from pages.parts.experiments.effects import draw_effects
from pages.parts.experiments.empty_areas import draw_empty_areas
from pages.parts.experiments.leaderboard import draw_leaderboard
from pages.parts.experiments.notes import draw_notes
from pages.parts.experiments.tried import draw_tried
from pages.shared import address, of_experiment
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.judged import judged_by
from pages.shared.kept import experiment, on_data_set, ranked_by
from pages.shared.nav import EXPERIMENTS, LAUNCH, OVERVIEW
from pages.shared.saved_views import apply_view, views

NAME, DATA = "name", "data"  # in the address
ALIAS = "experiment"  # what people write for the name
_UNTOLD = "not told"


def main() -> None:
    apply_view(EXPERIMENTS)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title("Experiments", anchor=False, width="content")
        views(EXPERIMENTS)
    known = use_cases.experiments(context())
    if not known:
        with st.container(border=True, key="experiments_nothing"):
            st.markdown("**No experiments yet.** Runs are grouped by the experiment that they were launched into.")
            st.page_link(LAUNCH.path, label="Configure a run", help="")
            st.page_link(OVERVIEW.path, label="Go to the overview, which has a demo", help="")
        return
    key = NAME if NAME in st.query_params else ALIAS
    asked = st.query_params.get(NAME, "")
    if not asked and (asked := st.query_params.pop(ALIAS, "")) in known:
        st.session_state[NAME] = asked
    if asked and asked not in known:
        told = f"there is no experiment {literal(quoted(asked, 80))}: it was renamed, or its runs moved or deleted"
        address.note(key, f"{told}. Another is shown; choose one below")
    with st.container(horizontal=True, vertical_alignment="bottom", key="experiments_controls"):
        chosen = st.selectbox(
            "Experiment", list(known), key=NAME, bind="query-params", width=320, on_change=of_experiment.for_other
        )
        found = _of_one_data_set(experiment(chosen))
        goal = newest_goal(context(), chosen)
        by = judged_by(found.groups, found.params, found.summaries, found.metrics, goal, chosen)
    others = f" {plural(len(found.elsewhere), 'run')} on other data." if found.elsewhere else ""
    st.caption(f"{plural(len(found.runs), 'run')} of {plural(len(found.groups), 'config')}.{others}")
    st.fragment(draw_notes)(chosen)
    if by is None:
        st.info("None of these runs has recorded a metric yet.", icon=":material/hourglass_empty:")
        return
    kind = kind_by_goals(context(), [chosen], by)
    if how := " ".join(filter(None, [literal(searched_told(by, goal)), TOLD if kind == "last" else ""])):
        st.caption(how)
    order = ranked_by(found, by, kind)
    data = next(iter(found.data_sets)) if found.elsewhere else ""
    if draw_leaderboard(order, found.summaries, chosen, data):
        draw_tried(order)
        draw_empty_areas(order, chosen)
        draw_effects(order, chosen, data)


def _of_one_data_set(found: WholeExperiment) -> WholeExperiment:
    """Where its runs are on several, one is chosen: what they reach there cannot be ranked."""
    if len(found.data_sets) < 2:
        return found
    names = [name or _UNTOLD for name in found.data_sets]
    chosen = of_experiment.choice("Data set", names, DATA, found.name, 240)
    return on_data_set(found, "" if chosen == _UNTOLD else chosen)


main()
