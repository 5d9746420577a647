"""Where two of the compared networks differ: what one gets right and the other does not."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.common.errors import NotFoundError
from core.common.text import percentage, plural
from core.comparison import Group
from core.evaluation import flips, report_files
from core.evaluation.slices import class_names
from core.runs.data_names import same_data
from core.runs.highlights import WITH_RESULT
from core.runs.records import RunRecord
from pages.parts.evaluation.examples import examples
from pages.parts.evaluation.tiles import Tile, tiles
from pages.shared.data import evaluation_report, kept_predictions, workspace
from pages.shared.format import literal

_MOST = 10  # runs of which predictions are read
SHOWN = "flips"  # in the address: which examples


def draw_flips(runs: Sequence[RunRecord], groups: Sequence[Group]) -> None:
    """Nothing where no two of them answered the same test examples."""
    alike = _comparable(runs)
    if len(alike) < 2:
        return
    st.subheader("Where they differ", anchor=False)
    if not st.toggle("Compare their answers to the test examples", key="compare_flips"):
        return
    named = {run.id: f"#{run.id} {run.name}" for run in runs if run.id in alike}
    others = [key for key in named if _group_of(key, groups) != _group_of(next(iter(named)), groups)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one = st.selectbox("One", list(named), format_func=named.__getitem__, key="compare_flips_one", width=280)
        rest = [key for key in named if key != one]
        begin = next((place for place, key in enumerate(rest) if key in others), 0)
        other = st.selectbox(
            "Other", rest, index=begin, format_func=named.__getitem__, key="compare_flips_other", width=280
        )
    _both(one, other, alike, named)
    _churn(groups, alike)


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


def _both(one: int, other: int, frames: Mapping[int, pd.DataFrame], named: Mapping[int, str]) -> None:
    found = flips.flips(frames[one], frames[other])
    alone = [(found.both + len(only)) / found.examples for only in (found.only_one, found.only_other)]
    told = "" if found.together is None else f"{100 * (found.together - max(alone)):+.1f} points"
    with_mean = [] if found.together is None else [
        Tile("Mean of both", found.together, "Accuracy of the mean of their probabilities, and its gain", told)
    ]  # fmt: skip
    tiles(
        Tile("Same answer", found.agree, "Share of the test examples that both answer alike, right or wrong", ""),
        Tile(
            "Only one right", float(len(found.only_one)), f"Test examples that only {named[one]} gets right", named[one]
        ),
        Tile("Only other right", float(len(found.only_other)), f"Only {named[other]} gets them right", named[other]),
        Tile("Neither right", float(len(found.neither)), "Test examples that both get wrong", ""),
        *with_mean,
    )
    names = class_names(evaluation_report(one, report_files.stamp(workspace().settings, one)))
    shown = {
        "only one": (found.only_one, other, f"Right by {named[one]} only; predicted is the answer of {named[other]}."),
        "only other": (
            found.only_other,
            one,
            f"Right by {named[other]} only; predicted is the answer of {named[one]}.",
        ),
        "neither": (found.neither, one, f"Wrong by both; predicted is the answer of {named[one]}."),
    }
    what = st.segmented_control(
        "Examples", list(shown), default="only one", required=True, key=SHOWN, bind="query-params"
    )
    frame, of, words = shown[what]
    st.caption(literal(f"{plural(len(frame), 'example')}. {words}"))
    if not frame.empty:
        examples(of, frame, names, key="compare_flips_examples", alt=words)
    if names:
        _cells(frames[one], frames[other], names)
    _groups(frames[one], frames[other], names, named[one])


def _cells(one: pd.DataFrame, other: pd.DataFrame, names: Sequence[str]) -> None:
    cells = flips.differing_cells(one, other, names)
    if cells.empty:
        return
    st.markdown("**Classes taken for others, more often by one**")
    columns: dict[str, Any] = {"true": "True", "predicted": "Predicted", "one": "By one", "other": "By other"}
    st.dataframe(cells, hide_index=True, key="compare_flips_cells", column_config=columns, height="content",
                 width="content", alt="Confusions in which the two differ")  # fmt: skip


def _groups(one: pd.DataFrame, other: pd.DataFrame, names: Sequence[str], name: str) -> None:
    found = flips.worse_groups(one, other, names)
    if found is None or not found.looked:
        return
    st.markdown(f"**Where {literal(name, 60)} alone is right**")
    if found.rows:
        table = pd.DataFrame(
            {
                "Group": [each.what for each in found.rows],
                "Examples": [each.examples for each in found.rows],
                "Share": [percentage(each.share, 1) for each in found.rows],
                "95 % interval": [f"{100 * each.low:.1f} to {100 * each.high:.1f} %" for each in found.rows],
                "Elsewhere": [percentage(each.elsewhere, 1) for each in found.rows],
            }
        )
        st.dataframe(table, hide_index=True, key="compare_flips_groups", height="content",
                     alt="Groups of examples in which the two differ most")  # fmt: skip
    st.caption(
        f"{found.looked:,} groups were looked at; shares are of examples that only this one gets right, "
        f"{percentage(found.share, 1)} of all. "
        + ("Listed is what chance does not explain (Holm)." if found.rows else "No group differs by more than chance.")
    )


def _churn(groups: Sequence[Group], frames: Mapping[int, pd.DataFrame]) -> None:
    """How far the seeds of one config differ among themselves: what of the above is chance."""
    told = []
    for group in groups:
        share = flips.churn([frames[run.id] for run in group.runs if run.id in frames])
        if share is not None:
            told.append(f"{group.name}: {percentage(share, 1)}")
    if told:
        st.caption(literal(f"Two seeds of one config answer differently: {'; '.join(told)} of the test examples."))
