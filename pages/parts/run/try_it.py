"""Try it: the run's best network, asked about an input of the reader's own."""

import streamlit as st

from core import charts
from core.charts.probabilities import probabilities
from core.common.errors import TraindeckError
from core.common.text import percentage, quantity
from core.data.base import DataInfo
from core.jobs import prediction
from core.jobs.prediction import Input, Picture, Prediction, Token
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.run import try_file, try_inputs, try_series
from pages.parts.run.asking import answered
from pages.parts.run.blocks import blocks, seen
from pages.parts.run.explained import explained
from pages.parts.run.try_labels import labels
from pages.shared.data import context
from pages.shared.format import literal, number
from pages.shared.state import RUN_TRIED

_RECEIVED = 140  # at least, as it was uploaded
_TOKENS = 600  # that are shown one by one


def try_it(run: RunRecord) -> None:
    """Input on the left, answer on the right; asked anew whenever one of input and checkpoint changes."""
    missing = prediction.not_ready(context(), run)
    if missing:
        st.info(missing, icon=":material/hourglass_empty:")
        return
    try:
        info = prediction.info(context(), run)
    except TraindeckError as error:
        st.error(literal(str(error)))
        return
    _one(run, info)
    try_file.try_file(run, info)


def _one(run: RunRecord, info: DataInfo) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        question = try_inputs.form(run, info)
    with right:
        if question is None:
            st.caption("The answer appears here.")
            return
        try:
            answer = answered(run, question, RUN_TRIED)
        except TraindeckError as error:
            st.error(literal(str(error)), icon=":material/error:")
        else:
            _show(run, question, answer)
            explained(run, info, question, answer)
            if isinstance(question, Picture) and question.name:
                left.image(blocks(answer.received, _RECEIVED), alt="The uploaded picture", width="content")


def _show(run: RunRecord, question: Input, answer: Prediction) -> None:
    if answer.task == "generation":
        _generated(question, answer)
    elif answer.task == "forecast":
        try_series.show(run, answer)
    elif answer.task == "regression":
        st.metric(literal(answer.target or "Predicted"), quantity(answer.number or 0.0), border=True)
        st.caption(literal(f"In the unit of {answer.target or 'the target'}, as the data have it."))
        if answer.seen:
            seen(answer.seen)
    elif answer.task == "multilabel":
        labels(run, answer)
    else:
        _classes(run, answer)
    if answer.tokens:
        _tokens(answer.tokens)
    for note in answer.notes:
        st.caption(literal(note))
    where = f"epoch {number(answer.epoch)}" if answer.epoch else f"step {answer.step:,}"
    st.caption(f"Answered in {answer.milliseconds:,.0f} ms by the best checkpoint, {where}.")


def _classes(run: RunRecord, answer: Prediction) -> None:
    best = answer.classes[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if answer.seen:
            seen(answer.seen)
        st.metric(
            "Predicted",
            literal(best.name),
            f"probability {percentage(best.probability, 1)}",
            delta_color="off",
            delta_arrow="off",
            width="content",
        )
    shares = [(share.name, share.probability) for share in answer.classes]
    alt = ", ".join(f"{name} {percentage(share, 1)}" for name, share in shares[:3])
    chart(probabilities(shares, charts.run_colour(run.id)), key=f"run_try_chart_{run.id}", alt=f"Probabilities: {alt}")


def _generated(question: Input, answer: Prediction) -> None:
    prompt = question.text if isinstance(question, prediction.Prompt) else ""
    st.code(prompt + answer.text, language=None, wrap_lines=True)


def _tokens(tokens: tuple[Token, ...]) -> None:
    """The text as the network read it, unless it is all known."""
    if all(token.state == "known" for token in tokens):
        return
    looks = {"known": "{}", "unknown": ":orange-badge[{}]", "cut": ":gray[{}]"}
    shown = " ".join(looks[token.state].format(literal(token.text)) for token in tokens[-_TOKENS:])
    with st.expander("How the network read it", expanded=True):
        st.markdown(shown)
        st.caption("Grey was cut off before the network saw it; marked words are unknown to its vocabulary.")
