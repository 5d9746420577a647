"""Which of the compared configs is better, how sure that is, and what would settle it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core import charts
from core.common.errors import TraindeckError
from core.comparison import Group, Params, Summaries, told_apart
from core.reports.panel_specs import VerdictPanel
from core.runs.folds import with_folds
from core.runs.repeating import can_repeat, more_seeds, usual_seconds
from core.verdicts import Verdict, heading, told
from core.verdicts.sentences import grounds
from core.verdicts.settling import Lacking, lacking, of_whom, settling
from pages.frontend.chart import chart
from pages.parts.compare.choice import MOST, also_compare
from pages.parts.compare.together import draw_together
from pages.shared.add_to_report import add_to_report
from pages.shared.clicks import once
from pages.shared.data import context, verdict_of
from pages.shared.format import literal, roughly
from pages.shared.judged import judged_by
from pages.shared.versions import group_versions

_FIRST = 20  # further seeds of a config that are offered to begin with
_FAILED = "compare_verdict_failed"
_HELP = {
    False: "The same configs with further seeds; they join this comparison.",
    True: "The same configs; each further seed cuts the examples anew, in the same way for both. They join this "
    "comparison.",
}  # by whether they are folds


def draw_verdict(groups: Sequence[Group], params: Params, summaries: Summaries, metrics: Sequence[str]) -> None:
    """Why there is none, where there is one config, or no metric that two of them have."""
    if len(groups) < 2:
        if sum(len(group.runs) for group in groups) > 1:
            st.caption("No verdict: these are runs of one config, which differ by chance alone.")
        return
    with st.container(border=True, key="compare_verdict"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader("Verdict", anchor=False, width="content")
            by = judged_by(groups, params, summaries, metrics)
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
    settled_by = settling(verdict, bold)
    if len(verdict.against) > 1:
        if any(each.estimate for each in verdict.against):
            figure = charts.leads(verdict, names)
            chart(figure, key="compare_leads", alt=f"How far the best leads in {verdict.metric}, with intervals")
        with st.expander(f"Against each of the {len(lines)} others"):
            st.markdown("\n".join(f"- {line}" for line in lines))
        lines = []
    st.caption(" ".join(part for part in (settled_by, *lines, grounds(verdict)) if part))


def _offer(verdict: Verdict, groups: Mapping[int, Group], names: Mapping[int, str]) -> None:
    """Buttons that launch what is missing, for the best and the first that is not told apart from it."""
    every = lacking(verdict)
    if every is None:
        return
    found = every.beside(verdict.repeats)
    if found is None:
        st.caption("As many are queued or at work.")
        return
    if not all(can_repeat(groups[key].runs) for key in found.sides):
        if found.tells:
            st.caption("They are to be run where the others were: what a client reported, nobody launches from here.")
        return
    short = {key: literal(name, 60) for key, name in names.items()}
    room = MOST - sum(len(group.runs) for group in groups.values())
    begun = found.first(min(_FIRST, room // len(found.sides)) if found.folds else _FIRST)
    is_all = begun == found
    with st.container(horizontal=True, vertical_alignment="center", key="compare_settling"):
        st.button(
            f"Launch {of_whom(verdict, begun, short)}{'' if is_all else ' first'}", key="compare_more_seeds",
            icon=":material/casino:", help=_HELP[bool(found.folds)],
            **once("compare_more_seeds", _launch, groups, begun),
        )  # fmt: skip
        if not is_all:
            st.button(
                f"Launch all {found.runs:,} runs", key="compare_all_seeds", type="tertiary",
                **once("compare_all_seeds", _launch, groups, found),
            )  # fmt: skip
        st.caption(_told(groups, begun.sides, found.sides), width="content")


def _told(groups: Mapping[int, Group], begun: Mapping[int, int], wanted: Mapping[int, int]) -> str:
    """What the buttons take, and where more runs than this page has room for are judged; "" where it is not known."""
    told = [_takes(groups, begun)]
    if begun != wanted:
        told.append(f"all {_takes(groups, wanted)}" if told[0] else "")
    if sum(wanted.values()) + sum(len(group.runs) for group in groups.values()) > MOST:
        told.append(f"here is room for {MOST} runs, Experiments judges any number")
    return "; ".join(filter(None, told))


def _takes(groups: Mapping[int, Group], sides: Mapping[int, int]) -> str:
    """How long so many runs train, one after another; "" where it is not known."""
    each = {key: usual_seconds(groups[key].runs) for key, count in sides.items() if count}
    if None in each.values():
        return ""
    return f"about {roughly(sum(count * (each.get(key) or 0.0) for key, count in sides.items()))} of training"


def _launch(groups: Mapping[int, Group], wanted: Lacking) -> None:
    made: list[int] = []
    try:
        for key, count in wanted.sides.items():
            runs = groups[key].runs
            if wanted.folds:
                places = [(int(seed), int(fold)) for seed, fold in wanted.places[key]]
                made += with_folds(context(), runs, places)
            elif count:
                made += more_seeds(context(), runs, count)
    except TraindeckError as error:
        st.session_state[_FAILED] = str(error)
    also_compare(made)
