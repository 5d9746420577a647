"""The history: a row for every change of a run, a data set or a setting. It outlives what it tells of."""

import time
from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Event
from db.records import Actor, ActorKind, EventRecord

MAX_TEXT = 500  # characters that are kept of a text, and things of a list
MAX_ITEMS = 50


def add(session: Session, events: Iterable[EventRecord]) -> None:
    """In the transaction of the changes themselves; those that changed nothing are left out."""
    rows = [
        {
            "at": event.at,
            "actor": event.actor.name,
            "actor_kind": event.actor.kind,
            "verb": event.verb,
            "kind": event.kind,
            "key": event.key,
            "before": bounded(event.before),
            "after": bounded(event.after),
        }
        for event in events
        if event.before != event.after
    ]
    if rows:
        session.connection().execute(sa.insert(Event), rows)


def moved(session: Session, actor: Actor, run_id: int, before: str, after: str, verb: str = "", **told: Any) -> None:
    """A run went from one state to another; `told` is what else is worth knowing, of which empty values are left out.

    Args:
        verb: what the actor did, where that is not to bring it into the state.
    """
    more = {name: value for name, value in told.items() if value}
    states = {"state": before}, {"state": after, **more}
    add(session, [EventRecord(time.time(), actor, verb or after, "run", str(run_id), *states)])


def of(session: Session, kind: str, key: str, limit: int) -> list[EventRecord]:
    """The newest of one object, in the order in which they came about."""
    query = sa.select(Event).where(Event.kind == kind, Event.key == key).order_by(Event.id.desc()).limit(limit)
    return [_record(row) for row in reversed(session.scalars(query).all())]


def since(
    session: Session, after: int, limit: int, kind: str | None = None, key: str | None = None
) -> list[tuple[int, EventRecord]]:
    """The first events past a number, each with its own, in the order in which they came about."""
    query = sa.select(Event).where(Event.id > after)
    if kind is not None:
        query = query.where(Event.kind == kind)
    if key is not None:
        query = query.where(Event.key == key)
    return [(row.id, _record(row)) for row in session.scalars(query.order_by(Event.id).limit(limit))]


def among(session: Session, numbers: Iterable[int]) -> list[tuple[int, EventRecord]]:
    """Those of these numbers that there are, in their order."""
    query = sa.select(Event).where(Event.id.in_(list(numbers))).order_by(Event.id)
    return [(row.id, _record(row)) for row in session.scalars(query)]


def newest(session: Session) -> int:
    """The number of the newest event, 0 where there is none."""
    return session.scalar(sa.select(sa.func.max(Event.id))) or 0


def bounded(value: Any) -> Any:
    """Long texts and lists within a value cut to their beginning, so that no row is large."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[: MAX_TEXT - 1]}…"
    if isinstance(value, dict):
        return {name: bounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        cut = ["…"] if len(value) > MAX_ITEMS else []
        return [bounded(item) for item in value[: MAX_ITEMS - len(cut)]] + cut
    return value


def _record(row: Event) -> EventRecord:
    actor = Actor(row.actor, cast("ActorKind", row.actor_kind))
    return EventRecord(row.at, actor, row.verb, row.kind, row.key, row.before, row.after)
