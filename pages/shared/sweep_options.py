"""How a sweep searches, for what and how long: the same fields for networks and scripts, and the button."""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.common.context import Context
from core.common.errors import ConfigError, Problem, TraindeckError
from core.config.list_paths import first_list
from core.runs.kinds import NETWORK
from core.runs.search_names import short_name
from core.sweeps import managing
from core.sweeps.asked_sweep import USUAL_TRIALS
from core.sweeps.definition import METHOD_TITLES, METHODS, OWN, PARAMETERS, PRUNING_TITLES, SECONDS
from core.sweeps.spending import start_and_end
from pages.shared.clicks import once
from pages.shared.format import literal, plural, roughly
from pages.shared.nav import SWEEPS
from pages.shared.varying import Marks

_PRUNING = {
    "none": "each trial trains to its end",
    "asha": "at each rung the best third goes on, and what gains no more ends with its result",
    "hyperband": "ASHA, some trials later",
    "median": "what is worse than half of the others ends",
    "wilcoxon": "leaves out repeats of what is worse",
}
_USUAL: dict[str, Any] = {  # what the fields hold at first, by their names
    "method": "", "pruning": "asha", "goal": "", "trials": USUAL_TRIALS, "at_once": 1, "further": [], "hours": None,
    "no_gain": None, "repeats": 1, "earlier": "",
}  # fmt: skip
_COSTS = (PARAMETERS, SECONDS)
_MOST_FURTHER = 2  # goals beside the first

Base = Callable[[], tuple[dict[str, Any], list[Problem]]]


def draw_options(
    context: Context,
    marks: Marks,
    key: str,
    goals: Sequence[str],
    base: Base,
    outcome: str,
    seconds: float | None = None,
    unsure: str = "",
) -> None:
    """
    Args:
        key: begins the keys of the widgets.
        goals: metrics that are known; others can be typed.
        base: kind, base and labels of the definition, and all that is wrong with them.
        outcome: key in the session's state of what came of the last click.
        seconds: that one training takes, where that is known.
        unsure: what is to be said of goals that nobody knows to be measured.
    """
    known = [name for name in METHODS if name in OWN or importlib.util.find_spec("optuna")]
    if importlib.util.find_spec("torch") is None:
        known.remove("gp")
    _seed(key, {"method": "tpe" if "tpe" in known else known[0], "goal": goals[0]}, known)
    held = chosen_options(key)  # given to each widget as well: see pages/parts/launch/seeding.py
    varied, _ = marks.fields()
    names = ", ".join(dict.fromkeys(short_name(first_list(each.field) or each.field) for each in varied))
    st.caption(f"Varies {literal(names)}." if varied else "Switch **vary** on at the fields that are to be searched.")
    method, pruning = st.columns(2)
    with method:
        st.selectbox(
            "Method", known, known.index(held["method"]), key=f"{key}_method", format_func=METHOD_TITLES.__getitem__,
            help="\n\n".join(f"**{METHOD_TITLES[name]}**: {METHODS[name]}" for name in known),
        )  # fmt: skip
    with pruning:
        st.selectbox(
            "Pruning", list(_PRUNING), list(_PRUNING).index(held["pruning"]), key=f"{key}_pruning",
            format_func=PRUNING_TITLES.__getitem__,
            help="\n\n".join(f"**{PRUNING_TITLES[name]}**: {told}" for name, told in _PRUNING.items()),
        )  # fmt: skip
    goal, trials, at_once = st.columns([2, 1, 1])
    with goal:
        offered = _with(goals, [held["goal"]])
        st.selectbox("Goal", offered, offered.index(held["goal"]), key=f"{key}_goal", accept_new_options=True)
    with trials:
        st.number_input("Trials", 1, 100_000, held["trials"], 10, key=f"{key}_trials")
    with at_once:
        st.number_input("At once", 1, 256, held["at_once"], key=f"{key}_at_once")
    if unsure:
        st.caption(f":material/help: {unsure}")
    _more(key, goals, held)
    with st.container(key=f"{key}_begin", gap="small"):
        _begin(context, marks, key, base, outcome, seconds)


