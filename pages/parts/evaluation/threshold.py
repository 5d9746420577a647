"""From which probability on an example is taken for the second of two classes: the curve, and what comes of it."""

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from core.charts.threshold_curves import thresholds as threshold_chart
from core.evaluation.report import AtThreshold, Thresholds
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.shared.format import literal, number, plural

_RULES = {
    "half": "not chosen: an example is taken for the class that is more probable",
    "f1": "the best F1 on the validation part",
    "youden": "the largest sum of both classes' recall on the validation part",
    "given": "given in the config",
}


def show(run: RunRecord, chosen: Thresholds) -> None:
    st.subheader("Threshold", anchor=False)
    told = (
        f"A test example is taken for **{literal(chosen.positive)}** from a probability of **{chosen.threshold:.4g}**"
    )
    st.markdown(f"{told} on: {_RULES.get(chosen.rule, chosen.rule)}.")
    if not chosen.curve:
        _table(chosen)
        return
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, key="run_threshold"):
        chart(
            threshold_chart(chosen),
            key=f"run_threshold_chart_{run.id}",
            alt=f"Precision, recall and F1 of {chosen.positive} by threshold, on the validation part",
        )
    with right:
        _table(chosen)


def _table(chosen: Thresholds) -> None:
    rows = [*_rows("Test", chosen.test), *_rows("Validation", chosen.validation)]
    scores = ["Precision", "Recall", "F1"]
    frame = pd.DataFrame(rows, columns=["Part", "Threshold", *scores, "Found", "Missed", "False alarms"])
    columns = {name: st.column_config.NumberColumn(format="%.3f") for name in scores}
    columns["Threshold"] = st.column_config.NumberColumn(format="%.4g")
    st.dataframe(
        frame.astype(dict.fromkeys(scores, float)),
        hide_index=True,
        key="run_thresholds",
        alt="Scores at 0.5 and at the threshold",
        column_config=columns,
    )
    positives = plural(chosen.validation_positives, "example")
    best = max(chosen.curve, key=lambda point: point[3], default=None)
    could = (
        f" On it F1 is largest, {number(best[3])}, at {best[0]:.3g}."
        if best is not None and chosen.rule != "f1"
        else ""
    )
    st.caption(
        f"Scores of {literal(chosen.positive)}, of which the validation part has {positives} among "
        f"{chosen.validation_examples:,}.{could}"
    )


def _rows(part: str, at: tuple[AtThreshold, ...]) -> Iterator[tuple[object, ...]]:
    for each in at:
        _, alarms, missed, found = each.cells
        yield part, each.threshold, each.precision, each.recall, each.f1, found, missed, alarms
