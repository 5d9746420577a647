"""The head of a sweep's page: its name, what can be done with it, and what the last action did."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.common.errors import TraindeckError
from core.config.edit import from_text
from core.sweeps import managing
from core.sweeps.by_hand import added_told, budget_told
from core.sweeps.confirming import training_ahead
from core.sweeps.list_fields import columns_of, described, of_base
from core.sweeps.trial_told import settings_told
from core.sweeps.trials import SweepState, SweepView, Trial
from pages.shared import state
from pages.shared.clicks import once
from pages.shared.data import context
from pages.shared.format import DASH, literal, minute, number, plural, roughly
from pages.shared.kept import sweep_view
from pages.shared.nav import SWEEPS
from pages.shared.saved_views import views
from pages.shared.widgets import reader_zone

STATES = {
    SweepState.RUNNING: ("blue", "play_arrow"),
    SweepState.PAUSED: ("orange", "pause"),
    SweepState.FINISHED: ("green", "check"),
    SweepState.STOPPED: ("orange", "stop"),
}

_BUDGET, _BY_HAND, _CONFIRM = "sweeps_budget", "sweeps_add", "sweeps_confirm"  # keys of popovers
_MOST_CONFIRMED = 20  # configs at once
_QUEUED = "Queued on fresh seeds."


def head(view: SweepView) -> None:
    sweep = view.sweep
    st.button(
        "All sweeps", type="tertiary", icon=":material/arrow_back:", key="sweeps_back", on_click=st.query_params.clear
    )
    colour, icon = STATES[sweep.state]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(literal(sweep.name), anchor=False, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content", key="sweeps_actions"):
            _state_buttons(view)
            _extend(view)
            _add(view)
            if not (unsure := managing.cannot_confirm(view, context())):
                _confirm(view)
            views(SWEEPS)
    st.markdown(
        f":{colour}-badge[:material/{icon}: {sweep.state.value}] {literal(view.definition.told)} · "
        f"{literal(sweep.created_by)} · "
        f"{minute(sweep.created_at, reader_zone())}{f' · {literal(sweep.reason)}' if sweep.reason else ''}"
    )
    if unsure:
        st.caption(f"No *Confirm*: {literal(unsure)}")


def act(action: Callable[[], object], done: str, asked_in: str = "") -> None:
    """Do it within a callback, and have the page say what came of it: what it returns, where that is text.

    Args:
        asked_in: key of the popover that asked for it, which closes once it is done: what it did stands below it. What
            went wrong is said within.
    """
    try:
        told = action()
    except TraindeckError as error:
        st.session_state[f"{asked_in}_failed" if asked_in else state.SWEEPS_NOTICE] = ("error", str(error))
    else:
        st.session_state[state.SWEEPS_NOTICE] = ("success", told if isinstance(told, str) else done)
        if asked_in:
            st.session_state[asked_in] = False


def notice() -> None:
    """What the last action did, once; also what went wrong where its popover is there no more."""
    for place in (state.SWEEPS_NOTICE, *(f"{popover}_failed" for popover in (_BUDGET, _BY_HAND, _CONFIRM))):
        _tell(place)


def _tell(place: str) -> None:
    """`place`: key of it in the session's state."""
    kind, text = st.session_state.pop(place, ("", ""))
    if kind == "error":
        st.error(literal(text), icon=":material/error:")
    elif kind:
        st.success(literal(text), icon=":material/check:")


def _state_buttons(view: SweepView) -> None:
    number, now = view.sweep.id, view.sweep.state
    if now is SweepState.RUNNING:
        st.button(
            "Pause", icon=":material/pause:", key="sweeps_pause", help="No further trial begins; those at work go on",
            on_click=act, args=(lambda: managing.pause(context(), number), "It begins no further trial."),
        )  # fmt: skip
    if now in (SweepState.PAUSED, SweepState.STOPPED):
        st.button(
            "Go on", icon=":material/play_arrow:", key="sweeps_go_on",
            on_click=act, args=(lambda: managing.go_on(context(), number), "It begins trials again."),
        )  # fmt: skip
    if not now.is_over:
        st.button(
            "Stop", icon=":material/stop:", key="sweeps_stop", help="Its runs stop gracefully and keep everything",
            on_click=act, args=(lambda: managing.stop(context(), number), "Stopped; its runs end gracefully."),
        )  # fmt: skip


def _extend(view: SweepView) -> None:
    budget = view.definition.budget
    shown = {**budget.model_dump(), "at_once": view.definition.at_once}
    drawn = "_".join(map(str, shown.values()))  # the fields are others once somebody has changed it
    with st.popover("Budget", icon=":material/more_time:", key=_BUDGET, on_change="rerun"):
        with st.form("sweeps_extend", border=False):
            end: dict[str, Any] = {"placeholder": "no end"}
            st.number_input("Trials", min_value=1, value=budget.trials, step=10, key=f"sweeps_trials_{drawn}", **end)
            st.number_input("Hours of training", min_value=0.0, value=budget.hours, key=f"sweeps_hours_{drawn}", **end)
            told = "Trials in a row without a better one."
            st.number_input(
                "No gain", min_value=1, value=budget.no_gain, key=f"sweeps_no_gain_{drawn}", help=told, **end
            )
            st.number_input("Runs at once", 1, 256, view.definition.at_once, key=f"sweeps_at_once_{drawn}")
            st.form_submit_button("Change", type="primary", on_click=_extended, args=(view.sweep.id, shown, drawn))
        _tell(f"{_BUDGET}_failed")