def _begin(context: Context, marks: Marks, key: str, base: Base, outcome: str, seconds: float | None) -> None:
    """What it will take, and the button; in its place what came of the last click, so that it is in view."""
    varied, wrong, chosen = marks.fields()[0], marks.wrong(), chosen_options(key)
    if st.session_state.get(f"{key}_tried") != (marks.texts(), chosen):
        st.session_state.pop(outcome, None)  # of ranges and options that were changed since
    came = st.session_state.get(outcome)
    if wrong:
        _told(wrong)
    elif varied and seconds is not None and came is None:
        st.caption(_forecast(key, seconds, start_and_end(context, NETWORK.name)))  # of scripts none is known
    if _outcome(key, came):
        st.button(
            "Start another", key=f"{key}_another", type="tertiary", icon=":material/restart_alt:",
            on_click=st.session_state.pop, args=(outcome, None),
        )  # fmt: skip
        return
    st.button(
        f"Start a sweep of {plural(int(chosen['trials']), 'trial')}",
        key=f"{key}_go",
        type="primary",
        icon=":material/travel_explore:",
        width="stretch",
        disabled=not varied or bool(wrong),
        **once(f"{key}_go", _start, context, marks, key, base, outcome),
    )


def _told(wrong: Sequence[Problem]) -> None:
    told = dict.fromkeys(f"- **{literal(short_name(one.field))}** {literal(one.message)}" for one in wrong)
    st.warning("\n".join(["To solve before it can start:\n", *told]), icon=":material/edit:")


def _forecast(key: str, seconds: float, beside: float | None) -> str:
    count = int(st.session_state[f"{key}_trials"]) * int(st.session_state[f"{key}_repeats"])
    wholly = "" if st.session_state[f"{key}_pruning"] == "none" else " and trained to its end"
    like = f"were every trial like this config{wholly}"
    if beside is None:
        return f"≈ {roughly(count * seconds)} of training in all, start-up of each trial not counted, {like}."
    each = f"{_precisely(seconds)} of training each, and {_precisely(beside)} to start and end"
    return f"≈ {roughly(count * (seconds + beside))} of work in all ({each}), {like}."


def _precisely(seconds: float) -> str:
    """So that a reader's own product of it is what is told of all."""
    return f"{seconds:.1f} s" if seconds < 10 else roughly(seconds)


def chosen_options(key: str) -> dict[str, Any]:
    """What is chosen, by the names of the fields, as JSON data; also while they are not drawn."""
    found = _remembered(key)
    found.update({name: st.session_state[f"{key}_{name}"] for name in _USUAL if f"{key}_{name}" in st.session_state})
    return dict(found)


def put_options(key: str, kept: Mapping[str, Any]) -> None:
    """What was chosen once; of another version what this one knows."""
    _remembered(key).clear()
    _remembered(key).update({name: value for name, value in kept.items() if _fits(name, value)})
    for name in _USUAL:
        st.session_state.pop(f"{key}_{name}", None)


def _remembered(key: str) -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.setdefault(f"{key}_chosen", {})
    return found


def _fits(name: str, value: Any) -> bool:
    if name in ("method", "pruning"):
        return value in (METHODS if name == "method" else _PRUNING)
    if name in ("hours", "no_gain"):
        return value is None or (isinstance(value, int | float) and value > 0)
    return name in _USUAL and isinstance(value, type(_USUAL[name])) and (not isinstance(value, int) or value > 0)


def _seed(key: str, usual: Mapping[str, Any], methods: Sequence[str]) -> None:
    """Give the fields that are not drawn yet what was chosen for them once, or what is usual."""
    chosen = _remembered(key)
    if chosen.get("method", methods[0]) not in methods:  # what searches by it is not installed any more
        del chosen["method"]
    for name, value in {**_USUAL, **usual}.items():
        if f"{key}_{name}" not in st.session_state:
            st.session_state[f"{key}_{name}"] = chosen.get(name, value)


