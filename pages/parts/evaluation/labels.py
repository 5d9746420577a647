"""The evaluation of several labels."""

import pandas as pd
import streamlit as st

from core.charts import evaluations as charts
from core.evaluation.browse import most_wrong
from core.evaluation.label_report import HALF, MultiLabel, SetScores
from core.evaluation.report import Report
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.evaluation import label_matrix
from pages.parts.evaluation.examples import examples
from pages.parts.evaluation.tiles import Tile, tiles
from pages.shared.data import Stamp, predictions
from pages.shared.format import literal, number, plural

_WORST = 24
_TALLEST = 460
_FIGURES = {
    "F1, micro": "f1_micro",
    "F1, macro": "f1_macro",
    "F1, weighted": "f1_weighted",
    "F1, by example": "f1_samples",
    "Precision, micro": "precision_micro",
    "Recall, micro": "recall_micro",
    "All labels right": "subset_accuracy",
    "Wrong labels (Hamming)": "hamming_loss",
}


def show(run: RunRecord, report: Report, scores: MultiLabel, version: Stamp) -> None:
    _tiles(report, scores)
    label_matrix.show(run, scores, version)
    _labels(scores)
    with st.grid(2, min_column_width=440):
        _curves(run, scores)
        with st.container(border=True, height="stretch", key="run_evaluation_thresholds"):
            _thresholds(scores)
    frame = predictions(run.id, version)
    if frame is None:
        return
    wrong = most_wrong(frame)
    st.subheader("Examples with the most wrong labels", anchor=False)
    if wrong.empty:
        st.caption("There is none: every test example is given its labels and no others.")
        return
    st.caption(f"Of {plural(len(wrong), 'example')} with a wrong label. Under pictures: − missed, + given wrongly.")
    examples(run.id, wrong.head(_WORST), [], key="run_mistakes", alt="Examples with the most wrong labels")


def _tiles(report: Report, scores: MultiLabel) -> None:
    chosen = scores.chosen
    tiles(
        Tile("F1", chosen.f1_micro, "Of all labels of all examples together", "micro average"),
        Tile("F1", chosen.f1_macro, "Mean over the labels, each counted alike", "macro average"),
        Tile("F1", chosen.f1_samples, "Mean over the examples; 1 where there is no label and none given", "by example"),
        Tile("All right", chosen.subset_accuracy, "Share of the examples whose labels are all right: subset accuracy",
             plural(report.examples, "example")),
        Tile("Hamming loss", chosen.hamming_loss, "Share of wrong ones among all labels of all examples"),
        Tile("ROC AUC", scores.roc_auc, "Area under the ROC curve; 0.5 is a guess. At no threshold.", "macro average"),
        Tile("AP", scores.average_precision, "Average precision: the area under the precision-recall curve",
             "macro average"),
        Tile("Loss", report.loss, "Binary cross-entropy, the mean over the labels", "nats"),
    )  # fmt: skip
    st.caption(
        f"A test example has {number(scores.true_labels)} labels on average and is given {number(scores.given_labels)}."
    )


def _labels(scores: MultiLabel) -> None:
    st.markdown("**Labels**")
    rows = scores.labels
    frame = pd.DataFrame(
        {
            "Label": [each.name for each in rows],
            "Examples": [each.support for each in rows],
            "Threshold": [each.threshold for each in rows],
            "Precision": [each.precision for each in rows],
            "Recall": [each.recall for each in rows],
            "F1": [each.f1 for each in rows],
            f"F1 at {HALF:g}": [each.f1_at_half for each in rows],
            "ROC AUC": [each.roc_auc for each in rows],
            "AP": [each.average_precision for each in rows],
            "Found": [each.both for each in rows],
            "Missed": [each.only_true for each in rows],
            "Given wrongly": [each.only_given for each in rows],
        }
    )
    scored = [str(name) for name in frame.columns[2:9]]
    frame = frame.astype(dict.fromkeys(scored, float))
    st.dataframe(
        frame,
        hide_index=True,
        key="run_labels",
        alt="Scores by label",
        height="content" if len(frame) <= 12 else _TALLEST,
        column_config={name: st.column_config.NumberColumn(format="%.3f") for name in scored},
    )


def _thresholds(scores: MultiLabel) -> None:
    """What the choice of thresholds is worth, beside 0.5 for all."""
    st.markdown("**What the thresholds are worth**")

    def values(of: SetScores) -> list[float | None]:
        return [getattr(of, name) for name in _FIGURES.values()]

    frame = pd.DataFrame(
        {"Figure": list(_FIGURES), "As chosen": values(scores.chosen), f"At {HALF:g}": values(scores.at_half)}
    )
    scored = [str(name) for name in frame.columns[1:]]
    st.dataframe(
        frame.astype(dict.fromkeys(scored, float)),
        hide_index=True,
        key="run_label_thresholds",
        alt="Figures at the chosen thresholds and at one half",
        column_config={name: st.column_config.NumberColumn(format="%.4f") for name in scored},
    )
    tuned = sum(each.tuned for each in scores.labels)
    told = f"Chosen for the best F1 on the validation part, for {tuned:,} of {len(scores.labels):,} labels; of labels "
    st.caption(f"{told}with few examples there it stays {HALF:g}. The test part had no say.")


def _curves(run: RunRecord, scores: MultiLabel) -> None:
    drawn = [
        (f"ROC :gray[· area {number(scores.roc_auc)}]", charts.roc, scores.roc, "ROC curve"),
        (
            f"Precision and recall :gray[· average precision {number(scores.average_precision)}]",
            charts.precision_recall,
            scores.precision_recall,
            "Precision-recall curve",
        ),
    ]
    for place, (title, build, values, alt) in enumerate(drawn):
        if values:
            with st.container(border=True, key=f"run_evaluation_{place}"):
                st.markdown(f"**{title}**")
                chart(build(values), key=f"run_evaluation_chart_{run.id}_{place}", alt=alt)
                if 1 < len(values) <= len(scores.labels):
                    st.caption(literal("Of the labels that are told worst; the macro average is over all."))
