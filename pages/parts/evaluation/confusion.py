"""The confusion matrix, and the examples of the cell that was clicked or chosen; the choice is in the address."""

from typing import Any

import pandas as pd
import streamlit as st

from core.charts import evaluations as charts
from core.evaluation.browse import confused, of_cell, worst_classes
from core.evaluation.report import Classification
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.evaluation.examples import examples
from pages.shared import address
from pages.shared.data import Stamp, predictions
from pages.shared.format import literal, plural

TRUE, PREDICTED, SHARES = "run_true", "run_predicted", "run_shares"
_DRAWN_MOST = 100  # classes; more cells could be neither told apart nor clicked


def show(run: RunRecord, scores: Classification, version: Stamp) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Confusion matrix", anchor=False, width="content")
        st.toggle("Shares of the true class", key=SHARES, bind=address.switch(SHARES))
    # A click runs this part of the page alone.
    st.fragment(_draw)(run, scores, version)


def _draw(run: RunRecord, scores: Classification, version: Stamp) -> None:
    names = [each.name for each in scores.classes]
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _matrix(run, scores, names)
    with right:
        with st.container(horizontal=True):
            true = _choice("True", names, TRUE)
            predicted = _choice("Predicted", names, PREDICTED)
        frame = predictions(run.id, version)
        if frame is None:
            return
        if true is None and predicted is None:
            _hint(scores, names)
            return
        found = of_cell(frame, true, predicted)
        told = f"{plural(len(found), 'test example')}: true {_name(names, true)}, predicted {_name(names, predicted)}"
        st.markdown(literal(told))
        if not found.empty:
            both = true is not None and predicted is not None
            examples(run.id, found, names, key="run_cell", alt=told, truth=not both)


def _matrix(run: RunRecord, scores: Classification, names: list[str]) -> None:
    drawn = worst_classes(scores.confusion, _DRAWN_MOST)

    def click(point: dict[str, Any]) -> None:
        places = _place(point.get("y"), drawn, names), _place(point.get("x"), drawn, names)
        st.session_state[TRUE], st.session_state[PREDICTED] = places

    figure = charts.confusion(
        scores.confusion[drawn][:, drawn], [names[number] for number in drawn], shares=bool(st.session_state[SHARES])
    )
    chart(
        figure, key=f"run_confusion_{run.id}", alt="Confusion matrix: click a cell to see its examples", on_click=click
    )
    if len(drawn) < len(names):
        st.caption(
            f"The {len(drawn)} of {len(names):,} classes that are in the most mistakes; any can be chosen beside it."
        )


def _place(number: object, drawn: list[int], names: list[str]) -> str | None:
    """The class at a place along an axis, as the browser tells it."""
    inside = isinstance(number, int | float) and 0 <= number < len(drawn)
    return names[drawn[int(number)]] if inside else None  # type: ignore[call-overload]


def _choice(label: str, names: list[str], key: str) -> int | None:
    chosen = st.selectbox(label, names, index=None, placeholder="Any class", key=key, bind=address.among(key, names))
    return names.index(chosen) if chosen in names else None


def _name(names: list[str], number: int | None) -> str:
    return "any class" if number is None else names[number]


def _hint(scores: Classification, names: list[str]) -> None:
    found = confused(scores, 8)
    if not found:
        st.caption("Click a cell, or choose classes, to see their examples. No class is taken for another.")
        return
    st.caption("Click a cell, or choose classes, to see their examples. Most often confused:")
    frame = pd.DataFrame(
        [(names[true], names[predicted], count) for true, predicted, count in found],
        columns=["True", "Predicted", "Test examples"],
    )
    st.dataframe(frame, hide_index=True, key="run_confused", alt="Classes that are confused most often")
