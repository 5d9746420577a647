"""New version: of several runs together, or of a file with a network."""

from typing import Any

import streamlit as st

from core import models, runs
from core.common.errors import TraindeckError
from core.comparison import label
from core.jobs.new_version import Request
from core.models import ModelRecord, making
from core.runs.records import RunQuery, RunRecord
from pages.parts.datasets.uploader import uploader
from pages.shared.data import context
from pages.shared.format import literal
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
    if st.button("Register as ensemble", type="primary", icon=MODELS.icon, key=f"{_KEY}_ensemble"):
        members = [offered[number] for number in chosen]
        how: dict[str, Any] = {"note": given.note, "aliases": given.aliases}
        ask(lambda: making.ensemble_request(context(), members, given.name, **how))


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
    versions = [each.title for known in models.listing(context()) for each in known.versions if each.config]
    like = st.selectbox(
        "Its inputs are prepared like those of", ["", *versions, *map(str, offered)], key=f"{_KEY}_like",
        format_func=lambda each: _named(each, offered),
        help="Then it is measured on that test set, and asked with pictures, texts or rows",
    )  # fmt: skip
    pixels, logits = "0..255", False
    if like:
        pixels = st.selectbox(
            "Range of the pixels that it learned from", ["0..255", "0..1", "-1..1"], key=f"{_KEY}_pixels",
            accept_new_options=True, help="Of pictures: it is asked in this range; another one can be typed, as 0..16. "
            "Rows are asked as the data set has them, texts by the ids of the vocabulary",
        )  # fmt: skip
        logits = st.checkbox(
            "It gives logits", key=f"{_KEY}_logits", help="A softmax, or sigmoid, is put behind the network"
        )
    proposed = model.name if model else models.slug(sent[0].name.rpartition(".")[0]) if sent else "uploaded"
    given = labels(f"{_KEY}_file_{proposed}", proposed)
    if st.button("Upload as version", type="primary", icon=":material/upload:", key=f"{_KEY}_upload"):
        if sent is None:
            st.error("Choose a file first.", icon=":material/error:")
            return
        how: dict[str, Any] = {"note": given.note, "aliases": given.aliases, "logits": logits}
        file, name = sent[1], sent[0].name

        def request() -> Request:
            return making.upload_request(
                context(), file, name, given.name, like or "", pixels=making.pixel_range(pixels or "0..255"), **how
            )

        ask(request)


def _named(reference: str, offered: dict[int, RunRecord]) -> str:
    if not reference:
        return "nothing: numbers as they are, not measured"
    return f"run {label(offered[int(reference)])}" if reference.isdecimal() else reference
