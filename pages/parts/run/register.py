"""Register as model: a checkpoint of the run becomes a version of a new model, or of one that there is."""

from functools import partial
from typing import Any

import streamlit as st

from core import models
from core.common.errors import TraindeckError
from core.inference.export_formats import FORMATS
from core.models import GateError, VersionRecord, making
from core.models.run_exports import export_run, why_not_exported
from core.models.version_source import is_judged
from core.runs import NETWORK
from core.runs.data_names import data_set
from core.runs.kept_weights import kept_weights
from core.runs.records import RunRecord
from core.runs.reported_networks import kept_network
from pages.parts.run import evaluate_now, kept
from pages.shared.clicks import begin_button
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import MODELS
from pages.shared.state import MODELS_NOTICE
from pages.shared.version_form import Labels, ask, labels

_MEAN = "mean"


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

        def begin() -> None:
            if checkpoint == _MEAN:
                how: dict[str, Any] = {"note": given.note, "aliases": given.aliases}
                ask(lambda: making.average_request(context(), run, given.name, last, **how))
            else:
                _register(run, given, checkpoint)

        begin_button("Register", "run_register_apply", begin, type="primary")


def _reported(run: RunRecord) -> None:
    """The best network of a script or of a client, which is judged as a file is."""
    if not run.state.is_finished or kept_network(context(), run) is None:
        return
    with st.popover(
        "Register as model", icon=MODELS.icon, key="run_register",
        help="Keep its best network under a name, whatever becomes of the run",
    ):  # fmt: skip
        if not is_judged(context(), run):
            st.markdown(why_not_exported(context(), run))
            if not evaluate_now.is_waited_for(run):
                kept.choose(run, "register")
            return
        given = labels(f"run_{run.id}", models.slug(run.name), champion_first=True)
        begin_button("Register", "run_register_apply", lambda: _register(run, given, "best"), type="primary")


def export(run: RunRecord) -> None:
    """Its best network in a format, without another page before."""
    if not run.state.is_finished or (models.why_not(context(), run) and kept_network(context(), run) is None):
        return
    with st.popover(
        "Export", icon=":material/output:", key="run_export", help="Its best network as a folder that answers elsewhere"
    ):
        if why := why_not_exported(context(), run):
            st.markdown(why)
            if not evaluate_now.is_waited_for(run):
                kept.choose(run, "export")
            return
        form = st.selectbox(
            "Format", list(FORMATS), key=f"run_export_form_{run.id}",
            format_func=lambda name: f"{FORMATS[name].title} · {FORMATS[name].summary}",
        )  # fmt: skip
        name = st.text_input(
            "Model", models.slug(data_set(run) or run.name), key=f"run_export_name_{run.id}",
            help="The export is of a version of this model, which is made where the network is none yet",
        )  # fmt: skip
        begin_button("Export", "run_export_apply", lambda: _export(run, name, form), type="primary")


def _export(run: RunRecord, name: str, form: str) -> None:
    try:
        version = export_run(context(), run, name, form)
    except TraindeckError as error:
        st.error(literal(str(error)))
    else:
        place = {"model": version.model, "version": str(version.number), "models_view": "Exports"}
        st.switch_page(MODELS.path, query_params=place)


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
