"""Try it: a question to the process that holds the network, asked once as long as nothing changes."""

import time

import streamlit as st

from core.common.errors import TraindeckError
from core.jobs import prediction
from core.jobs.explanation import Explain
from core.jobs.prediction import Input, Prediction
from core.runs.records import RunRecord
from pages.shared.data import context
from pages.shared.format import literal

_YIELD_SECONDS = 0.5  # while an answer is waited for, between two chances for a click to be heard


def answered(run: RunRecord, question: Input, remembered: str, explain: Explain | None = None) -> Prediction:
    """Asked once for the same question and checkpoint. Raises TraindeckError.

    Why an explanation failed is kept as an answer is: it may have cost a minute, and the process that held the network.

    Args:
        remembered: key of the session's state under which the last answer is kept.
    """
    asked = run.id, prediction.stamp(context(), run), question, explain
    known = st.session_state.get(remembered)
    if known is not None and known[0] == asked:
        if isinstance(known[1], str):
            raise prediction.PredictionError(known[1])
        return known[1]  # type: ignore[no-any-return]
    with st.spinner("Asking the network"):
        rest = st.empty()
        heard = time.monotonic()

        def waiting() -> None:
            nonlocal heard
            if time.monotonic() - heard > _YIELD_SECONDS:
                heard = time.monotonic()
                rest.empty()

        try:
            answer = prediction.predict(context(), run, question, waiting=waiting, explain=explain)
        except TraindeckError as error:
            if explain is not None:
                st.session_state[remembered] = asked, str(error)
            raise
    st.session_state[remembered] = asked, answer
    return answer


def draw_failure(error: TraindeckError, remembered: str) -> None:
    """Why there is no explanation, and a button that has it asked for again."""
    st.error(literal(str(error)), icon=":material/error:")
    st.button(
        "Ask again", key=f"{remembered}_again", icon=":material/refresh:", type="tertiary",
        on_click=st.session_state.pop, args=(remembered, None),
    )  # fmt: skip
