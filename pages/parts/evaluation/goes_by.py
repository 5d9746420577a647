"""What the network goes by: how much worse it answers when a feature is shuffled, found out on demand."""

import pandas as pd
import streamlit as st

from core import charts
from core.charts.contributions import contributions
from core.common.errors import TraindeckError
from core.common.text import percentage, quantity
from core.jobs import importance, job_queue, prediction
from core.jobs.importance import Importance
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.state import RUN_GOES_BY

_POLL = 0.5  # seconds between two looks for the result
_DRAWN = 20
_CLASSES = 10  # that have a column each


def show(run: RunRecord) -> None:
    try:
        if not importance.applies(prediction.info(context(), run)):
            return
    except TraindeckError:
        return
    st.subheader("What it goes by", anchor=False)
    if told := st.session_state.pop(RUN_GOES_BY, ""):
        st.error(literal(told), icon=":material/error:")
    found = importance.found(context(), run)
    if found is not None and not found.problem:
        _drawn(run, found)
    elif found is None and importance.is_asked(context(), run):
        st.fragment(run_every=_POLL)(_waiting)(run)
    else:
        if found is not None:
            st.error(literal(found.problem), icon=":material/error:")
        st.button(
            "Find out",
            icon=":material/shuffle:",
            key="run_goes_by_ask",
            help="Shuffles each feature over the test set and looks how much worse the network answers",
            on_click=_ask,
            args=(run,),
        )


def _ask(run: RunRecord) -> None:
    try:
        job_queue.forget(context(), importance.key(context(), run))
        importance.ask(context(), run)
    except TraindeckError as error:
        st.session_state[RUN_GOES_BY] = str(error)


def _waiting(run: RunRecord) -> None:
    if importance.found(context(), run) is None and importance.is_asked(context(), run):
        told = job_queue.progress(context(), importance.key(context(), run))
        text = told.text.capitalize() if told and told.text else prediction.standby_state(context())
        st.progress((told.share if told else None) or 0.0, text=literal(text))
        return
    st.rerun()


def _drawn(run: RunRecord, found: Importance) -> None:
    parts = [(each.name, each.fall) for each in found.features[:_DRAWN]]
    alt = ", ".join(f"{name} {quantity(value, 2)}" for name, value in parts[:3])
    chart(
        contributions(parts, charts.run_colour(run.id)),
        key=f"run_goes_by_{run.id}",
        alt=f"What shuffling each feature costs: {alt}",
    )
    error = max(each.error for each in found.features)
    is_share = found.score == "accuracy"
    value = percentage(found.value, 1) if is_share else quantity(found.value, 4)
    moves = "falls" if is_share else "grows"
    st.caption(
        f"By how much the {found.score} of {value} {moves} when a feature's values are shuffled among {found.rows:,} "
        f"test rows, the mean of {found.repeats} times; standard errors are at most {quantity(error, 2)}. Features "
        "that say the same share what they are worth."
    )
    if 1 < len(found.classes) <= _CLASSES:
        with st.expander("By class"):
            _by_class(found)


def _by_class(found: Importance) -> None:
    frame = pd.DataFrame(
        {
            "Feature": [each.name for each in found.features],
            **{
                f"Recall of {name}": [each.by_class[place] for each in found.features]
                for place, name in enumerate(found.classes)
            },
        }
    )
    columns = {str(name): st.column_config.NumberColumn(format="%+.3f") for name in frame.columns[1:]}
    st.dataframe(frame, hide_index=True, key="run_goes_by_classes", alt="Falls by class", column_config=columns)
    st.caption("By how much the recall of each class falls; below 0 it rises.")
