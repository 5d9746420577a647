"""Putting checked runs into the queue, whatever their kind."""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import db.events
import db.runs
from core.common.context import Context
from core.config.edit import Raw, flatten
from core.config.resources import Resources
from core.runs.data_names import folds_key
from core.runs.events import run_event
from core.runs.labels import clean_tags
from core.runs.permissions import Action, require
from db.engine import Session
from db.records import RunRecord, RunState

DEFAULT_EXPERIMENT = "default"
BEGIN_BEFORE = "begin_before"  # fact of a run: seconds since 1970, after which it is not begun any more
LATE = "It was not begun within the time that was given."
Within = Callable[[Session, list[int]], None]  # what else belongs to the transaction, with the numbers of the runs


class Labels(Protocol):
    """What a draft says of its runs, whatever they do."""

    @property
    def name(self) -> str: ...
    @property
    def experiment(self) -> str: ...
    @property
    def preset(self) -> str: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def notes(self) -> str: ...
    @property
    def created_by(self) -> str: ...
    @property
    def once(self) -> str: ...


@dataclass(frozen=True)
class Copy:
    """One of the runs of a launch: its name, and its config as JSON data."""

    name: str
    config: Raw


def queue(
    context: Context,
    labels: Labels,
    kind: str,
    resources: Resources,
    copies: Sequence[Copy],
    facts: Mapping[str, Any] | None = None,
    within: Within | None = None,
) -> list[int]:
    """Queue them all or none, with the event of each; returns their numbers.

    Where the labels say by which request they are launched, those that this queued before are returned again. One
    that nobody gave a name gets its number at the end of the name that was made up.

    Args:
        within: called in the same transaction; what it raises undoes all of it.

    Raises:
        ForbiddenError, StoreError
    """
    require(context, Action.LAUNCH)
    experiment = labels.experiment.strip() or DEFAULT_EXPERIMENT
    created: dict[int, str] = {}
    with context.workspace.write() as session:
        if known := _queued_before(session, labels.once):
            return known
        now = time.time()
        parent = labels.parent_id
        shared = {
            "experiment_id": db.runs.experiment_id(session, experiment),
            "state": RunState.QUEUED.value,
            "kind": kind,
            "resources": resources.model_dump(mode="json"),
            "preset": labels.preset,
            "parent_id": parent if parent and db.runs.get(session, parent) else None,
            "created_by": labels.created_by.strip() or context.actor.name,
            "notes": labels.notes,
            "created_at": now,
            "queued_at": now,
            "facts": dict(facts or {}),
        }
        for place, copy in enumerate(copies):
            name = copy.name
            uid = _uid_of(labels.once, place) if labels.once else uuid.uuid4().hex
            values = {**shared, "uid": uid, "name": name}
            params = flatten(copy.config)
            columns = {**values, "config": copy.config}
            run_id = db.runs.insert(session, columns, params, clean_tags(labels.tags), folds_key(kind, params))
            if len(copies) == 1 and not labels.name.strip():
                name = f"{name}-{run_id}"
                db.runs.annotate(session, run_id, name=name)
            created[run_id] = name
        told = {"experiment": experiment, "launched_by": shared["created_by"]}
        events = [run_event(context, Action.LAUNCH, key, {}, {"name": name, **told}) for key, name in created.items()]
        db.events.add(session, events)
        if within is not None:
            within(session, list(created))
    return list(created)


def is_late(run: RunRecord, now: float) -> bool:
    """Whether a run that waits is not to be begun any more; `now` in seconds since 1970."""
    end = run.facts.get(BEGIN_BEFORE)
    return isinstance(end, int | float) and now > end


_REQUESTS = uuid.UUID("0d0a3c4e-6f0f-5a4b-9a51-4f5d4b1f2c7e")


def _uid_of(request: str, place: int) -> str:
    return uuid.uuid5(_REQUESTS, f"{place} {request}").hex


def _queued_before(session: Session, request: str) -> list[int]:
    """The runs that this request queued, which may have been told to nobody since its process ended."""
    found: list[int] = []
    while request and (known := db.runs.with_uid(session, _uid_of(request, len(found)))) is not None:
        found.append(known)
    return found
