"""New version: of several runs together, or of a file with a network."""

from typing import Any

import streamlit as st

from core import models, runs
from core.common.errors import TraindeckError
from core.comparison import label
from core.models import ModelRecord, making
from core.runs.records import RunQuery, RunRecord
from pages.parts.datasets.uploader import uploader
from pages.shared.clicks import begin_button
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.like_form import like
from pages.shared.nav import MODELS
from pages.shared.version_form import ask, labels

_KEY = "models_new"
_OFFERED = 100  # runs, the newest first
_ENSEMBLE, _FILE = "Runs together", "A file"


def draw_new(model: ModelRecord | None = None) -> None:
    """The button; of a model, for that one."""
    with st.popover("New version", icon=":material/add:", key=_KEY, help="Of several runs together, or of a file"):
        how = st.radio("Made of", [_ENSEMBLE, _FILE], horizontal=True, key=f"{_KEY}_how", label_visibility="collapsed")
        found = runs.listing(context(), RunQuery(limit=_OFFERED)).runs
        offered = {run.id: run for run in found if run.state.is_finished and not models.why_not(context(), run)}
        _file(model, offered) if how == _FILE else _ensemble(model, offered)


def _ensemble(model: ModelRecord | None, offered: dict[int, RunRecord]) -> None:
    st.markdown("An **ensemble** answers with the mean of what its members answer: one network, slower and surer.")
    chosen = st.multiselect(
        "Runs", list(offered), key=f"{_KEY}_runs", format_func=lambda number: label(offered[number]),
        max_selections=making.MOST, placeholder="Runs of the same data and task", select_all=False,
    )  # fmt: skip
    proposed = model.name if model else "ensemble"
    given = labels(f"{_KEY}_{proposed}", proposed)
    how: dict[str, Any] = {"note": given.note, "aliases": given.aliases}

    def begin() -> None:
        members = [offered[number] for number in chosen]
        ask(lambda: making.ensemble_request(context(), members, given.name, **how))

    begin_button("Register as ensemble", f"{_KEY}_ensemble", begin, type="primary", icon=MODELS.icon)


def _file(model: ModelRecord | None, offered: dict[int, RunRecord]) -> None:
    st.markdown(
        f"A network of Keras 3, ONNX or TFLite ({', '.join(making.NETWORK_FILES)}). Code of others is not run: a file "
        "that carries some is refused, with the reason."
    )
    try:
        sent = uploader(context().workspace.settings, making.NETWORK_FILES, "models")
    except TraindeckError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    wanted = like(_KEY, offered)
    proposed = model.name if model else models.slug(sent[0].name.rpartition(".")[0]) if sent else "uploaded"
    given = labels(f"{_KEY}_file_{proposed}", proposed)
    how: dict[str, Any] = {"note": given.note, "aliases": given.aliases}

    def begin() -> None:
        if sent is None:
            st.error("Choose a file first.", icon=":material/error:")
            return
        file, name = sent[1], sent[0].name
        ask(lambda: making.upload_request(context(), file, name, given.name, wanted.reference, **wanted.how(), **how))

    begin_button("Upload as version", f"{_KEY}_upload", begin, type="primary", icon=":material/upload:")
