"""The part of the Launch page's card that begins a sweep in place of runs."""

import importlib.util
from typing import Any

import streamlit as st

from core.common.context import Context
from core.common.errors import ConfigError, Problem, TraindeckError
from core.config.run import METRICS
from core.sweeps import managing
from core.sweeps.definition import METHODS, OWN
from pages.parts.launch import draft, labels, varying
from pages.parts.launch.findings import Findings, findings, info_of
from pages.shared import state
from pages.shared.format import literal, plural
from pages.shared.nav import SWEEPS

_PRUNING = {
    "none": "none: each trial trains to its end",
    "asha": "ASHA: at each rung the best third goes on",
    "hyperband": "Hyperband: ASHA, some trials later",
    "median": "median: what is worse than half of the others ends",
}


def draw_sweep(context: Context, found: Findings) -> None:
    """Method, goal, budget, and the button."""
    varied, _ = varying.fields()
    names = ", ".join(each.field.rpartition(".")[2] for each in varied)
    st.caption(f"Varies {literal(names)}." if varied else "Switch **vary** on at the fields that are to be searched.")
    method, pruning = st.columns(2)
    known = [name for name in METHODS if name in OWN or importlib.util.find_spec("optuna")]
    known = [name for name in known if name not in ("nsga2", "gp")]  # for several goals; for hosts with torch
    with method:
        st.selectbox(
            "Method", known, key="launch_method", index=known.index("tpe") if "tpe" in known else 0,
            help="\n\n".join(f"**{name}**: {METHODS[name]}" for name in known),
        )  # fmt: skip
    with pruning:
        st.selectbox("Pruning", list(_PRUNING), key="launch_pruning", index=1, format_func=_PRUNING.__getitem__)
    goal, trials, at_once = st.columns([2, 1, 1])
    with goal:
        st.selectbox("Goal", _goals(context, found), key="launch_goal")
    with trials:
        st.number_input("Trials", min_value=1, max_value=100_000, value=50, step=10, key="launch_trials")
    with at_once:
        st.number_input("At once", min_value=1, max_value=256, value=1, key="launch_at_once")
    st.button(
        f"Start a sweep of {plural(int(st.session_state.launch_trials), 'trial')}",
        key="launch_sweep_go",
        type="primary",
        icon=":material/travel_explore:",
        width="stretch",
        disabled=not varied,
        on_click=_start,
        args=(context,),
    )
    _outcome()


def _goals(context: Context, found: Findings) -> list[str]:
    info = info_of(context, found.config)
    if info is None or found.config is None:
        return ["val_loss"]
    measured = METRICS[info.task]
    validates = found.config.data.validates or found.config.data.sizes(info)[1] > 0
    return [*(f"val_{name}" for name in measured if validates), *measured]


def _start(context: Context) -> None:
    entered, values = labels.entered(), st.session_state
    varied, problems = varying.fields()
    st.session_state.pop(state.LAUNCH_SWEPT, None)
    definition: dict[str, Any] = {
        "base": draft.raw(),
        "preset": draft.origin().preset,
        "experiment": entered.experiment or "default",
        "tags": list(entered.tags),
        "fields": [each.model_dump(mode="json") for each in varied],
        "goals": [{"metric": values.launch_goal}],
        "method": values.launch_method,
        "pruning": {"name": values.launch_pruning},
        "budget": {"trials": int(values.launch_trials)},
        "at_once": int(values.launch_at_once),
    }
    try:
        if problems := [*problems, *findings(context).problems]:
            raise ConfigError(problems)
        values[state.LAUNCH_SWEPT] = managing.start(context, definition, entered.name)
    except TraindeckError as error:
        values[state.LAUNCH_SWEPT] = error


def _outcome() -> None:
    came = st.session_state.get(state.LAUNCH_SWEPT)
    if isinstance(came, ConfigError):
        told: list[Problem] = came.problems
        st.error(
            "Nothing was begun:\n\n" + "\n".join(f"- **{literal(one.field)}** {literal(one.message)}" for one in told),
            icon=":material/block:",
        )
    elif isinstance(came, TraindeckError):
        st.error(literal(str(came)), icon=":material/block:")
    elif came is not None:
        st.success("The sweep has begun", icon=":material/check:")
        st.page_link(SWEEPS.path, label="Open the sweep", icon=SWEEPS.icon, help="", query_params={"sweep": str(came)})