def _with(known: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """What is offered, with what was typed besides."""
    return list(dict.fromkeys([*known, *chosen]))


def _more(key: str, goals: Sequence[str], held: Mapping[str, Any]) -> None:
    with st.expander("Further goals, budget, repeats, earlier runs"):
        st.multiselect(
            "Further goals", _with([*goals, *_COSTS], held["further"]), held["further"], key=f"{key}_further",
            max_selections=_MOST_FURTHER, accept_new_options=True, placeholder="for a Pareto front, such as parameters",
            help="Of two or three goals there is no best config but a front; method nsga2 or tpe, without pruning.",
        )  # fmt: skip
        hours, no_gain, repeats = st.columns(3)
        with hours:
            st.number_input(
                "Hours", 0.01, value=held["hours"], key=f"{key}_hours", placeholder="any", format="%g",
                help="Of training, of all trials together",
            )  # fmt: skip
        with no_gain:
            st.number_input(
                "No gain for", 1, value=held["no_gain"], key=f"{key}_no_gain", placeholder="any",
                help="Ends after so many trials in a row that brought nothing better",
            )  # fmt: skip
        with repeats:
            st.number_input(
                "Repeats", 1, 50, held["repeats"], key=f"{key}_repeats",
                help="Runs of each config, of other seeds; their mean counts",
            )  # fmt: skip
        st.text_input(
            "Runs that count as trials", held["earlier"], key=f"{key}_earlier", placeholder="numbers, such as 12, 14",
            help="The search begins with what they found. Their values of the varied fields must lie in the ranges.",
        )  # fmt: skip


def _start(context: Context, marks: Marks, key: str, base: Base, outcome: str) -> None:
    values = st.session_state
    varied, problems = marks.fields()
    values.pop(outcome, None)
    values[f"{key}_tried"] = (dict(marks.texts()), chosen_options(key))
    given, more = base()
    definition: dict[str, Any] = {
        **given,
        "fields": [each.model_dump(mode="json") for each in varied],
        "goals": [{"metric": each} for each in (values[f"{key}_goal"], *values[f"{key}_further"]) if each],
        "method": values[f"{key}_method"],
        "pruning": {"name": values[f"{key}_pruning"]},
        "budget": {
            "trials": int(values[f"{key}_trials"]),
            "hours": values[f"{key}_hours"],
            "no_gain": values[f"{key}_no_gain"],
        },
        "repeats": int(values[f"{key}_repeats"]),
        "at_once": int(values[f"{key}_at_once"]),
    }
    name = definition.pop("name", "")
    earlier, unread = _numbers(values[f"{key}_earlier"])
    try:
        if problems := [*problems, *more, *unread]:
            raise ConfigError(problems)
        values[outcome] = managing.start(context, definition, name, earlier)
        st.toast("The sweep has begun", icon=":material/check:")
    except TraindeckError as error:
        values[outcome] = error


def _numbers(text: str) -> tuple[list[int], list[Problem]]:
    parts = [part.strip().lstrip("#") for part in text.replace(" ", ",").split(",") if part.strip()]
    wrong = [part for part in parts if not part.isdecimal()]
    told = f"must be numbers of runs with commas between; received {literal(', '.join(wrong))}"
    return [int(part) for part in parts if part.isdecimal()], [Problem("earlier", told)] if wrong else []


def _outcome(key: str, came: object) -> bool:
    """Whether it is a sweep that has begun."""
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
        if st.button("Open the sweep", key=f"{key}_open", type="primary", icon=SWEEPS.icon, width="stretch"):
            st.switch_page(SWEEPS.path, query_params={"sweep": str(came)})
        return True
    return False
