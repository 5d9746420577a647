"""The cross-validation that a run is a fold of: its mean, its folds, and what lacks."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core import runs as use_cases
from core.common.errors import TraindeckError
from core.common.text import plural
from core.reports.panel_specs import FoldsPanel
from core.runs.data_names import folds_of
from core.runs.folds import launch_folds, siblings
from core.runs.kinds import NETWORK
from core.runs.records import RunRecord
from core.verdicts.cross_validation import CrossValidation, Fold, cross_validation, metrics_of
from core.verdicts.folds_told import apart, folds_told
from pages.shared.add_to_report import add_to_report
from pages.shared.clicks import once
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import COMPARE
from pages.shared.run_table import number_column, opens_rows, state_column

_BY, _TABLE, _FAILED = "folds_by", "run_folds", "run_folds_failed"
_MOST_COMPARED = 50


def draw_folds(run: RunRecord) -> None:
    """Nothing of a run without folds."""
    if not folds_of(use_cases.params(context(), [run.id], ["data.folds"]).get(run.id, {})):
        return
    runs = siblings(context(), run)
    run_ids = [each.id for each in runs]
    params, summaries = use_cases.params(context(), run_ids), use_cases.summaries(context(), run_ids)
    metrics = metrics_of(summaries) or ["val_loss"]
    if cross_validation(runs, params, summaries, metrics[0]) is None:
        return
    with st.container(border=True, key="run_cross_validation"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader("Cross-validation", anchor=False, width="content")
            by = st.selectbox("Judged by", metrics, key=_BY, width=240, label_visibility="collapsed")
        found = cross_validation(runs, params, summaries, by)
        assert found is not None
        first, *rest = folds_told(found)
        st.markdown(literal(first, 400))
        _table(found, run)
        if rest:
            st.caption(literal(" ".join(rest), 400))
        _next(run, found, run_ids)


def _table(found: CrossValidation, run: RunRecord) -> None:
    several = len({each.seed for each in found.folds}) > 1
    values = [None if math.isnan(each.value) else each.value for each in found.folds]
    frame = pd.DataFrame(
        {
            "Fold": [f"{each.fold + 1} of {found.count}" for each in found.folds],
            **({"Seed": [each.seed for each in found.folds]} if several else {}),
            "Run": [_named(each, run) for each in found.folds],
            "State": [[each.run.state.value] if each.run else [] for each in found.folds],
            found.metric: pd.Series(values, dtype=float),
            "From the mean": [apart(each, found) for each in found.folds],
        }
    )
    ids = [each.run.id if each.run else 0 for each in found.folds]
    st.dataframe(
        frame, hide_index=True, key=_TABLE, height="content", placeholder="", selection_mode="single-cell",
        column_config={"State": state_column(), found.metric: number_column(found.metric, values),
                       "From the mean": st.column_config.TextColumn(alignment="right")},
        on_select=opens_rows(ids, _TABLE), alt=f"Each fold's {found.metric}; a click opens its run",
    )  # fmt: skip


def _named(fold: Fold, run: RunRecord) -> str:
    if fold.run is None:
        return "not launched"
    return f"#{fold.run.id}, this one" if fold.run.id == run.id else f"#{fold.run.id}"


def _next(run: RunRecord, found: CrossValidation, run_ids: Sequence[int]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = [(int(seed), fold) for seed, fold in found.missing if seed.isdecimal()]
        if wanted and run.kind == NETWORK.name and run.trashed_at is None:
            st.button(
                f"Launch {plural(len(wanted), 'missing fold')}", key="run_folds_launch", type="primary",
                icon=":material/rocket_launch:", help="The folds that were never launched, or ended without a value",
                **once("run_folds_launch", _launch, run, wanted),
            )  # fmt: skip
        if len(run_ids) > 1:
            st.page_link(
                COMPARE.path, label="Compare the folds", icon=COMPARE.icon,
                query_params={"runs": ",".join(map(str, run_ids[:_MOST_COMPARED])), "folds": "true"},
            )  # fmt: skip
        add_to_report(FoldsPanel(run=run.id, metric=found.metric), "folds")
    if message := st.session_state.pop(_FAILED, ""):
        st.error(literal(message, 600))


def _launch(run: RunRecord, wanted: Sequence[tuple[int, int]]) -> None:
    try:
        launch_folds(context(), run, wanted)
    except TraindeckError as error:
        st.session_state[_FAILED] = str(error)
