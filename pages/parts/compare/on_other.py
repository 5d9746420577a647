"""Networks of runs, and versions of models, on a data set that is chosen afterwards."""

import itertools
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.common.errors import TraindeckError
from core.data.base import DataInfo
from core.data.library.known import known
from core.data.other_data import sort_of
from core.evaluation import flips
from core.jobs import comparison, comparison_told
from core.jobs.comparison import Chosen, Compared, Wanted
from core.jobs.prediction import info, is_ready
from core.models import VersionRecord, version_manifest
from core.models import listing as models
from core.runs.records import RunRecord
from core.runs.reported_networks import kept_network
from pages.parts.compare.pair import Answers, draw_pair
from pages.shared import address
from pages.shared.data import context, workspace
from pages.shared.format import literal, number

ON = "on"  # in the address: the data set
_FAILED = "compare_on_failed"
_POLL = 0.5  # seconds between two looks for the result
_NEVER = ("series", "corpus")  # kinds of data
_MOST_VERSIONS = 100  # that are offered, the newest


def draw_on_other(runs: Sequence[RunRecord]) -> None:
    """Of compared runs; nothing where none of them has a network here, or there is nothing to compare one with."""
    able = [run for run in runs if is_ready(context(), run)]
    versions = [version for model in models(context()) for version in model.versions][:_MOST_VERSIONS]
    lacking = [run for run in runs if run not in able and kept_network(context(), run) is not None]
    is_enough = bool(able) and len(able) + len(versions) > 1
    if not (is_enough or lacking):
        return
    st.subheader("On another data set", anchor=False)
    if is_enough:
        choose([*able, *versions], able[:2], "runs")
    if lacking:
        names = literal(", ".join(f"#{run.id} {run.name}" for run in lacking), 300)
        st.caption(
            f"Not offered yet: {names}. Nobody said whose inputs the networks that these programs kept take: have them "
            "evaluated on the Run page, and they can be compared."
        )


