"""Register as model: a checkpoint of the run becomes a version of a new model, or of one that there is."""

from functools import partial
from typing import Any

import streamlit as st

from core import models, runs
from core.common.errors import TraindeckError
from core.models import GateError, VersionRecord, making
from core.runs import NETWORK
from core.runs.data_names import data_set
from core.runs.kept_weights import kept_weights
from core.runs.records import RunQuery, RunRecord
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.like_form import like
from pages.shared.nav import MODELS
from pages.shared.state import MODELS_NOTICE
from pages.shared.version_form import Labels, ask, labels

_MEAN = "mean"
_OFFERED = 100  # runs, the newest first


def links(run: RunRecord) -> None:
    """To the versions that came of it."""
    found = models.of_runs(context(), [run.id])
    if found:
        with st.container(horizontal=True, key="run_models"):
            for version in found:
                aliases = f" ({', '.join(version.aliases)})" if version.aliases else ""
                st.page_link(
                    MODELS.path, label=f"Model {version.title}{aliases}", icon=MODELS.icon, help="",
                    query_params={"model": version.model, "version": str(version.number)},
                )  # fmt: skip


def register(run: RunRecord) -> None:
    """For a run at rest that left a checkpoint; nothing for others."""
    if run.kind != NETWORK.name:
        _reported(run)
        return
    if models.why_not(context(), run):
        return
    with st.popover(
        "Register as model", icon=MODELS.icon, key="run_register",
        help="Keep its network under a name, whatever becomes of the run",
    ):  # fmt: skip
        there = models.checkpoints(context(), run)
        epochs = len(kept_weights(context().workspace.settings, run))
        if epochs > 1:
            there.append(_MEAN)
        checkpoint, last = there[0], epochs
        if len(there) > 1:
            checkpoint = st.radio(
                "Checkpoint", there, horizontal=True, key=f"run_checkpoint_{run.id}",
                help="The best one has the figures of the evaluation; the last one is where training ended; mean is "
                "that of the weights of the last epochs, where the run kept some (Training, Epochs kept)",
            )  # fmt: skip
        if checkpoint == _MEAN:
            last = st.number_input("Epochs, the last ones", 2, epochs, epochs, key=f"run_mean_of_{run.id}")
        proposed = models.slug(data_set(run) or run.name)
        given = labels(f"run_{run.id}", proposed, champion_first=True, better=partial(_better, run, checkpoint))
        if st.button("Register", type="primary", key="run_register_apply"):
            if checkpoint == _MEAN:
                how: dict[str, Any] = {"note": given.note, "aliases": given.aliases}
                ask(lambda: making.average_request(context(), run, given.name, last, **how))
            else:
                _register(run, given, checkpoint)


def _reported(run: RunRecord) -> None:
    """The best network of a script or of a client, which is judged as a file is."""
    if not run.state.is_finished or not models.checkpoints(context(), run):
        return
    with st.popover(
        "Register as model", icon=MODELS.icon, key="run_register",
        help="Keep its best network under a name; it is judged on a test set, asked and exported from there",
    ):  # fmt: skip
        try:
            first, told = making.like_data(context(), run), ""
        except TraindeckError as error:
            first, told = "", str(error)
        found = runs.listing(context(), RunQuery(limit=_OFFERED)).runs
        offered = {each.id: each for each in found if each.state.is_finished and not models.why_not(context(), each)}
        wanted = like(f"run_{run.id}", offered, first)
        if told:
            st.caption(literal(told))
        given = labels(f"run_{run.id}", models.slug(run.name), champion_first=True)
        if st.button("Register", type="primary", key="run_register_apply"):
            how: dict[str, Any] = {"note": given.note, "aliases": given.aliases}
            ask(lambda: making.reported_request(context(), run, given.name, wanted.reference, **wanted.how(), **how))


def _better(run: RunRecord, checkpoint: str, champion: VersionRecord) -> str:
    """Of the best checkpoint alone there are answers on the test set."""
    return models.surely_better(context(), run, champion) if checkpoint == "best" else ""


def _register(run: RunRecord, given: Labels, checkpoint: str) -> None:
    name = given.name
    try:
        version = models.register(context(), run, name, checkpoint, note=given.note, aliases=given.aliases)
    except GateError as error:  # it is registered, as the newest version
        st.session_state[MODELS_NOTICE] = ("error", str(error))
        st.switch_page(MODELS.path, query_params={"model": name, "version": str(models.get(context(), name).newest)})
    except TraindeckError as error:
        st.error(literal(str(error)))
    else:
        st.switch_page(MODELS.path, query_params={"model": version.model, "version": str(version.number)})
