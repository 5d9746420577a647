"""The networks of the compared runs on a data set that is chosen afterwards."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.common.errors import TraindeckError
from core.common.text import percentage, plural
from core.data.library.known import known
from core.evaluation import flips
from core.jobs import comparison, comparison_told
from core.jobs.comparison import Compared, Wanted
from core.runs import has_checkpoint
from core.runs.records import RunRecord
from pages.shared.data import context, workspace
from pages.shared.format import literal, number

ON = "on"  # in the address: the data set
_FAILED, _RUNS = "compare_on_failed", "compare_on_runs"
_POLL = 0.5  # seconds between two looks for the result
_SHOWN = 50  # examples of a kind
_KINDS = ("table", "rows", "image", "text")


def draw_on_other(runs: Sequence[RunRecord]) -> None:
    """Nothing where fewer than two of them have a network here."""
    able = [run for run in runs if has_checkpoint(context(), run)]
    if len(able) < 2:
        return
    st.subheader("On another data set", anchor=False)
    offered = {
        each.name: each.title
        for each in known(workspace().settings)
        if each.place != "missing" and each.info.kind in _KINDS
    }
    named = {run.id: f"#{run.id} {run.name}" for run in able}
    if any(each not in named for each in st.session_state.get(_RUNS, [])):  # of another choice
        del st.session_state[_RUNS]
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_on"):
        chosen = st.multiselect(
            "Networks", list(named), list(named)[:2], key=_RUNS, format_func=named.__getitem__, width=420,
            max_selections=comparison.MOST_RUNS, select_all=False,
        )  # fmt: skip
        data = st.selectbox(
            "Data set", list(offered), index=None, key=ON, bind="query-params", format_func=lambda each: offered[each],
            placeholder="Choose one", width=280, help="Also one that was added after they were trained.",
        )  # fmt: skip
    if message := st.session_state.pop(_FAILED, ""):
        st.error(literal(message, 600), icon=":material/error:")
    if data is None or len(chosen) < 2:
        st.caption("Each network answers its examples, prepared as that run prepares them; what it learned from is "
                   "left out.")  # fmt: skip
        return
    asked = comparison.wanted(context(), [run for run in able if run.id in chosen], data)
    found = comparison.found(context(), asked)
    if found is not None and not found.problem:
        _drawn(found, asked, named)
    elif found is None and comparison.is_asked(context(), asked):
        st.fragment(run_every=_POLL)(_waiting)(asked)
    else:
        if found is not None:
            st.error(literal(found.problem, 600), icon=":material/error:")
        st.button("Compare there", key="compare_on_ask", icon=":material/play_arrow:", type="primary", on_click=_ask,
                  args=([run for run in able if run.id in chosen], asked))  # fmt: skip


def _ask(runs: Sequence[RunRecord], asked: Wanted) -> None:
    try:
        comparison.stop(context(), asked)  # what failed
        comparison.ask(context(), runs, asked)
    except TraindeckError as error:
        st.session_state[_FAILED] = str(error)


def _waiting(asked: Wanted) -> None:
    if comparison.found(context(), asked) is not None or not comparison.is_asked(context(), asked):
        st.rerun()
    told = comparison.progress(context(), asked)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress((told.share or 0.0) if told else 0.0, literal(told.text if told else "Waits its turn", 200))
        st.button("Stop", key="compare_on_stop", icon=":material/stop:", on_click=comparison.stop,
                  args=(context(), asked))  # fmt: skip


def _drawn(found: Compared, asked: Wanted, named: Mapping[int, str]) -> None:
    bold = {run: f"**{literal(name, 80)}**" for run, name in named.items()}
    sure = any(comparison_told.is_sure(each) for each in found.differences[:1])
    st.markdown(f"{':material/trophy:' if sure else ':material/balance:'} {comparison_told.heading(found, bold)}")
    if found.notes:
        st.caption(literal(" ".join(found.notes), 900))
    several = len(found.metrics) > 2
    frame = pd.DataFrame(
        {
            "Metric": [each.metric.removeprefix("test_") for each in found.differences],
            "One": [_figure(found, each.one, each.metric, named) for each in found.differences],
            "Other": [_figure(found, each.other, each.metric, named) for each in found.differences],
            "One less other": [
                "" if each.difference is None else comparison_told.size(each.difference, each.metric)
                for each in found.differences
            ],
            "95 % interval": [comparison_told.ends(each) for each in found.differences],
            "Verdict": [comparison_told.verdict(each, named) for each in found.differences],
        }
    )
    st.dataframe(frame, hide_index=True, key="compare_on_table", height="content", alt="Their figures on this data set")
    grounds = (
        "McNemar's test of accuracies, DeLong's of areas, Student's test of mean losses, a paired bootstrap of others"
    )
    st.caption(
        f"{grounds}; about these networks as they were trained, of which another seed may do otherwise"
        + ("; corrected for the pairs (Holm)." if several else ".")
    )
    _flips(found, asked, named)


def _figure(found: Compared, run: int, metric: str, named: Mapping[int, str]) -> str:
    return f"{number(found.metrics[run][metric])} ({named[run]})"


def _flips(found: Compared, asked: Wanted, named: Mapping[int, str]) -> None:
    one, other = list(found.metrics)[:2]
    try:
        frames = [pd.read_parquet(comparison.answers_file(workspace().settings, asked, run)) for run in (one, other)]
    except (OSError, ValueError):
        st.caption("Their answers to each example are no longer kept.")
        return
    if not flips.is_same_test(*frames):
        return
    told = flips.flips(*frames)
    st.markdown(
        f"Both answer {percentage(told.agree, 1)} alike. Only {literal(named[one], 80)} is right on "
        f"{len(told.only_one):,}, only {literal(named[other], 80)} on {len(told.only_other):,}, neither on "
        f"{plural(len(told.neither), 'example')}."
    )
    kinds = {"only one": told.only_one, "only other": told.only_other, "neither": told.neither}
    what = st.segmented_control("Examples", list(kinds), default="only one", required=True, key="compare_on_flips")
    rows = kinds.get(what or "only one", told.only_one).head(_SHOWN)
    if not rows.empty:
        classes = list(found.classes)
        labels = {name: [classes[int(each)] if 0 <= int(each) < len(classes) else "" for each in rows[name]]
                  for name in ("label", "predicted")} if "confidence" in rows else {}  # fmt: skip
        st.dataframe(rows.assign(**labels), hide_index=True, key="compare_on_examples", height=300,
                     alt="Examples in which they differ")  # fmt: skip
    worse = flips.worse_groups(frames[0], frames[1], list(found.classes))
    if worse is not None and worse.rows:
        lines = [
            f"- {literal(each.what, 80)}: {percentage(each.share, 1)} of {plural(each.examples, 'example')}, elsewhere "
            f"{percentage(each.elsewhere, 1)}"
            for each in worse.rows
        ]
        st.markdown(f"**Where {literal(named[one], 60)} alone is right** (more often than chance explains, Holm)")
        st.markdown("\n".join(lines))
