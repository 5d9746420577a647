"""The head of a model's page: what it is for, its description, its deletion, and what the last action did."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import streamlit as st

from core import models, runs
from core.common.errors import TraindeckError
from core.models import ModelRecord
from pages.shared import state
from pages.shared.data import context
from pages.shared.events_table import events_table
from pages.shared.format import literal, minute, plural, size
from pages.shared.widgets import reader_zone

_POPOVERS = "models_popovers"  # keys of those that were drawn


def head(model: ModelRecord, action: Callable[[ModelRecord], None]) -> None:
    """`action` stands beside the others at the right."""
    st.button(
        "All models", type="tertiary", icon=":material/arrow_back:", key="models_back", on_click=st.query_params.clear
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(literal(model.name), anchor=False, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            action(model)
            _describe(model)
            _delete(model)
    if model.description:
        st.text(model.description)
    st.caption(
        f"{plural(len(model.versions), 'version')} · made by {literal(model.created_by)} · "
        f"{minute(model.created_at, reader_zone())}"
    )


def history(model: ModelRecord) -> None:
    events_table(models.history(context(), model.name), key="models_history", alt="History of this model")


def popover(label: str, *, icon: str, key: str, help: str | None = None) -> AbstractContextManager[object]:
    """One that `act` closes once it did what was asked there: what it covers says what came of it."""
    st.session_state.setdefault(_POPOVERS, set()).add(key)
    return st.popover(label, icon=icon, key=key, help=help, on_change="rerun")


def act(action: Callable[[], object], done: str = "", then: Callable[[], object] = lambda: None) -> None:
    """Do it within a callback, and have the page say what came of it; `then` comes after what was done."""
    try:
        action()
        then()
        st.session_state.update(dict.fromkeys(st.session_state.get(_POPOVERS, ()), False))
    except TraindeckError as error:
        st.session_state[state.MODELS_NOTICE] = ("error", str(error))
    else:
        if done:
            st.session_state[state.MODELS_NOTICE] = ("success", done)


def notice() -> None:
    """What the last action did, once."""
    kind, text = st.session_state.pop(state.MODELS_NOTICE, ("", ""))
    if kind == "error":
        st.error(literal(text), icon=":material/error:")
    elif kind == "warning":
        st.warning(literal(text), icon=":material/block:")
    elif kind:
        st.success(literal(text), icon=":material/check:")


def _describe(model: ModelRecord) -> None:
    key = f"models_description_{model.id}"
    with (
        popover("Describe", icon=":material/edit:", key="models_describe", help="What the model is for"),
        st.form(f"{key}_form", border=False),
    ):
        st.text_area("What it is for", model.description, max_chars=runs.MAX_NOTES, key=key)
        st.form_submit_button("Save", type="primary", on_click=_described, args=(model.name, key))


def _described(name: str, key: str) -> None:
    act(lambda: models.describe(context(), name, st.session_state[key].strip()))


def _delete(model: ModelRecord) -> None:
    with popover("Delete", icon=":material/delete:", key="models_delete"):
        if model.aliases:
            named = ", ".join(f"**{alias}** (version {version.number})" for alias, version in model.aliases.items())
            st.markdown(f"In use under {named}. Remove the aliases first, then delete.")
        else:
            kept = size(sum(version.size for version in model.versions))
            st.markdown(
                f"Delete **{literal(model.name)}** with {plural(len(model.versions), 'version')} for good? "
                f"That frees at most {kept}: the runs that they came of stay, with what they still have."
            )
        st.button(
            "Delete for good",
            type="primary",
            key="models_delete_apply",
            disabled=bool(model.aliases),
            on_click=_deleted,
            args=(model,),
        )


def _deleted(model: ModelRecord) -> None:
    act(lambda: models.delete_model(context(), model.name), f"Deleted {model.name}.", st.query_params.clear)