def choose(offered: Sequence[Chosen], first: Sequence[Chosen], place: str) -> None:
    """Networks and a data set, and what came of them there.

    Args:
        offered: runs and versions to choose from.
        first: those of them that are chosen where nobody chose yet.
        place: where this stands: each has a choice of its own.
    """
    key = f"compare_on_networks_{place}"
    of = {comparison.subject(each).key: each for each in offered}
    if any(each not in of for each in st.session_state.get(key, [])):  # of another choice
        del st.session_state[key]
    named = {key: _name(each) for key, each in of.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_on"):
        chosen_keys = st.multiselect(
            "Networks", list(of), [comparison.subject(each).key for each in first], key=key,
            format_func=named.__getitem__, width=420, max_selections=comparison.MOST, select_all=False,
            help="Best networks of runs, and versions of models",
        )  # fmt: skip
        chosen = [of[each] for each in chosen_keys]
        data = _data_set(chosen)
    if message := st.session_state.pop(_FAILED, ""):
        st.error(literal(message, 600), icon=":material/error:")
    if data is None or len(chosen) < 2:
        st.caption("Each network answers its examples, prepared as in its training; what it learned from is left out.")
        return
    try:
        asked = comparison.wanted(context(), chosen, data)
    except TraindeckError as error:  # the data set went away meanwhile
        st.error(literal(str(error), 600), icon=":material/error:")
        return
    found = comparison.found(context(), asked)
    if found is not None and not found.problem:
        _drawn(found, asked, named)
    elif found is None and comparison.is_asked(context(), asked):
        st.fragment(run_every=_POLL)(_waiting)(asked)
    else:
        if found is not None:
            st.error(literal(found.problem, 600), icon=":material/error:")
        st.button("Compare there", key="compare_on_ask", icon=":material/play_arrow:", type="primary", on_click=_ask,
                  args=(chosen, asked))  # fmt: skip


def _name(chosen: Chosen) -> str:
    if isinstance(chosen, RunRecord):
        return f"#{chosen.id} {chosen.name}"
    return f"{chosen.title} ({', '.join(chosen.aliases)})" if chosen.aliases else chosen.title


def _data_set(chosen: Sequence[Chosen]) -> str | None:
    """Of those whose examples are of the sort that all of them take."""
    wanted = {sort_of(each) for each in map(_info, chosen) if each is not None}
    if any(kind in _NEVER for kind, _ in wanted):
        st.caption("Networks of series, and of texts that are continued, are compared on their own test sets alone.")
        return None
    if len(wanted) > 1:
        told = ", ".join(sorted(f"{kind} with {has}" for kind, has in wanted))
        st.caption(f"They take examples of different sorts ({told}), so no data set suits all of them. Choose others.")
        return None
    offered = {
        each.name: each.title
        for each in known(workspace().settings)
        if each.place != "missing" and (sort_of(each.info) in wanted if wanted else sort_of(each.info)[0] not in _NEVER)
    }
    return st.selectbox(
        "Data set", list(offered), index=None, key=ON,
        bind=address.among(ON, offered.values()), format_func=lambda each: offered[each],
        placeholder="Choose one", width=280, help="Also one that was added after they were trained",
    )  # fmt: skip


def _info(chosen: Chosen) -> DataInfo | None:
    """Of what it takes; None where that is not known here."""
    try:
        if isinstance(chosen, VersionRecord):
            return version_manifest.of_version(context(), chosen).info
        return info(context(), chosen)
    except TraindeckError:
        return None


def _ask(chosen: Sequence[Chosen], asked: Wanted) -> None:
    try:
        comparison.stop(context(), asked)  # what failed
        comparison.ask(context(), chosen, asked)
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


def _drawn(found: Compared, asked: Wanted, named: Mapping[str, str]) -> None:
    bold = {key: f"**{literal(named[key], 80)}**" for key in found.metrics}
    sure = any(comparison_told.is_sure(each) for each in found.differences[:1])
    st.markdown(f"{':material/trophy:' if sure else ':material/balance:'} {comparison_told.heading(found, bold)}")
    if found.notes:
        st.caption(literal(" ".join(found.notes), 900))
    _table(found, named)
    several = len(found.metrics) > 2
    grounds = (
        "McNemar's test of accuracies, DeLong's of areas, Student's test of mean losses, a paired bootstrap of others"
    )
    st.caption(
        f"{grounds}; about these networks as they were trained, of which another seed may do otherwise"
        + ("; corrected for the pairs (Holm)." if several else ".")
    )
    _flips(found, asked, named)


def _table(found: Compared, named: Mapping[str, str]) -> None:
    """Of two a column for each; of more a row for each pair."""
    is_pair = len(found.metrics) == 2
    columns: dict[str, list[str]] = {"Metric": [each.metric.removeprefix("test_") for each in found.differences]}
    for place, side in enumerate(("one", "other")):
        key = list(found.metrics)[place]
        title = named[key] if is_pair else side.capitalize()
        values = [(getattr(each, side), number(found.metrics[getattr(each, side)][each.metric])) for each in
                  found.differences]  # fmt: skip
        columns[title] = [value if is_pair else f"{value} ({named[of]})" for of, value in values]
    columns |= {
        "One less other": [
            "" if each.difference is None else comparison_told.size(each.difference, each) for each in found.differences
        ],
        "95 % interval": [comparison_told.ends(each) for each in found.differences],
        "Verdict": [comparison_told.verdict(each, named) for each in found.differences],
    }
    st.dataframe(pd.DataFrame(columns), hide_index=True, key="compare_on_table", height="content",
                 alt="Their figures on this data set")  # fmt: skip


def _flips(found: Compared, asked: Wanted, named: Mapping[str, str]) -> None:
    settings = workspace().settings
    try:
        frames = {key: pd.read_parquet(comparison.answers_file(settings, asked, key)) for key in found.metrics}
    except (OSError, ValueError):
        st.caption("Their answers to each example are no longer kept.")
        return
    if not all(flips.is_same_test(one, other) for one, other in itertools.pairwise(frames.values())):
        return
    one, other = list(frames)[:2]
    if len(frames) > 2:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            one = st.selectbox("One", list(frames), format_func=named.__getitem__, key="compare_on_one", width=280)
            rest = [key for key in frames if key != one]
            other = st.selectbox("Other", rest, format_func=named.__getitem__, key="compare_on_other", width=280)
    pictures = comparison.pictures_file(settings, asked)
    names = list(found.classes) if "confidence" in frames[one] else []
    first, second = (Answers(named[key], frames[key], pictures) for key in (one, other))
    draw_pair(first, second, names, "compare_on_flips")
