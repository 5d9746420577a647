"""Which of the compared configs is better, how sure that is, and what would settle it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core import charts
from core.common.errors import TraindeckError
from core.common.text import plural
from core.comparison import Group, Params, Summaries, told_apart
from core.reports.panel_specs import VerdictPanel
from core.runs.repeating import can_repeat, more_seeds
from core.verdicts import Against, Verdict, heading, told
from core.verdicts.sentences import grounds, settling
from pages.frontend.chart import chart
from pages.parts.compare.choice import also_compare
from pages.parts.compare.together import draw_together
from pages.shared.add_to_report import add_to_report
from pages.shared.data import context, verdict_of
from pages.shared.format import literal
from pages.shared.judged import judged_by
from pages.shared.versions import group_versions
from pages.shared.widgets import once

_TO_BEGIN = 3  # seeds of each, from which on much can be said
_MOST_AT_ONCE = 20  # further seeds that a button launches
_FAILED = "compare_verdict_failed"


def draw_verdict(groups: Sequence[Group], params: Params, summaries: Summaries, metrics: Sequence[str]) -> None:
    """Why there is none, where there is one config, or no metric that two of them have."""
    if len(groups) < 2:
        if sum(len(group.runs) for group in groups) > 1:
            st.caption("No verdict: these are runs of one config, which differ by chance alone.")
        return
    with st.container(border=True, key="compare_verdict"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader("Verdict", anchor=False, width="content")
            by = judged_by(groups, summaries, metrics)
        if by is None:
            st.caption("No metric that two of them have, yet.")
            return
        members = tuple((group.id, tuple(run.id for run in group.runs)) for group in groups)
        verdict = verdict_of(members, by, group_versions(groups, summaries))
        if verdict is None:
            st.markdown(f"No verdict: fewer than two have a value of {literal(by)} yet.")
            return
        names = told_apart(groups, params)
        _tell(verdict, names)
        add_to_report(VerdictPanel(runs=tuple(run.id for group in groups for run in group.runs), metric=by), "verdict")
        _offer(verdict, {group.id: group for group in groups}, names)
        draw_together(groups, params, summaries, by)
        if message := st.session_state.pop(_FAILED, ""):
            st.error(literal(message, 600))


def _tell(verdict: Verdict, names: Mapping[int, str]) -> None:
    icon = ":material/trophy:" if verdict.is_sure else ":material/balance:"
    bold = {key: f"**{literal(name, 80)}**" for key, name in names.items()}
    st.markdown(f"{icon} {heading(verdict, bold)}")
    lines = told(verdict, bold)
    if len(verdict.against) > 1:
        if any(each.estimate for each in verdict.against):
            figure = charts.leads(verdict, names)
            chart(figure, key="compare_leads", alt=f"How far the best leads in {verdict.metric}, with intervals")
        with st.expander(f"Against each of the {len(lines)} others"):
            st.markdown("\n".join(f"- {line}" for line in lines))
        lines = []
    st.caption(
        " ".join(part for part in (settling(verdict.against[0], verdict.metric), *lines, grounds(verdict)) if part)
    )


def _offer(verdict: Verdict, groups: Mapping[int, Group], names: Mapping[int, str]) -> None:
    """A button that launches what is missing, for the best and the first that is not told apart from it."""
    other = next((each for each in verdict.against if not each.is_sure), None)
    if other is None:
        return
    lacking = _lacking(verdict, other)
    pair = [groups[key] for key in (verdict.best, other.other)]
    if not lacking or max(lacking) > _MOST_AT_ONCE or not all(can_repeat(each.runs) for each in pair):
        return
    count = max(lacking)
    who = "each" if len(groups) == 2 else f"{names[pair[0].id]} and {names[pair[1].id]}"
    st.button(
        f"Launch {plural(count, 'more seed')} of {literal(who, 120)}", key="compare_more_seeds",
        icon=":material/casino:", help="The same configs with further seeds; they join this comparison.",
        **once("compare_more_seeds", _launch, list(zip(pair, lacking, strict=True))),
    )  # fmt: skip


def _lacking(verdict: Verdict, other: Against) -> list[int]:
    """Seeds that the best and the other want; none where no number of seeds helps, or it is not known."""
    have = [len(verdict.repeats[key].values) for key in (verdict.best, other.other)]
    if other.wanted is not None:
        wanted = other.wanted
    elif (other.estimate is None or other.basis == "examples") and min(have) < 2 and "data" not in other.reason:
        wanted = _TO_BEGIN
    else:
        return []
    return [max(0, wanted - count) for count in have]


def _launch(wanted: Sequence[tuple[Group, int]]) -> None:
    try:
        made = [run_id for group, count in wanted if count for run_id in more_seeds(context(), group.runs, count)]
    except TraindeckError as error:
        st.session_state[_FAILED] = str(error)
        return
    also_compare(made)
