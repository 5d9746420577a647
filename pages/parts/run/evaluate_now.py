"""Evaluate now: a button where the evaluation would be, and how far it is once it is asked for."""

import streamlit as st

from core.common.errors import TraindeckError
from core.jobs import evaluation, prediction
from core.runs.records import RunRecord
from pages.shared.data import context
from pages.shared.format import literal

_POLL = 0.5  # seconds between two looks for the result
_PROBLEM = "run_evaluate_problem"


def offer(run: RunRecord) -> None:
    """For a run at rest without a report; nothing where it cannot be evaluated, as it left no checkpoint."""
    if told := st.session_state.pop(_PROBLEM, ""):
        st.error(literal(told), icon=":material/error:")
    if evaluation.is_asked(context(), run):
        st.fragment(run_every=_POLL)(_waiting)(run)
    elif not evaluation.why_not(context(), run):
        st.button(
            "Evaluate now",
            type="primary",
            icon=":material/grading:",
            key="run_evaluate",
            help="On the test set, by its best checkpoint, as at a run's end",
            on_click=_ask,
            args=(run,),
        )


def _ask(run: RunRecord) -> None:
    try:
        evaluation.ask(context(), run)
    except TraindeckError as error:
        st.session_state[_PROBLEM] = str(error)


def _waiting(run: RunRecord) -> None:
    done = evaluation.take(context(), run)
    if done is None and evaluation.is_asked(context(), run):
        text, share = evaluation.progress(context(), run)
        st.progress(share or 0.0, text=f"Evaluating: {text}" if text else prediction.standby_state(context()))
        return
    if done is not None and done.problem:
        st.session_state[_PROBLEM] = done.problem
    st.rerun()
