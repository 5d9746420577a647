"""Putting checked runs into the queue, whatever their kind."""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import db.events
import db.runs
from core.common.context import Context
from core.config.edit import Raw, flatten
from core.config.resources import Resources
from core.runs.events import run_event
from core.runs.labels import clean_tags
from core.runs.permissions import Action, require
from db.records import RunState

DEFAULT_EXPERIMENT = "default"


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
) -> list[int]:
    """Queue them all or none, with the event of each; returns their numbers.

    One that nobody gave a name gets its number at the end of the name that was made up.

    Raises:
        ForbiddenError, StoreError
    """
    require(context, Action.LAUNCH)
    experiment = labels.experiment.strip() or DEFAULT_EXPERIMENT
    created: dict[int, str] = {}
    with context.workspace.write() as session:
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
        for copy in copies:
            name = copy.name
            values = {**shared, "uid": uuid.uuid4().hex, "name": name}
            params = flatten(copy.config)
            run_id = db.runs.insert(session, {**values, "config": copy.config}, params, clean_tags(labels.tags))
            if len(copies) == 1 and not labels.name.strip():
                name = f"{name}-{run_id}"
                db.runs.annotate(session, run_id, name=name)
            created[run_id] = name
        told = {"experiment": experiment, "launched_by": shared["created_by"]}
        events = [run_event(context, Action.LAUNCH, key, {}, {"name": name, **told}) for key, name in created.items()]
        db.events.add(session, events)
    return list(created)
