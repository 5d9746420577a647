"""Experiments that somebody makes, rather than by launching into them: those stay when they are empty."""

import time
from collections.abc import Iterable, Mapping

import db.experiments
import db.runs
import db.sweeps
from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from core.common.text import quoted
from core.runs.deleting import restore_in, trash_in
from core.runs.events import note_change
from core.runs.permissions import Action, require
from db.engine import Session
from db.experiments import ExperimentRecord
from db.sweep_records import SweepState

_IN_TRASH = "Its experiment was moved to the trash, which its next trial would bring back."


def create(
    context: Context, name: str, artifact_location: str = "", tags: Mapping[str, str] | None = None, root: str = ""
) -> ExperimentRecord:
    """An empty one, which stays.

    Args:
        artifact_location: of its runs' files, an address; their own folders when empty.
        root: an address below which its number is the location, where none is given.

    Raises:
        ForbiddenError
        StateError: there is one of this name, maybe in the trash.
    """
    require(context, Action.LAUNCH)
    with context.workspace.write() as session:
        key = db.experiments.add(session, name, artifact_location, tags)
        if key is None:
            raise StateError(f"There is an experiment {quoted(name)} already. Choose another name.")
        if root and not artifact_location:
            db.experiments.change(session, key, artifact_location=f"{root}/{key}")
        note_change(context, session, "experiment", name, {}, {"name": name}, Action.LAUNCH)
        return _found(session, key)


def get(context: Context, key: int) -> ExperimentRecord:
    """Raises NotFoundError."""
    with context.workspace.read() as session:
        return _found(session, key)


def named(context: Context, name: str) -> ExperimentRecord | None:
    with context.workspace.read() as session:
        return db.experiments.named(session, name)


def every(context: Context) -> list[ExperimentRecord]:
    """All, also those in the trash."""
    with context.workspace.read() as session:
        return db.experiments.every(session)


def rename(context: Context, key: int, name: str) -> None:
    """Sweeps that make runs in it go on doing so.

    Raises:
        ForbiddenError, NotFoundError
        StateError: another has this name.
    """
    require(context, Action.EDIT)
    with context.workspace.write() as session:
        before = _found(session, key).name
        other = db.experiments.named(session, name)
        if other is not None and other.id != key:
            raise StateError(f"There is an experiment {quoted(name)} already. Choose another name.")
        db.experiments.change(session, key, name=name, is_kept=True)
        for sweep in db.sweeps.listing(session):
            if sweep.definition.get("experiment") == before:
                db.sweeps.change(session, sweep, definition={**sweep.definition, "experiment": name})
        note_change(context, session, "experiment", name, {"name": before}, {"name": name}, Action.EDIT)


def put_tags(context: Context, key: int, tags: Mapping[str, str], removed: Iterable[str] = ()) -> None:
    """Raises ForbiddenError, NotFoundError."""
    require(context, Action.EDIT)
    with context.workspace.write() as session:
        before = _found(session, key)
        db.experiments.put_tags(session, key, tags)
        db.experiments.remove_tags(session, key, removed)
        db.experiments.change(session, key, is_kept=True)
        after = _found(session, key)
        note_change(
            context, session, "experiment", after.name, {"tags": before.tags}, {"tags": after.tags}, Action.EDIT
        )


def trash(context: Context, key: int) -> None:
    """With its runs, which come back with it; those that Traindeck still works on keep it where it is. Sweeps that make
    runs in it pause, as the next one would bring it back.

    Raises:
        ForbiddenError, NotFoundError
        StateError: one of its runs is being executed; nothing was changed.
    """
    require(context, Action.DELETE)
    with context.workspace.write() as session:
        name, now = _found(session, key).name, time.time()
        _, active = trash_in(context, session, db.experiments.runs_of(session, key), now)
        if active:
            raise StateError(
                f"Experiment {quoted(name)} has runs that are not at rest: {', '.join(map(str, active))}. "
                "Stop them first."
            )
        db.experiments.change(session, key, deleted_at=now, is_kept=True)
        for sweep in db.sweeps.listing(session):
            if sweep.state is SweepState.RUNNING and sweep.definition.get("experiment") == name:
                db.sweeps.change(session, sweep, state=SweepState.PAUSED, reason=_IN_TRASH)
        note_change(context, session, "experiment", name, {"trashed": False}, {"trashed": True}, Action.DELETE)


def restore(context: Context, key: int) -> None:
    """With those of its runs that came into the trash with it. Raises ForbiddenError, NotFoundError."""
    require(context, Action.RESTORE)
    with context.workspace.write() as session:
        found = _found(session, key)
        if found.deleted_at is not None:
            restore_in(context, session, db.experiments.runs_of(session, key, found.deleted_at))
        db.experiments.change(session, key, deleted_at=None)
        was = {"trashed": found.deleted_at is not None}
        note_change(context, session, "experiment", found.name, was, {"trashed": False}, Action.RESTORE)


def _found(session: Session, key: int) -> ExperimentRecord:
    found = db.experiments.find(session, key)
    if found is None:
        raise NotFoundError(f"There is no experiment {key}. It may have been deleted in the meantime.")
    return found
