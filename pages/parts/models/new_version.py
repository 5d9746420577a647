"""New version: of several runs together."""

import streamlit as st

from core import models, runs
from core.comparison import label
from core.models import ModelRecord, making
from core.runs.records import RunQuery, RunRecord
from pages.shared.data import context
from pages.shared.nav import MODELS
from pages.shared.version_form import ask, labels

_KEY = "models_new"
_OFFERED = 200  # runs, the newest first


def draw_new(model: ModelRecord | None = None) -> None:
    """The button; of a model, for that one."""
    with st.popover("New version", icon=":material/add:", key=_KEY, help="Of several runs together"):
        st.markdown("An **ensemble** answers with the mean of what its members answer: one network, slower and surer.")
        _ensemble(model)


def _ensemble(model: ModelRecord | None) -> None:
    offered = {run.id: run for run in runs.listing(context(), RunQuery(limit=_OFFERED)).runs if _is_ready(run)}
    chosen = st.multiselect(
        "Runs", list(offered), key=f"{_KEY}_runs", format_func=lambda number: label(offered[number]),
        max_selections=making.MOST, placeholder="Runs of the same data and task", select_all=False,
    )  # fmt: skip
    proposed = model.name if model else "ensemble"
    given = labels(f"{_KEY}_{proposed}", proposed)
    if st.button("Register as ensemble", type="primary", icon=MODELS.icon, key=f"{_KEY}_ensemble"):
        members = [offered[number] for number in chosen]
        ask(lambda: making.ensemble_request(context(), members, given.name, note=given.note, aliases=given.aliases))


def _is_ready(run: RunRecord) -> bool:
    return run.state.is_finished and not models.why_not(context(), run)
