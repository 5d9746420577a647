"""What the network goes by over its test set: features, words, or places of pictures, found out on demand."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core import charts
from core.charts.contributions import contributions, heat_over
from core.common.errors import TraindeckError
from core.common.text import percentage, quantity
from core.data.pictures import shown as decoded
from core.jobs import importance, prediction
from core.jobs.explanation_told import named
from core.jobs.importance import Importance, Word
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.run.dependence import draw_dependence
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.state import RUN_IMPORTANCE

_POLL = 0.5  # seconds between two looks for the result
_DRAWN = 20
_SIDE = 140  # pixels of a picture
_CLASSES = 10  # that have a column each


def show(run: RunRecord) -> None:
    try:
        if not importance.applies(prediction.info(context(), run)):
            return
    except TraindeckError:
        return
    st.subheader("What it goes by", anchor=False)
    if told := st.session_state.pop(RUN_IMPORTANCE, ""):
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
            key="run_importance_ask",
            help="Shuffles features, leaves words out or covers places of test examples, and looks what the network "
            "answers then",
            on_click=_ask,
            args=(run,),
        )


def _ask(run: RunRecord) -> None:
    try:
        importance.stop(context(), run)  # what failed
        importance.ask(context(), run)
    except TraindeckError as error:
        st.session_state[RUN_IMPORTANCE] = str(error)


def _waiting(run: RunRecord) -> None:
    if importance.found(context(), run) is None and importance.is_asked(context(), run):
        told = importance.progress(context(), run)
        text = told.text[:1].upper() + told.text[1:] if told and told.text else prediction.standby_state(context())
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress((told.share if told else None) or 0.0, text=literal(text))
            st.button("Stop", key="run_importance_stop", icon=":material/stop:", type="tertiary", on_click=_stop,
                      args=(run,))  # fmt: skip
        return
    st.rerun()


def _stop(run: RunRecord) -> None:
    importance.stop(context(), run)


def _drawn(run: RunRecord, found: Importance) -> None:
    if found.is_short:
        st.caption(f"There was time for {found.rows:,} test examples only.")
    if found.features:
        _features(run, found)
    elif found.regions:
        _regions(found)
    else:
        _words(found)


def _features(run: RunRecord, found: Importance) -> None:
    parts = [(each.name, each.fall) for each in found.features[:_DRAWN]]
    alt = ", ".join(f"{name} {quantity(value, 2)}" for name, value in parts[:3])
    chart(
        contributions(parts, charts.run_colour(run.id)),
        key=f"run_importance_{run.id}",
        alt=f"What shuffling each feature costs: {alt}",
    )
    error = max(each.error for each in found.features)
    is_share = found.score == "accuracy"
    value = percentage(found.value or 0.0, 1) if is_share else quantity(found.value or 0.0, 4)
    moves = "falls" if is_share else "grows"
    st.caption(
        f"By how much the {found.score} of {value} {moves} when a feature's values are shuffled among {found.rows:,} "
        f"test rows, the mean of {found.repeats} times; standard errors are at most {quantity(error, 2)}. Features "
        "that say the same share what they are worth."
    )
    if found.dependences:
        st.markdown("**What the answer does over a feature's values**")
        draw_dependence(run, found.dependences, f"run_importance_{run.id}", is_share=is_share)
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
    st.dataframe(frame, hide_index=True, key="run_importance_classes", alt="Falls by class", column_config=columns)
    st.caption("By how much the recall of each class falls; below 0 it rises.")


def _words(found: Importance) -> None:
    told = [each for each in found.words if each.speaks_for or each.against]
    names = [each.name for each in told or found.words]
    shown = found.words[0]
    if len(names) > 1:
        name = st.selectbox("Class", names, key="run_importance_class", width=240)
        shown = next(each for each in found.words if each.name == name)
    left, right = st.columns(2, gap="large")
    with left:
        _list(f"For {shown.name}", shown.speaks_for, "run_importance_for")
    with right:
        _list(f"Against {shown.name}", shown.against, "run_importance_against")
    st.caption(
        f"What the answer changes by, in the mean, when a word is left out of {found.rows:,} test texts. Only words in "
        f"{found.least} texts or more, {found.looked:,} of them, were looked at; the intervals hold for all of them "
        "together, and words whose interval holds 0 are not listed."
    )


def _list(title: str, words: Sequence[Word], key: str) -> None:
    st.markdown(f"**{literal(title)}**")
    if not words:
        st.caption("No word surely does.")
        return
    frame = pd.DataFrame(
        {
            "Word": [named(each.text) for each in words],
            "Without it": [-each.value for each in words],
            "95 % interval": [f"{quantity(-each.high, 2)} to {quantity(-each.low, 2)}" for each in words],
            "Texts": [each.texts for each in words],
        }
    )
    config = {"Without it": st.column_config.NumberColumn(format="%+.3f")}
    st.dataframe(frame, hide_index=True, key=key, alt=title, column_config=config, height="content")


def _regions(found: Importance) -> None:
    with st.container(horizontal=True, gap="small"):
        for each in found.regions:
            picture = heat_over(decoded(each.seen), each.heat, _SIDE)
            caption = f"{literal(each.name)} ({each.pictures})"
            st.image(picture, caption=caption, width=_SIDE, alt=f"Where pictures speak for {each.name}")
    st.caption(
        f"Red places speak for the class, blue ones against it: what its probability loses where they are covered, the "
        f"mean over {found.rows:,} test pictures, each of the class that is named. The grey picture is their mean. "
        "Places within two standard errors of 0 have no colour; causes that move about are blurred."
    )
