"""The history of runs and data sets: who changed what, and when."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import db.events
from core.common.context import Context
from core.common.text import as_typed
from core.runs.permissions import Action
from db.engine import Session
from db.records import EventRecord, RunState

WAIT = "wait"  # what a supervisor does with a run that it cannot start
SHOWN = 200  # events of a run; nobody reads more
_LONGEST = 80  # characters of a value in a line
_SAID = {  # of what people do; a process brings a run into a state, which says it all
    Action.LAUNCH.value: "launched it",
    "prune": "had it end early",
    Action.IMPORT.value: "imported it",
    Action.STOP.value: "asked it to stop",
    Action.RESUME.value: "resumed it",
    Action.EVALUATE.value: "had it evaluated",
    Action.EDIT.value: "edited it",
    Action.MOVE.value: "moved it",
    Action.DELETE.value: "put it into the trash",
    Action.RESTORE.value: "took it out of the trash",
    Action.PURGE.value: "deleted it for good",
    Action.REGISTER.value: "registered a version",
    Action.EXPORT.value: "exported a version",
    Action.POINT.value: "moved an alias",
    Action.EDIT_MODEL.value: "edited it",
    Action.SERVE.value: "changed its serving",
    Action.DELETE_MODEL.value: "deleted a version",
    WAIT: "lets it wait",
    RunState.QUEUED.value: "sent it back to the queue",
    RunState.STARTING.value: "gave it a process",
    RunState.RUNNING.value: "began to train",
    RunState.STOPPING.value: "began to stop",
}


def run_event(
    context: Context, action: Action, run_id: int, before: Mapping[str, Any], after: Mapping[str, Any]
) -> EventRecord:
    """To be stored in the transaction of the change; one whose before and after are the same is no change."""
    return EventRecord(time.time(), context.actor, action, "run", str(run_id), dict(before), dict(after))


def data_event(
    context: Context, action: Action, name: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> EventRecord:
    return EventRecord(time.time(), context.actor, action, "data set", name, dict(before), dict(after))


def model_event(
    context: Context, action: Action, name: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> EventRecord:
    return EventRecord(time.time(), context.actor, action, "model", name, dict(before), dict(after))


def note_change(
    context: Context,
    session: Session,
    kind: str,
    key: object,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    verb: str,
) -> None:
    """Of anything else, such as a report: store what became of it, in the transaction of the change."""
    db.events.add(session, [EventRecord(time.time(), context.actor, verb, kind, str(key), dict(before), dict(after))])


def events(context: Context, run_id: int, limit: int = SHOWN) -> list[EventRecord]:
    """The newest of a run, in the order in which they came about; of a run that was deleted for good, too."""
    with context.workspace.read() as session:
        return db.events.of(session, "run", str(run_id), limit)


def since(
    context: Context, after: int, limit: int, kind: str | None = None, key: str | None = None
) -> list[tuple[int, EventRecord]]:
    """The first events past a number, of everything or of one kind or thing, each with its own number."""
    with context.workspace.read() as session:
        return db.events.since(session, after, limit, kind, key)


class PassedOver:
    """Numbers that were not there when greater ones were: of changes that were made at once, those that ended later.

    Only PostgreSQL has several writers at once. What does not come within a minute was given up by its writer.
    """

    def __init__(self) -> None:
        self._until: dict[int, float] = {}

    @property
    def are_any(self) -> bool:
        return bool(self._until)

    def note(self, after: int, numbers: Sequence[int]) -> None:
        """These came after that one, rising."""
        gaps = set(range(max(after + 1, numbers[-1] - _MOST_PASSED_OVER), numbers[-1])).difference(numbers)
        self._until |= dict.fromkeys(sorted(gaps), time.monotonic() + _LATE_SECONDS)

    def come(self, context: Context) -> list[tuple[int, EventRecord]]:
        """Those that have come since, each told once. Raises StoreError."""
        now = time.monotonic()
        self._until = {number: until for number, until in self._until.items() if until > now}
        with context.workspace.read() as session:
            found = db.events.among(session, self._until)
        for number, _ in found:
            del self._until[number]
        return found


_LATE_SECONDS, _MOST_PASSED_OVER = 60.0, 100


def newest_event(context: Context) -> int:
    """The number of the newest event, 0 where there is none."""
    with context.workspace.read() as session:
        return db.events.newest(session)


def said(event: EventRecord) -> str:
    """What the actor did, in words."""
    if event.verb == Action.DELETE_MODEL and "versions" in event.before:
        return "deleted the model"
    return _SAID.get(event.verb, event.verb)


def told(event: EventRecord) -> str:
    """What it changed, on one line: "queued → starting; slots: cpu:0"."""
    changes = []
    for name in dict.fromkeys([*event.before, *event.after]):
        before, after = event.before.get(name), event.after.get(name)
        if before == after:
            continue
        old, new = _text(before), _text(after)
        if isinstance(before, list) and isinstance(after, list) and "…" in (old[-1], new[-1]):  # only what differs
            old = _text([each for each in before if each not in after])
            new = _text([each for each in after if each not in before])
        if old == new:
            continue
        label = "" if name == "state" else f"{name.replace('_', ' ')}: "
        changes.append(f"{label}{old} → {new}" if name in event.before else f"{label}{new}")
    return "; ".join(changes)


def _text(value: object) -> str:
    if value in (None, "", []):
        return "nothing"
    text = ", ".join(map(as_typed, value)) if isinstance(value, list) else as_typed(value)
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
