"""Parameters of a script that a sweep varies, and the sweep in place of runs."""

from collections.abc import Collection
from typing import Any

import streamlit as st

from core import runs
from core.common.context import Context
from core.common.errors import Problem
from core.runs.kinds import SCRIPT
from core.scripts.parameter import Parameter
from core.tracking.goals import is_result
from pages.parts.script.parameter_form import Under
from pages.shared import state
from pages.shared.sweep_options import draw_options
from pages.shared.varying import Marks, around

_USUAL = ("val_loss", "val_accuracy", "loss", "accuracy")


def marks_of(key: str) -> Marks:
    """Of the form with this key."""
    return Marks(f"{state.SCRIPT_VARIED}:{key}", key)


def is_on(key: str) -> bool:
    """Whether the form is about a sweep."""
    return bool(st.session_state.get(f"{state.SCRIPT_SWEEP}:{key}"))


def draw_toggle(key: str) -> None:
    st.toggle(
        "Sweep", key=f"{state.SCRIPT_SWEEP}:{key}", help="Search: mark parameters to vary, and have many values tried"
    )


def under(marks: Marks, seed: str) -> Under:
    """Draws the toggle below the widget of a parameter. `seed`: which repeats are for, and not the search."""

    def draw(parameter: Parameter, value: Any) -> None:
        if parameter.name != seed and not parameter.several:
            marks.draw(f"arguments.{parameter.name}", lambda: _proposed(parameter, value))

    return draw


def _proposed(parameter: Parameter, value: Any) -> str:
    if parameter.choices:
        return ", ".join(map(str, parameter.choices))
    if parameter.type == "bool":
        return "true, false"
    if parameter.type in ("int", "float"):
        return around(value, whole=parameter.type == "int")
    return str(value or "")


def _measured(context: Context, draft: runs.Draft) -> Collection[str]:
    """Metrics of the run that it is a copy of."""
    return runs.summaries(context, [draft.parent_id]).get(draft.parent_id, {}) if draft.parent_id else ()


def _usual_of(names: Collection[str]) -> list[str]:
    return [name for name in _USUAL if name in names]


def draw_sweep(context: Context, marks: Marks, draft: runs.Draft, key: str, problems: list[Problem]) -> None:
    """`problems`: of the draft, from which the sweep begins."""

    def base() -> tuple[dict[str, Any], list[Problem]]:
        given = {
            "kind": SCRIPT.name,
            "name": draft.name,
            "base": draft.config,
            "experiment": draft.experiment,
            "tags": list(draft.tags),
            "facts": draft.facts,
        }
        return given, problems

    if not problems:
        marks.check(context, {"kind": SCRIPT.name, "base": draft.config, "facts": draft.facts})
    known = [name for name in runs.column_names(context)[1] if is_result(name) and not name.startswith("test_")]
    own = [name for name in known if name in _measured(context, draft)]
    names = [*_usual_of(own), *own, *_usual_of(known), *known, *_USUAL]
    goals = list(dict.fromkeys(names))
    told = "" if own else "Nothing is known yet of what this script logs: type the metric by which trials are ranked."
    draw_options(context, marks, f"{key}_sweep", goals, base, state.SCRIPT_SWEPT, unsure=told)