def _extended(number: int, shown: dict[str, Any], drawn: str) -> None:
    """What was changed in the form, and nothing that somebody else may have changed since it was drawn."""
    given = {name: st.session_state[f"sweeps_{name}_{drawn}"] or None for name in shown}
    changes = {name: value for name, value in given.items() if value != shown[name]}
    act(lambda: managing.extend(context(), number, **changes), "Changed.", _BUDGET)


def _add(view: SweepView) -> None:
    with st.popover("Add trial", icon=":material/add:", key=_BY_HAND, on_change="rerun"):
        with st.form("sweeps_by_hand", border=False):
            told = "A value outside of a field's range is tried, too, and its trial marked."
            st.caption(literal(f"{budget_told(view)} {told}".strip()))
            ranges = dict(each.split(": ", 1) for each in described(view.definition.fields))
            for field, value in _as_in_base(view).items():
                st.text_input(
                    field,
                    value,
                    key=f"sweeps_by_hand_{field}",
                    placeholder="as the config has it",
                    help=f"The search takes {literal(ranges.get(field, ''), 200)}",
                )
            st.form_submit_button("Queue", type="primary", **once("sweeps_add_go", _added, view))
        _tell(f"{_BY_HAND}_failed")


def _as_in_base(view: SweepView) -> dict[str, str]:
    """What stands in the form at first, as it is read again; lists as a whole, and nothing of what it does not have."""
    base = view.definition.settings_of_base
    fields = columns_of([varied.field for varied in view.definition.fields])
    found = {field: of_base(base, field) for field in fields}
    return {field: _as_text(value) if value is not None or field in base else "" for field, value in found.items()}


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _added(view: SweepView) -> None:
    def add() -> str:
        texts = {field: st.session_state[f"sweeps_by_hand_{field}"].strip() for field in _as_in_base(view)}
        # What was left as it is, or emptied, is as in the base config; perhaps its trial does not have it.
        given = {field: text for field, text in texts.items() if text not in ("", _as_in_base(view)[field])}
        params = {field: from_text(f"value: {text}")["value"] for field, text in given.items()}
        number = managing.add_trial(context(), view.sweep.id, params)
        return added_told(sweep_view(view.sweep.id), number)

    act(add, "", _BY_HAND)


def _confirm(view: SweepView) -> None:
    most = min(_MOST_CONFIRMED, len(view.ranked))
    with st.popover("Confirm", icon=":material/verified:", key=_CONFIRM, disabled=not most, on_change="rerun"):
        _choose_confirmed(view, most)


@st.fragment
def _choose_confirmed(view: SweepView, most: int) -> None:
    """By itself: each number that is typed would draw the whole page anew, beside the part that follows the trials."""
    st.caption("The best of many trials looks better than it is. Fresh seeds tell how good the best configs are.")
    best = st.number_input("Best configs", 1, max(1, most), min(3, max(1, most)), key="sweeps_best")
    seeds = int(st.number_input("Fresh seeds of each", 1, 50, 5, key="sweeps_seeds"))
    trials = view.ranked[:best]
    st.markdown("\n".join(f"- {_named(view, trial)}" for trial in trials))
    if st.button(
        f"Launch {plural(seeds * len(trials), 'run')}", type="primary", key="sweeps_confirm_go",
        **once("sweeps_confirm_go", _confirmed, view.sweep.id, {trial.number: seeds for trial in trials}),
    ):  # fmt: skip
        st.rerun()
    if (seconds := training_ahead(trials, seeds)) is not None:
        st.caption(f"About {roughly(seconds)} of training.")
    _tell(f"{_CONFIRM}_failed")


def _named(view: SweepView, trial: Trial) -> str:
    value = number(trial.values[0]) if trial.values else DASH
    there = len(trial.confirmations)
    more = f", beside {plural(there, 'fresh seed')} that it has" if there else ""
    return literal(f"Trial {trial.number}, {value}: {settings_told(view, trial)}{more}", 200)


def _confirmed(sweep: int, seeds: Mapping[int, int]) -> None:
    """Those that were named, also where another trial has become better since."""
    act(lambda: managing.confirm_more(context(), sweep, seeds), _QUEUED, _CONFIRM)


def tell_queued(run_ids: Sequence[int]) -> None:
    """Have the page say, once it is drawn, that these were launched; of none what kept them stands elsewhere."""
    if run_ids:
        st.session_state[state.SWEEPS_NOTICE] = ("success", _QUEUED)
