"""How the demo ends, on the Overview: its curves, which network won and how sure that is, what each got wrong."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core import charts
from core.common.text import percentage
from core.evaluation import report_files
from core.evaluation.samples import picture
from core.evaluation.verdict import judge, telling_mistakes, told
from core.runs import summaries
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.compare.curves import legend
from pages.parts.overview import compare_link
from pages.shared.curves import version
from pages.shared.data import context, predictions, run_curves, workspace
from pages.shared.format import literal

_METRIC = "val_accuracy"
_HEIGHT = 330  # of the curves
_SIDE = 72  # pixels of a picture
_LOOKED_AT = 50  # mistakes among which one with a picture is looked for


def demo_answer(demo: Sequence[RunRecord]) -> None:
    """Of the demo's runs, all ended; the page is as it was where one has left no predictions."""
    settings = workspace().settings
    found = {run.id: predictions(run.id, report_files.stamp(settings, run.id)) for run in demo}
    known = {run_id: frame for run_id, frame in found.items() if frame is not None}
    if len(known) < len(demo) or len({tuple(frame["label"]) for frame in known.values()}) != 1:
        return
    with st.container(border=True, key="overview_answer"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader("The demo's answer", anchor=False, width="content")
            compare_link("Compare them in full", demo)
        words, curves = st.columns([4, 5], gap="large")
        with words:
            _verdict(demo, known)
            _mistakes(demo, known)
        with curves:
            _curves(demo)


def _curves(demo: Sequence[RunRecord]) -> None:
    recorded = summaries(context(), [run.id for run in demo], [_METRIC])
    parts = [run_curves(run.id, (_METRIC,), "epoch", 0.0, version(run, recorded[run.id].values())) for run in demo]
    frame, colours = pd.concat(parts, ignore_index=True), charts.colours_apart(run.id for run in demo)
    figure = charts.curves(frame, x_title="Epoch", height=_HEIGHT, legend=False, colours=colours)
    st.markdown("**Accuracy on validation examples**, epoch by epoch")
    chart(figure, key="overview_answer_curves", alt="Validation accuracy of the demo's runs by epoch")
    legend([(run.id, run.name) for run in demo], colours)


def _verdict(demo: Sequence[RunRecord], known: Mapping[int, pd.DataFrame]) -> None:
    right = {run_id: (frame["predicted"] == frame["label"]).to_numpy() for run_id, frame in known.items()}
    head, *others = told(judge(right), {run.id: f"**{literal(run.name)}**" for run in demo})
    st.markdown(f":material/trophy: {head}")
    st.markdown("\n".join(f"- {each}" for each in others))
    st.caption(
        "Digits that no network had seen, the same for all.",
        help="McNemar's exact test on the examples that only one of two got right, corrected for every pair (Holm). It "
        "is about these networks as they were trained: another seed of each may rank otherwise.",
    )


def _mistakes(demo: Sequence[RunRecord], known: Mapping[int, pd.DataFrame]) -> None:
    """One picture that each got wrong, with what it took it for."""
    st.markdown("**A mistake of each**")
    with st.grid(3, min_column_width=100, key="overview_answer_mistakes"):
        for run in demo:
            with st.container(gap="xsmall"):
                _mistake(run, telling_mistakes(known, run.id).head(_LOOKED_AT))


def _mistake(run: RunRecord, wrong: pd.DataFrame) -> None:
    kept = report_files.read_pictures(workspace().settings, run.id, wrong["index"].tolist())
    shown = wrong[wrong["index"].isin(list(kept))]
    if shown.empty:
        st.caption(f"{literal(run.name)}: none")
        return
    row = shown.head(1).to_dict("records")[0]
    told = f"a {row['label']}, read as a {row['predicted']}"
    st.image(picture(kept[row["index"]], _SIDE), width=_SIDE, alt=f"{run.name}: {told}")
    st.caption(f"**{literal(run.name)}**: {told}, {percentage(row['confidence'])} sure")
