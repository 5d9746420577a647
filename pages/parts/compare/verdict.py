"""Which of the compared configs is better, how sure that is, and what would settle it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core import charts
from core.comparison import Group, Params, Summaries, told_apart
from core.comparison.ranking import searched_told
from core.reports.panel_specs import VerdictPanel
from core.runs.search_names import short_name
from core.sweeps.sweep_goals import TOLD, kind_by_goals, newest_goal
from core.verdicts import Verdict, heading, told
from core.verdicts.sentences import MOST_OF_NAME, grounds
from core.verdicts.settling import settling
from core.verdicts.standing_told import judged_told
from pages.frontend.chart import chart
from pages.parts.compare.choice import MOST, also_compare
from pages.parts.compare.together import draw_together
from pages.shared.add_to_report import add_to_report
from pages.shared.data import context, verdict_of
from pages.shared.format import literal, plural
from pages.shared.further_seeds import offer
from pages.shared.judged import judged_by
from pages.shared.versions import group_versions

_HELP = {
    False: "The same configs with further seeds; they join this comparison.",
    True: "The same configs; each further seed cuts the examples anew, in the same way for both. They join this "
    "comparison.",
}  # by whether they are folds


def draw_verdict(
    groups: Sequence[Group], params: Params, summaries: Summaries, metrics: Sequence[str], grouped_by: Sequence[str]
) -> str | None:
    """Returns by which metric it is. It says why there is none: of one config, or without a metric that two have.

    Args:
        grouped_by: params by which curves are grouped; these groups, of configs that differ in more, are not judged.
    """
    if len(groups) < 2:
        if sum(len(group.runs) for group in groups) > 1:
            st.caption("No verdict: these are runs of one config, which differ by chance alone.")
        return None
    with st.container(border=True, key="compare_verdict"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader("Verdict", anchor=False, width="content")
            goal = newest_goal(context(), [run.id for group in groups for run in group.runs])
            by = judged_by(groups, summaries, metrics, goal)
        if grouped_by:
            keys = literal(", ".join(map(short_name, grouped_by)), 80)
            st.caption(f"It judges the {plural(len(groups), 'config')}, not the groups by {keys}.")
        if by is None:
            st.caption("No metric that two of them have, yet.")
            return None
        members = tuple((group.id, tuple(run.id for run in group.runs)) for group in groups)
        kind = kind_by_goals(context(), {run.experiment for group in groups for run in group.runs}, by)
        verdict = verdict_of(members, by, group_versions(groups, summaries), kind)
        if verdict is None:
            st.markdown(f"No verdict: fewer than two have a value of {literal(by)} yet.")
            return by
        names = told_apart(groups, params)
        _tell(verdict, names, searched_told(by, goal))
        if kind == "last":
            st.caption(TOLD)
        add_to_report(VerdictPanel(runs=tuple(run.id for group in groups for run in group.runs), metric=by), "verdict")
        offer(verdict, groups, names, "compare", _HELP, also_compare, MOST)
        draw_together(verdict.judges(groups), params, summaries, by, kind)
    return by


def _tell(verdict: Verdict, names: Mapping[int, str], searched: str) -> None:
    icon = ":material/trophy:" if verdict.is_sure else ":material/balance:"
    bold = {key: f"**{literal(name, MOST_OF_NAME)}**" for key, name in names.items()}
    st.markdown(f"{icon} {heading(verdict, bold)}")
    lines = told(verdict, bold)
    settled_by = settling(verdict, bold)
    if len(verdict.against) > 1:
        if any(each.estimate for each in verdict.against):
            figure = charts.leads(verdict, names)
            chart(figure, key="compare_leads", alt=f"How far the best leads in {verdict.metric}, with intervals")
        with st.expander(f"Against each of the {len(verdict.against)} others"):
            st.markdown("\n".join(f"- {line}" for line in told(verdict, bold, in_full=True)))
        lines = []
    parts = judged_told(verdict, bold), settled_by, *lines, literal(searched), grounds(verdict)
    st.caption(" ".join(filter(None, parts)))
