"""Where two of the compared networks differ: what one gets right and the other does not."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.common.errors import NotFoundError
from core.common.text import percentage
from core.comparison import Group
from core.evaluation import flips, report_files
from core.evaluation.slices import class_names
from core.reports.panel_specs import FlipsPanel
from core.runs.data_names import same_data
from core.runs.highlights import WITH_RESULT
from core.runs.records import RunRecord
from pages.parts.compare.pair import Answers, draw_pair
from pages.shared import address
from pages.shared.add_to_report import add_to_report
from pages.shared.data import evaluation_report, kept_predictions, workspace
from pages.shared.format import literal

_MOST = 10  # runs of which predictions are read
SHOWN = "flips"  # in the address: which examples
ANSWERS, ONE, OTHER = "answers", "one", "other"  # whether they are compared, and of which two runs


def draw_flips(runs: Sequence[RunRecord], groups: Sequence[Group]) -> None:
    """Nothing where no two of them answered the same test examples."""
    alike = _comparable(runs)
    if len(alike) < 2:
        return
    st.subheader("Where they differ", anchor=False)
    if not st.toggle("Compare their answers to the test examples", key=ANSWERS, bind=address.switch(ANSWERS)):
        return
    named = {run.id: f"#{run.id} {run.name}" for run in runs if run.id in alike}
    others = [key for key in named if _group_of(key, groups) != _group_of(next(iter(named)), groups)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one = st.selectbox(
            "One",
            list(named),
            format_func=named.__getitem__,
            key=ONE,
            bind=address.among(ONE, named.values()),
            width=280,
        )
        rest = [key for key in named if key != one]
        begin = next((place for place, key in enumerate(rest) if key in others), 0)
        other = st.selectbox(
            "Other",
            rest,
            index=begin,
            format_func=named.__getitem__,
            key=OTHER,
            bind=address.among(OTHER, [named[key] for key in rest]),
            width=280,
        )
    names = class_names(evaluation_report(one, report_files.stamp(workspace().settings, one)))
    pair = (Answers(named[one], alike[one], one), Answers(named[other], alike[other], other))
    shown = draw_pair(*pair, names, "compare_flips", SHOWN)
    _churn(groups, alike)
    add_to_report(FlipsPanel.model_validate({"run": one, "other": other, "examples": shown}), "flips")


def _comparable(runs: Sequence[RunRecord]) -> dict[int, pd.DataFrame]:
    """Predictions of those that were judged on the examples of the first that was, by the run's number."""
    found: dict[int, pd.DataFrame] = {}
    first: RunRecord | None = None
    for run in runs:
        if run.state not in WITH_RESULT or len(found) == _MOST or (first and not same_data(run, first)):
            continue
        frame = _answers(run.id)
        if frame is None or flips.right(frame) is None:
            continue
        if first is None or flips.is_same_test(found[first.id], frame):
            first = first or run
            found[run.id] = frame
    return found


def _answers(run_id: int) -> pd.DataFrame | None:
    """None where they, or the report that names the classes, cannot be read."""
    version = report_files.stamp(workspace().settings, run_id)
    try:
        evaluation_report(run_id, version)
    except (NotFoundError, report_files.EvaluationError):
        return None
    return kept_predictions(run_id, version)


def _group_of(run_id: int, groups: Sequence[Group]) -> int:
    return next((group.id for group in groups if any(run.id == run_id for run in group.runs)), run_id)


def _churn(groups: Sequence[Group], frames: Mapping[int, pd.DataFrame]) -> None:
    """How far the runs of one config, seeds or folds, differ among themselves: what of the above is chance."""
    told = []
    for group in groups:
        share = flips.churn([frames[run.id] for run in group.runs if run.id in frames])
        if share is not None:
            told.append(f"{group.name}: {percentage(share, 1)}")
    if told:
        st.caption(literal(f"Two runs of one config answer differently: {'; '.join(told)} of the test examples."))
