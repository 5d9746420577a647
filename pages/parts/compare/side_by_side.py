"""Two runs on the same test example: what each answers, and why."""

from collections.abc import Sequence

import streamlit as st

from core import runs as use_cases
from core.common.errors import TraindeckError
from core.common.text import percentage, quantity
from core.data.base import DataInfo
from core.evaluation.holdout import question
from core.jobs import prediction
from core.jobs.explanation import TITLES, Explain, Method, methods
from core.jobs.prediction import Input, Prediction
from core.runs.records import RunRecord
from pages.parts.run.asking import answered, draw_failure
from pages.parts.run.explained import draw_explanation
from pages.shared.data import context, holdout_example
from pages.shared.format import literal
from pages.shared.state import COMPARE_EXAMPLE

_MOST = 8  # runs that one can choose from


def draw_side_by_side(runs: Sequence[RunRecord]) -> None:
    """Nothing where no two of them take the same inputs."""
    found = [(run, info) for run in runs[:_MOST] if (info := _askable(run)) is not None]
    alike = [(run, info) for run, info in found if _takes(info) == _takes(found[0][1])]
    if len(alike) < 2:
        return
    st.subheader("On the same example", anchor=False)
    if not st.toggle("Explain a test example", key="compare_explain", help="By two of these runs, beside each other"):
        return
    infos = {run.id: info for run, info in alike}
    named = {run.id: f"{run.id} · {run.name}" for run, _ in alike}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first, second = (
            st.selectbox(title, list(named), index=place, format_func=named.__getitem__,
                         key=f"compare_example_{place}", width=240)
            for place, title in enumerate(("One", "Other"))
        )  # fmt: skip
        known = _methods([run for run, _ in alike], infos[first])
        method = st.segmented_control(
            "Method", known, default=known[0], required=True, format_func=TITLES.__getitem__, key="compare_method"
        )
        st.button("Another test example", icon=":material/casino:", key="compare_another", on_click=_next)
    example = holdout_example(first, infos[first], st.session_state.get(COMPARE_EXAMPLE, 0))
    if example is None:
        st.caption("The first one kept no test examples with its evaluation.")
        return
    st.caption(f"Test example {example.position:,}" + (f"; it is {literal(example.label)}." if example.label else "."))
    by_number = {run.id: run for run, _ in alike}
    _both([by_number[first], by_number[second]], infos, question(infos[first], example), method)


def _askable(run: RunRecord) -> DataInfo | None:
    """What its network takes; None where it cannot be asked, or its answers are not explained."""
    try:
        info = prediction.info(context(), run)
        is_known = info.kind not in ("corpus", "series") and methods(info)
        return info if is_known and prediction.is_ready(context(), run) else None
    except TraindeckError:
        return None


def _takes(info: DataInfo) -> tuple[object, ...]:
    """Texts may be cut by each run's own vocabulary and length."""
    shape = () if info.kind == "text" else (info.shape, info.features)
    return info.kind, info.task, info.class_names, shape


def _methods(runs: Sequence[RunRecord], info: DataInfo) -> tuple[Method, ...]:
    names = [config.architecture.name for run in runs if (config := use_cases.spec(run)) is not None]
    return methods(info, "mlp" if "mlp" in names else "")


def _next() -> None:
    st.session_state[COMPARE_EXAMPLE] = st.session_state.get(COMPARE_EXAMPLE, 0) + 1


def _both(runs: Sequence[RunRecord], infos: dict[int, DataInfo], asked: Input, method: Method | None) -> None:
    """Both are asked about the class that the first one predicts."""
    target = ""
    for place, (run, column) in enumerate(zip(runs, st.columns(2, gap="large"), strict=True)):
        with column:
            st.markdown(f"**{literal(run.name)}**")
            kept = f"{COMPARE_EXAMPLE}_{place}"
            try:
                answer = answered(run, asked, kept, Explain(method=method, target=target))
            except TraindeckError as error:
                draw_failure(error, kept)
                continue
            st.markdown(_said(answer))
            target = target or (answer.classes[0].name if answer.classes else "")
            draw_explanation(run, infos[run.id], answer, f"compare_{place}")


def _said(answer: Prediction) -> str:
    if answer.number is not None:
        return f"{literal(answer.target or 'Predicted')}: {quantity(answer.number)}"
    best = answer.classes[0]
    return f"Predicted: **{literal(best.name)}**, {percentage(best.probability, 1)}"
