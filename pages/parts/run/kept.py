"""The network that a script or client kept: on which data it is judged is chosen once, for every tab that asks it."""

import streamlit as st

from core import models, runs
from core.common.errors import TraindeckError
from core.runs import NETWORK
from core.runs.records import RunQuery, RunRecord
from core.runs.reported_networks import is_newer, judged, like_data
from pages.parts.run import evaluate_now
from pages.shared.clicks import once
from pages.shared.data import context, workspace
from pages.shared.format import literal
from pages.shared.like_form import like

_OFFERED = 100  # runs, the newest first


def judging(run: RunRecord, place: str) -> bool:
    """What the tab begins with; whether the network can be asked, as one that trained here always can.

    `place` is what the keys of the widgets end with.
    """
    if run.kind == NETWORK.name:
        return True
    known = judged(workspace().settings, run)
    if evaluate_now.is_waited_for(run):
        return False
    if not run.state.is_finished:
        st.info("Its best network can be evaluated, tried and exported once it has ended.", icon=":material/info:")
        return False
    if known is None:
        st.markdown("The run has kept its best network. Say what it takes, and it is measured, and can be tried.")
        choose(run, place)
        return False
    if is_newer(context(), run, known):
        st.warning("It has kept another network since: this is about the one before.", icon=":material/update:")
    with st.expander(f"As whose inputs: {literal(known.title)}", icon=":material/input:"):
        choose(run, place)
    return True


def choose(run: RunRecord, place: str) -> None:
    """Whose inputs it takes, and the button."""
    known = judged(workspace().settings, run)
    try:
        first, told = known.like if known else like_data(context(), run), ""
    except TraindeckError as error:
        first, told = "", str(error)
    found = runs.listing(context(), RunQuery(limit=_OFFERED)).runs
    offered = {each.id: each for each in found if each.state.is_finished and not models.why_not(context(), each)}
    if told:
        st.caption(literal(told))
    wanted = like(f"run_{place}_{run.id}", offered, first, required=True)
    st.button(
        "Evaluate again" if known else "Evaluate now", type="primary", icon=":material/grading:",
        key=f"run_judge_{place}", disabled=not wanted.reference,
        **once(f"run_judge_{place}", evaluate_now.ask, run, wanted.reference, wanted.how),
    )  # fmt: skip
