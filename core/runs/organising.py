"""Names, notes, tags and experiments of runs that exist."""

import hashlib
import json
from collections.abc import Collection, Iterable
from typing import Any

import db.events
import db.runs
import db.tags
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, Problem, StateError
from core.runs.events import run_event
from core.runs.labels import clean_tags, label_problems, notes_problems
from core.runs.permissions import Action, require
from db.engine import Session
from db.records import RunRecord


class ChangedError(StateError):
    """What somebody read has been changed since, and they asked for a change of what they had read."""


def labels_version(run: RunRecord) -> str:
    """Another text whenever people changed what they wrote about a run, or put it elsewhere; 16 hexadecimal digits."""
    told = json.dumps([_labels(run), run.experiment, run.trashed_at is not None], ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def require_version(run: RunRecord, expected: Collection[str]) -> None:
    """Raises ChangedError: the `labels_version` is none of these; any will do when there are none."""
    if expected and labels_version(run) not in expected:
        raise ChangedError(f"Run {run.id} was changed since you read it. Read it again, and repeat your change.")


def annotate(
    context: Context,
    run_id: int,
    *,
    name: str | None = None,
    notes: str | None = None,
    tags: Iterable[str] | None = None,
) -> None:
    """Change name, notes or tags, all or nothing; None leaves as it is. Raises as `edit`."""
    edit(context, run_id, name=name, notes=notes, tags=tags)


def edit(
    context: Context,
    run_id: int,
    *,
    name: str | None = None,
    notes: str | None = None,
    tags: Iterable[str] | None = None,
    experiment: str | None = None,
    expected: Collection[str] = (),
) -> None:
    """Change name, notes, tags or experiment, all or nothing; None leaves as it is.

    Args:
        expected: one of these the `labels_version` has to be; any when empty.

    Raises:
        ConfigError: an empty name, or one that breaks the rules of core.runs.labels.
        NotFoundError: no such run.
        ChangedError: it is another version than was expected.
        ForbiddenError
    """
    cleaned = None if tags is None else clean_tags(tags)
    problems = [] if name is None else _name_problems("name", name)
    problems += [problem for tag in cleaned or () for problem in label_problems("tags", tag)]
    problems += notes_problems(notes or "")
    problems += [] if experiment is None else _name_problems("experiment", experiment)
    if problems:
        raise ConfigError(problems)
    columns = {"name": None if name is None else name.strip(), "notes": notes}
    changed = {column: text for column, text in columns.items() if text is not None}
    with context.workspace.write() as session:
        run = db.runs.get(session, run_id)
        if run is None:
            raise NotFoundError(f"There is no run {run_id}. It may have been deleted in the meantime.")
        require_version(run, expected)
        if experiment is None or changed or cleaned is not None:
            require(context, Action.EDIT, run)
        if changed:
            db.runs.annotate(session, run_id, **changed)
        if cleaned is not None:
            db.tags.replace(session, run_id, cleaned)
        _note_edit(context, session, run)
        if experiment is not None:
            _move(context, session, [run], experiment)


def _note_edit(context: Context, session: Session, *edited: RunRecord) -> None:
    """What became of the runs' names, notes and tags, of those that changed."""
    events = []
    for was, now in zip(edited, db.runs.get_many(session, [run.id for run in edited]), strict=True):
        old, new = _labels(was), _labels(now)
        changed = [name for name in old if old[name] != new[name]]
        before, after = ({name: labels[name] for name in changed} for labels in (old, new))
        events.append(run_event(context, Action.EDIT, was.id, before, after))
    db.events.add(session, events)


def _labels(run: RunRecord) -> dict[str, Any]:
    return {"name": run.name, "notes": run.notes, "tags": sorted(run.tags)}


def add_tags(context: Context, run_ids: Iterable[int], tags: Iterable[str]) -> None:
    """To those of the runs that exist, all or none.

    Raises:
        ConfigError: a tag breaks the rules.
        ForbiddenError
    """
    cleaned = clean_tags(tags)
    problems = [problem for tag in cleaned for problem in label_problems("tags", tag)]
    if problems:
        raise ConfigError(problems)
    with context.workspace.write() as session:
        runs = db.runs.get_many(session, run_ids)
        for run in runs:
            require(context, Action.EDIT, run)
        db.tags.add(session, [run.id for run in runs], cleaned)
        _note_edit(context, session, *runs)


def move(context: Context, run_ids: Iterable[int], experiment: str) -> None:
    """Put runs into an experiment, which is made when there is none of that name.

    Raises:
        ConfigError, ForbiddenError: none was moved.
    """
    problems = _name_problems("experiment", experiment)
    if problems:
        raise ConfigError(problems)
    with context.workspace.write() as session:
        _move(context, session, db.runs.get_many(session, run_ids), experiment)


def _move(context: Context, session: Session, runs: list[RunRecord], experiment: str) -> None:
    new = {"experiment": experiment.strip()}
    for run in runs:
        require(context, Action.MOVE, run)
    key = db.runs.experiment_id(session, new["experiment"])
    db.runs.update_many(session, [run.id for run in runs], experiment_id=key)
    events = [run_event(context, Action.MOVE, run.id, {"experiment": run.experiment}, new) for run in runs]
    db.events.add(session, events)


def _name_problems(field: str, text: str) -> list[Problem]:
    return label_problems(field, text.strip()) if text.strip() else [Problem(field, "must not be empty")]
