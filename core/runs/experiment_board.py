"""What people say of an experiment as a whole: notes, and which config they take for its best."""

import time

import db.experiment_boards
import db.experiments
import db.runs
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError
from core.common.text import quoted
from core.runs.events import note_change
from core.runs.labels import notes_problems
from core.runs.organising import ChangedError
from core.runs.permissions import Action, require
from db.engine import Session
from db.experiment_boards import BoardRecord as BoardRecord
from db.experiments import ExperimentRecord


def board(context: Context, experiment: str) -> BoardRecord:
    """An empty one where nobody has said anything, or there is no such experiment."""
    with context.workspace.read() as session:
        return db.experiment_boards.of(session, experiment)


def write_notes(context: Context, experiment: str, notes: str, read_at: float | None) -> None:
    """Put other notes in place of those that were read; the experiment stays from now on, even without runs.

    Args:
        read_at: `noted_at` of the notes that were read.

    Raises:
        ConfigError: too long, or with control characters.
        NotFoundError
        ChangedError: somebody else has written since; nothing was changed.
        ForbiddenError
    """
    require(context, Action.EDIT)
    if problems := notes_problems(notes):
        raise ConfigError(problems)
    with context.workspace.write() as session:
        found, before = _found(session, experiment), db.experiment_boards.of(session, experiment)
        if before.noted_at != read_at:
            raise ChangedError(
                f"{before.noted_by} has changed these notes since you read them. Copy yours, read the page again, and "
                "put both together."
            )
        if notes == before.notes:
            return
        now = time.time()
        db.experiment_boards.change(session, found.id, notes=notes, noted_by=context.actor.name, noted_at=now)
        _tell(context, session, found, {"notes": before.notes}, {"notes": notes})


def choose_champion(context: Context, experiment: str, run_id: int | None) -> None:
    """The config of this run is what the others are measured by; none: the best one is, whichever that is.

    Raises:
        NotFoundError: no such experiment, or no such run in it.
        ForbiddenError
    """
    require(context, Action.EDIT)
    with context.workspace.write() as session:
        found, before = _found(session, experiment), db.experiment_boards.of(session, experiment)
        run = None if run_id is None else db.runs.get(session, run_id)
        if run_id is not None and (run is None or run.experiment != experiment or run.trashed_at is not None):
            raise NotFoundError(f"Experiment {quoted(experiment)} has no run {run_id}. Choose one of its runs.")
        chosen_by, now = (context.actor.name, time.time()) if run_id else ("", None)
        db.experiment_boards.change(session, found.id, champion=run_id, chosen_by=chosen_by, chosen_at=now)
        _tell(context, session, found, {"champion": before.champion}, {"champion": run_id})


def _tell(
    context: Context, session: Session, found: ExperimentRecord, before: dict[str, object], after: dict[str, object]
) -> None:
    db.experiments.change(session, found.id, is_kept=True)
    note_change(context, session, "experiment", found.name, before, after, Action.EDIT)


def _found(session: Session, experiment: str) -> ExperimentRecord:
    found = db.experiments.named(session, experiment)
    if found is None:
        raise NotFoundError(f"There is no experiment {quoted(experiment)}. It may have been renamed or deleted.")
    return found
