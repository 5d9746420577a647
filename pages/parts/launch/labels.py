"""What is given to the runs of a launch beside their config, as the card's widgets hold it."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.common.context import Context
from core.runs import DEFAULT_EXPERIMENT, Draft
from pages.parts.launch import draft
from pages.parts.launch.seeding import is_current, seed
from pages.shared import state


@dataclass(frozen=True)
class Labels:
    """What is given to runs beside their config."""

    name: str = ""
    experiment: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    created_by: str = ""
    seeds: int = 1
    all_folds: bool | None = None  # None as long as nobody said

    @property
    def runs_all_folds(self) -> bool:
        """Where the data are cut into folds: all of them unless said otherwise, but a copy of a run is one run."""
        return draft.folds() > 1 and (draft.origin().run_id is None if self.all_folds is None else self.all_folds)

    def draft(self) -> Draft:
        origin = draft.origin()
        return Draft(
            config=draft.raw(),
            name=self.name,
            experiment=self.experiment or DEFAULT_EXPERIMENT,
            preset=origin.preset,
            parent_id=origin.run_id,
            tags=self.tags,
            notes=self.notes,
            created_by=self.created_by,
            all_folds=self.runs_all_folds,
        )


def entered() -> Labels:
    found: Labels = st.session_state.get(state.LAUNCH_LABELS, Labels())
    return found


def begin(context: Context) -> None:
    """The labels' first values: of what the draft started from, and of what was launched before only by whom."""
    origin = draft.origin()
    if st.session_state.get(state.LAUNCH_LABELLED) is not origin:
        known: Labels | None = st.session_state.get(state.LAUNCH_LABELS)
        who = context.actor.name if known is None else known.created_by
        st.session_state[state.LAUNCH_LABELLED] = origin
        _give(Labels(created_by=who, experiment=origin.experiment, tags=origin.tags))


def _give(given: Labels) -> None:
    st.session_state[state.LAUNCH_LABELS] = st.session_state[state.LAUNCH_GIVEN] = given


def untouched() -> bool:
    """Whether they are as the page gave them."""
    return entered() == st.session_state.get(state.LAUNCH_GIVEN)


def put(origin: draft.Origin, kept: Labels) -> None:
    """Those of a draft that was kept."""
    _give(Labels(created_by=kept.created_by, experiment=origin.experiment, tags=origin.tags))
    st.session_state[state.LAUNCH_LABELLED], st.session_state[state.LAUNCH_LABELS] = origin, kept


def widget(label: str, value: Any) -> dict[str, Any]:
    """The key and the callback of a label's widget; `value` is what it shows."""
    key = seed(f"launch_{label}", value)
    return {"key": key, "on_change": _take, "args": (label, key)}


def _take(label: str, key: str) -> None:
    if is_current(f"launch_{label}", key):
        value = st.session_state[key]
        given = tuple(value or ()) if label == "tags" else "" if value is None else value
        changed: dict[str, Any] = {label: given}
        st.session_state[state.LAUNCH_LABELS] = replace(entered(), **changed)
