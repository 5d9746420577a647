"""The evaluation of a classifier."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.charts import evaluations as charts
from core.evaluation.browse import mistakes
from core.evaluation.report import Classification, Report
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.evaluation import confusion, threshold
from pages.parts.evaluation.examples import examples
from pages.parts.evaluation.tiles import Tile, tiles
from pages.shared.data import Stamp, predictions
from pages.shared.format import literal, number, plural

_MISTAKES = 24
_TALLEST = 460
_MEANINGS = {"AP": "Average precision: the area under the precision-recall curve"}


def show(run: RunRecord, report: Report, scores: Classification, version: Stamp) -> None:
    _tiles(report, scores)
    if scores.thresholds is not None:
        threshold.show(run, scores.thresholds)
    confusion.show(run, scores, version)
    if len(scores.classes) > 2:  # legends take room: two beside each other, and the table fills the fourth place
        with st.grid(2, min_column_width=440):
            _curves(run, scores)
            with st.container(border=True, height="stretch", key="run_evaluation_classes"):
                _classes(scores)
    else:
        with st.grid(3, min_column_width=310):
            _curves(run, scores)
        _classes(scores)
    _mistakes(run, scores, version)


def _tiles(report: Report, scores: Classification) -> None:
    macro, average = scores.average("macro"), "macro average"
    alike = "Mean over the classes, each counted alike"
    tiles(
        Tile("Accuracy", scores.accuracy, "At the best checkpoint", plural(report.examples, "example")),
        Tile("F1", macro.f1, f"Harmonic mean of precision and recall. {alike}.", average),
        Tile("Precision", macro.precision, f"Of those predicted as a class, how many are of it. {alike}.", average),
        Tile("Recall", macro.recall, f"Of those of a class, how many are found. {alike}.", average),
        Tile("ROC AUC", scores.roc_auc, "Area under the ROC curve; 0.5 is a guess", _ranked(scores)),
        Tile("Log loss", scores.log_loss, "Mean cross-entropy, without penalties on weights", "nats"),
        *([Tile("Loss", report.loss, f"As while training. {report.loss_note}")] if report.loss_note else []),
        *(
            Tile(f"Top {k}", value, f"How often the class is among the {k} most probable", "accuracy")
            for k, value in scores.top_k.items()
        ),
    )


def _ranked(scores: Classification) -> str:
    return "macro average" if len(scores.classes) > 2 else f"of {literal(scores.classes[-1].name, 14)}"


def _curves(run: RunRecord, scores: Classification) -> None:
    error = number(scores.calibration_error)
    names = tuple(dict.fromkeys(curve.name for curve in (*scores.roc, *scores.precision_recall)))
    drawn: list[tuple[str, Callable[..., Any], Sequence[Any], str]] = [
        (f"ROC :gray[· area {number(scores.roc_auc)}]", partial(charts.roc, coloured=names), scores.roc, "ROC curve"),
        (
            f"Precision and recall :gray[· average precision {number(scores.average_precision)}]",
            partial(charts.precision_recall, coloured=names),
            scores.precision_recall,
            "Precision-recall curve",
        ),
        (f"Calibration :gray[· expected error {error}]", charts.calibration, scores.bins, "Accuracy by confidence"),
    ]
    for place, (title, build, values, alt) in enumerate(drawn):
        if values:
            with st.container(border=True, key=f"run_evaluation_{place}"):
                st.markdown(f"**{title}**")
                chart(build(values), key=f"run_evaluation_chart_{run.id}_{place}", alt=alt)
                if 1 < len(values) <= len(scores.classes) and build is not charts.calibration:
                    st.caption("Of the classes that are told apart worst; the macro average is over all.")


def _classes(scores: Classification) -> None:
    st.markdown("**Classes**")
    frame = pd.DataFrame(
        {
            "Class": [each.name for each in scores.classes],
            "Examples": [each.support for each in scores.classes],
            "Precision": [each.precision for each in scores.classes],
            "Recall": [each.recall for each in scores.classes],
            "F1": [each.f1 for each in scores.classes],
            "ROC AUC": [each.roc_auc for each in scores.classes],
            "AP": [each.average_precision for each in scores.classes],
        }
    )
    scored = frame.columns[2:]
    frame = frame.astype(dict.fromkeys(scored, float))
    st.dataframe(
        frame,
        hide_index=True,
        key="run_classes",
        alt="Scores by class",
        height="content" if len(frame) <= 12 else _TALLEST,
        column_config={name: st.column_config.NumberColumn(format="%.3f", help=_MEANINGS.get(name)) for name in scored},
    )
    macro, weighted = scores.average("macro"), scores.average("weighted")
    st.caption(
        f"Macro average: precision {number(macro.precision)}, recall {number(macro.recall)}, F1 {number(macro.f1)}. "
        f"Weighted by test examples: precision {number(weighted.precision)}, recall {number(weighted.recall)}, "
        f"F1 {number(weighted.f1)}. Balanced accuracy {number(scores.balanced_accuracy)}."
    )


def _mistakes(run: RunRecord, scores: Classification, version: Stamp) -> None:
    frame = predictions(run.id, version)
    if frame is None:
        return
    wrong = mistakes(frame)
    st.subheader("Most confident mistakes", anchor=False)
    if wrong.empty:
        st.caption("There is none: every test example is predicted as what it is.")
        return
    st.caption(f"Of {plural(len(wrong), 'mistake')}, those of which the network was the surest: true → predicted.")
    names = [each.name for each in scores.classes]
    examples(run.id, wrong.head(_MISTAKES), names, key="run_mistakes", alt="Most confident mistakes")
