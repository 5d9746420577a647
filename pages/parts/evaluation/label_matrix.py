"""A 2x2 matrix for each label, and the examples of the cell that was clicked; the choice is in the address."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.charts import evaluations as charts
from core.evaluation.browse import of_label
from core.evaluation.label_report import LabelScores, MultiLabel
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.evaluation.examples import examples
from pages.shared import address
from pages.shared.data import Stamp, predictions
from pages.shared.format import literal, number, plural

LABEL, TRUE, GIVEN = "run_label", "run_label_true", "run_label_given"
_ANY, _WITH, _WITHOUT = "Any", "With the label", "Without it"
_CHOICES = {_WITH: True, _WITHOUT: False}


def show(run: RunRecord, scores: MultiLabel, version: Stamp) -> None:
    st.subheader("Matrix of each label", anchor=False)
    # A click runs this part of the page alone.
    st.fragment(_draw)(run, scores, version)


def _draw(run: RunRecord, scores: MultiLabel, version: Stamp) -> None:
    left, right = st.columns([9, 11], gap="medium")
    names = [each.name for each in scores.labels]
    with left:
        chosen = st.selectbox("Label", names, key=LABEL, bind=address.among(LABEL, names))
        label = scores.labels[names.index(chosen) if chosen in names else 0]
        _matrix(run, label)
        how = "chosen on the validation part" if label.tuned else "which was not chosen"
        st.caption(
            f"Given above {number(label.threshold)}, {how}."
            f" Precision {number(label.precision)}, recall {number(label.recall)}, F1 {number(label.f1)}."
        )
    with right:
        with st.container(horizontal=True):
            true = _choice("True", TRUE)
            given = _choice("Given", GIVEN)
        _examples(run, label, _CHOICES.get(true), _CHOICES.get(given), predictions(run.id, version))


def _choice(label: str, key: str) -> str:
    options = [_ANY, *_CHOICES]
    return st.selectbox(label, options, key=key, bind=address.among(key, options), width=200)


def _matrix(run: RunRecord, label: LabelScores) -> None:
    counts = np.array([[label.neither, label.only_given], [label.only_true, label.both]], np.int64)

    def click(point: dict[str, Any]) -> None:
        for key, axis in ((TRUE, "y"), (GIVEN, "x")):
            place = point.get(axis)
            if isinstance(place, int | float):
                st.session_state[key] = _WITH if place >= 1 else _WITHOUT

    figure = charts.confusion(counts, ["without", label.name])
    told = f"Matrix of {label.name}: click a cell to see its examples"
    chart(figure, key=f"run_label_matrix_{run.id}", alt=told, on_click=click)


def _examples(
    run: RunRecord, label: LabelScores, true: bool | None, given: bool | None, frame: pd.DataFrame | None
) -> None:
    if frame is None:
        return
    found = of_label(frame, label, true, given)
    if found is None:
        st.caption("With so many labels, the predictions of each one are not kept.")
        return
    if true is None and given is None:
        found = of_label(frame, label, None, None, wrong=True)
        assert found is not None
        st.markdown(literal(f"{plural(len(found), 'test example')} wrong as to {label.name}; click a cell for others"))
    else:
        st.markdown(literal(f"{plural(len(found), 'test example')}: {_told('true', true)}, {_told('given', given)}"))
    if not found.empty:
        examples(run.id, found, [], key="run_label_cell", alt=f"Test examples of the matrix of {label.name}")


def _told(what: str, side: bool | None) -> str:
    return f"{what} {'any' if side is None else 'with the label' if side else 'without it'}"
