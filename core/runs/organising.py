"""Names, notes, tags and experiments of runs that exist."""

from collections.abc import Iterable

import db.runs
import db.tags
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, Problem
from core.runs.labels import clean_tags, label_problems, notes_problems


def annotate(
    context: Context,
    run_id: int,
    *,
    name: str | None = None,
    notes: str | None = None,
    tags: Iterable[str] | None = None,
) -> None:
    """Change name, notes or tags, all or nothing; None leaves as it is.

    Raises:
        ConfigError: an empty name, or one that breaks the rules of core.runs.labels.
        NotFoundError: no such run.
    """
    cleaned = None if tags is None else clean_tags(tags)
    problems = [] if name is None else _name_problems("name", name)
    problems += [problem for tag in cleaned or () for problem in label_problems("tags", tag)]
    problems += notes_problems(notes or "")
    if problems:
        raise ConfigError(problems)
    columns = {"name": None if name is None else name.strip(), "notes": notes}
    changed = {column: text for column, text in columns.items() if text is not None}
    with context.workspace.write() as session:
        if not db.runs.existing(session, [run_id]):
            raise NotFoundError(f"There is no run {run_id}. It may have been deleted in the meantime.")
        if changed:
            db.runs.annotate(session, run_id, **changed)
        if cleaned is not None:
            db.tags.replace(session, run_id, cleaned)


def add_tags(context: Context, run_ids: Iterable[int], tags: Iterable[str]) -> None:
    """To those of the runs that exist. Raises ConfigError for a tag that breaks the rules."""
    cleaned = clean_tags(tags)
    problems = [problem for tag in cleaned for problem in label_problems("tags", tag)]
    if problems:
        raise ConfigError(problems)
    with context.workspace.write() as session:
        db.tags.add(session, db.runs.existing(session, run_ids), cleaned)


def move(context: Context, run_ids: Iterable[int], experiment: str) -> None:
    """Put runs into an experiment, which is made when there is none of that name. Raises ConfigError."""
    problems = _name_problems("experiment", experiment)
    if problems:
        raise ConfigError(problems)
    with context.workspace.write() as session:
        db.runs.update_many(session, run_ids, experiment_id=db.runs.experiment_id(session, experiment.strip()))


def _name_problems(field: str, text: str) -> list[Problem]:
    return label_problems(field, text.strip()) if text.strip() else [Problem(field, "must not be empty")]
