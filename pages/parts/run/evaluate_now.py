"""Evaluate now: a button where the evaluation would be, and how far it is once it is asked for."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.common.errors import TraindeckError
from core.jobs import evaluation, prediction
from core.runs.records import RunRecord
from pages.shared.clicks import once
from pages.shared.data import context
from pages.shared.format import literal

_POLL = 0.5  # seconds between two looks for the result
_PROBLEM = "run_evaluate_problem"


def is_waited_for(run: RunRecord) -> bool:
    """Says how far the evaluation is, or why there was none, once."""
    if told := st.session_state.pop(_PROBLEM, ""):
        st.error(literal(told), icon=":material/error:")
    asked = evaluation.is_asked(context(), run)
    if asked:
        st.fragment(run_every=_POLL)(_waiting)(run)
    return asked


def offer(run: RunRecord) -> None:
    """For a run at rest without a report; nothing where it cannot be evaluated, as it left no checkpoint."""
    if not is_waited_for(run) and not evaluation.why_not(context(), run):
        st.button(
            "Evaluate now",
            type="primary",
            icon=":material/grading:",
            key="run_evaluate",
            help="On the test set, by its best checkpoint, as at a run's end",
            **once("run_evaluate", ask, run),
        )


def ask(run: RunRecord, like: str = "", how: Callable[[], dict[str, Any]] = dict) -> None:
    """Within a callback; `like` and `how` are as in `evaluation.request`."""
    try:
        evaluation.ask(context(), run, like, **how())
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
