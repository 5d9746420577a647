"""Changes of a sweep: pause, go on, stop, more budget; several at once are made together or not at all."""

import time
from dataclasses import replace
from typing import Any

import db.events
import db.sweeps
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, Problem, StateError
from core.runs.permissions import Action, require
from core.sweeps.check_sweep import check_definition
from core.sweeps.spending import spent
from core.sweeps.trials import SweepView
from core.sweeps.trials import view as read_view
from db.engine import Session
from db.records import EventRecord
from db.sweep_records import SweepState

KIND = "sweep"  # in the history
_WORDS = {SweepState.PAUSED: "pausing", SweepState.RUNNING: "going on", SweepState.STOPPED: "stopping"}
_FROM = {  # what a sweep is before
    SweepState.PAUSED: (SweepState.RUNNING,),
    SweepState.RUNNING: (SweepState.PAUSED, SweepState.STOPPED),
    SweepState.STOPPED: (SweepState.RUNNING, SweepState.PAUSED),
}
_Note = tuple[str, dict[str, Any], dict[str, Any]]  # verb, before, after


def pause(context: Context, sweep_id: int) -> None:
    """No further trial is begun; those at work go on. Raises NotFoundError, ForbiddenError, StateError."""
    _apply(context, sweep_id, {}, SweepState.PAUSED)


def go_on(context: Context, sweep_id: int) -> None:
    """Begin trials again. Raises NotFoundError, ForbiddenError, StateError."""
    _apply(context, sweep_id, {}, SweepState.RUNNING)


def stop(context: Context, sweep_id: int) -> list[int]:
    """End it; its runs are asked to stop, and numbers of these are returned. Raises as `pause`."""
    return _apply(context, sweep_id, {}, SweepState.STOPPED)


def extend(context: Context, sweep_id: int, **changes: Any) -> None:
    """Change budget or how many are at once, and go on where the budget had ended it.

    Args:
        changes: `at_once`, or of the budget `trials`, `hours`, `no_gain`.

    Raises:
        NotFoundError, ForbiddenError, StateError
        ConfigError: a value that is not accepted.
    """
    _apply(context, sweep_id, changes, None)


def change(context: Context, sweep_id: int, state: SweepState | None = None, **changes: Any) -> None:
    """Both at once, or nothing where one of them is refused. What it is already, it may be told to be.

    Args:
        changes: as of `extend`, which comes first: with a larger budget a finished one runs, and can be paused.

    Raises:
        As `extend` and `pause`.
    """
    _apply(context, sweep_id, changes, state, may_be=True)


def _apply(
    context: Context, sweep_id: int, changes: dict[str, Any], state: SweepState | None, *, may_be: bool = False
) -> list[int]:
    """Returns the runs that were asked to stop.

    Args:
        may_be: it is no mistake that the sweep is in this state.
    """
    require(context, Action.SWEEP)
    while True:
        now = read_view(context, sweep_id)
        values, notes = _extended(context, now, changes) if changes else ({}, [])
        if state is not None and not (may_be and state is values.get("state", now.sweep.state)):
            moved, note_of_it = _moved(context, now, values.get("state", now.sweep.state), state)
            values, notes = values | moved, [*notes, note_of_it]
        if not values:
            return []
        with context.workspace.write() as session:
            if db.sweeps.change(session, now.sweep, **values):
                for each in notes:
                    note(session, context, sweep_id, *each)
                break
    if values.get("state") is not SweepState.STOPPED or state is not SweepState.STOPPED:
        return []
    return runs.stop(context, [each.run.id for each in read_view(context, sweep_id).active if each.run])


def _moved(context: Context, now: SweepView, before: SweepState, state: SweepState) -> tuple[dict[str, Any], _Note]:
    """Raises StateError, ForbiddenError."""
    if before not in _FROM[state]:
        told = f"Sweep {now.sweep.id} is {before}; {_WORDS[state]} is for one that is {' or '.join(_FROM[state])}."
        more = " Once finished it goes on by itself when its budget is made larger."
        raise StateError(told + more if before is SweepState.FINISHED else told)
    if state is SweepState.STOPPED:
        for run in runs.get_many(context, [each.run.id for each in now.active if each.run]):
            require(context, Action.STOP, run)  # before anything is changed
    reason = "" if state is SweepState.RUNNING else f"{state.value.capitalize()} by {context.actor.name}."
    ended = time.time() if state.is_over else None
    return {"state": state, "reason": reason, "finished_at": ended}, (
        state.value,
        {"state": now.sweep.state.value},
        {"state": state.value},
    )


def _extended(context: Context, now: SweepView, changes: dict[str, Any]) -> tuple[dict[str, Any], list[_Note]]:
    """Raises ConfigError."""
    raw = now.definition.model_dump(mode="json")
    raw["at_once"] = changes.get("at_once", raw["at_once"])
    raw["budget"] |= {name: value for name, value in changes.items() if name != "at_once"}
    definition, problems = check_definition(raw, context)
    if definition is None or problems or (problems := _less_than_used(now, changes)):
        raise ConfigError(problems)
    state, reason = now.sweep.state, now.sweep.reason
    if state is SweepState.FINISHED and not (reason := spent(replace(now, definition=definition))):
        state = SweepState.RUNNING
    ended = now.sweep.finished_at if state.is_over else None
    before = {**now.definition.budget.model_dump(), "at_once": now.definition.at_once}
    after = {**definition.budget.model_dump(), "at_once": definition.at_once}
    return {"definition": raw, "state": state, "reason": reason, "finished_at": ended}, [("extend", before, after)]


def _less_than_used(now: SweepView, changes: dict[str, Any]) -> list[Problem]:
    """Of a budget that is to be changed."""
    trials, hours = changes.get("trials"), changes.get("hours")
    problems = []
    if trials is not None and trials < len(now.chosen):
        problems.append(Problem("trials", f"must be at least {len(now.chosen)}: so many were made already"))
    if hours is not None and 3600 * hours < now.seconds:
        problems.append(Problem("hours", f"must be at least {now.seconds / 3600:.3g}: so many were trained already"))
    return problems


def note(
    session: Session, context: Context, sweep_id: int, verb: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Keep in the history what somebody did with a sweep."""
    db.events.add(session, [EventRecord(time.time(), context.actor, verb, KIND, str(sweep_id), before, after)])
