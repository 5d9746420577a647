"""Stopping runs, and taking up those that ended early."""

import time
from collections.abc import Iterable
from typing import Any

import db.runs
from core.common.context import Context
from core.common.errors import StateError
from core.runs.kinds import LISTENS, LOGGED, RESUMES, SCRIPT, WORK_FOLDER
from core.runs.location import elsewhere, is_here
from core.runs.permissions import Action, require
from core.runs.reading import get
from core.tracking.run_clock import later
from db.records import RunRecord, RunState

LAST_CHECKPOINT = "last.keras"
BEST_CHECKPOINT = "best.keras"
_NOTHING_LEFT = (
    "left no checkpoint to go on from",
    "cannot go on: its script neither has a switch --resume nor reads TRAINDECK_RESUME, or its folder is gone",
)


def stop(context: Context, run_ids: Iterable[int], *, now: bool = False) -> list[int]:
    """Ask runs to stop, and take queued ones off the queue; returns those that this concerned.

    One that a client reports which does not listen is stopped here and now: there is no process of ours to ask.

    Gracefully: the trainer finishes its step, saves a checkpoint and keeps everything. Now: the supervisor ends the
    process; what was recorded stays. Asking for less than was asked before changes nothing.

    Raises:
        ForbiddenError: nothing was stopped.
    """
    stopped = []
    with context.workspace.write() as session:
        for run in db.runs.get_many(session, run_ids):
            if run.state.is_finished:
                continue
            require(context, Action.STOP, run)
            state, values = _stopped(run, now, context.actor.name)
            if db.runs.transition(session, run.id, [run.state], state, actor=context.actor, verb=Action.STOP, **values):
                stopped.append(run.id)
    return stopped


def _stopped(run: RunRecord, now: bool, by: str) -> tuple[RunState, dict[str, Any]]:
    """The state that an active run gets when it is asked to stop, and other columns."""
    if run.state is RunState.QUEUED:
        return RunState.STOPPED, {"reason": f"Taken off the queue by {by}.", "finished_at": time.time()}
    if run.kind == LOGGED.name and not run.facts.get(LISTENS):
        told = f"Called stopped by {by}; its client has not been told, and may go on."
        return RunState.STOPPED, {"reason": told, "finished_at": time.time()}
    return run.state, {"stop_requested": "now" if now or run.stop_requested == "now" else "graceful"}


def resume(context: Context, run_id: int) -> None:
    """Queue a run again, to go on from its last checkpoint under the same number; out of the trash, if it is there.

    Raises:
        NotFoundError: no such run.
        ForbiddenError
        StateError: it is not at rest, or left no checkpoint.
    """
    run = get(context, run_id)
    require(context, Action.RESUME, run)
    if not run.state.is_finished or run.state is RunState.FINISHED:
        raise StateError(f"Run {run_id} is {run.state}; only a stopped, failed, lost or pruned run can be resumed.")
    if away := elsewhere(context.workspace.settings, run, "checkpoints"):
        raise StateError(f"Run {run_id} cannot be resumed here. {away}")
    if missing := missing_folder(context, run):
        raise StateError(f"Run {run_id} cannot be resumed. {missing}")
    if not can_resume(context, run):
        raise StateError(f"Run {run_id} {_NOTHING_LEFT[run.kind == SCRIPT.name]}. Relaunch it to start anew.")
    with context.workspace.write() as session:
        queued = db.runs.transition(
            session,
            run_id,
            [run.state],
            RunState.QUEUED,
            actor=context.actor,
            verb=Action.RESUME,
            queued_at=later(time.time(), [run.finished_at]),
            trashed_at=None,
            reason="",
            stop_requested="",
            finished_at=None,
            heartbeat_at=None,
            pid=None,
            unstarted=0,
        )
        found = db.runs.get(session, run_id)
        if found is None or found.deleting_at is not None:
            raise StateError(f"Run {run_id} is being deleted for good; its files are gone or going.")
    if not queued:
        raise StateError(f"Run {run_id} changed while it was to be resumed. Look at its state, and try again.")


def can_resume(context: Context, run: RunRecord) -> bool:
    """Whether it left a checkpoint, or, of a script, the folder that it worked in, and said that it can go on there."""
    at_rest = run.state in (RunState.STOPPED, RunState.FAILED, RunState.LOST, RunState.PRUNED)
    if run.kind == SCRIPT.name:
        settings = context.workspace.settings
        left = (settings.run_dir(run.id) / WORK_FOLDER).is_dir()
        return at_rest and bool(run.facts.get(RESUMES)) and is_here(settings, run) and left
    return at_rest and _has(context, run, LAST_CHECKPOINT)


def missing_folder(context: Context, run: RunRecord) -> str:
    """That the files of a run are gone which has trained on this host, in a sentence; "" when they are there."""
    settings = context.workspace.settings
    folder = settings.run_dir(run.id)
    trained_here = bool(run.host) and run.training_at is not None and is_here(settings, run)
    if not trained_here or folder.is_dir():
        return ""
    return (
        f"Its folder {folder} is gone, with its checkpoints, log and other files. What it had recorded is kept. "
        "Put the folder back, or relaunch the run to start anew."
    )


def unreachable(context: Context, run: RunRecord) -> str:
    """Why nobody can read the run's checkpoints on this host, in a sentence; "" where their place can be read."""
    if found := elsewhere(context.workspace.settings, run, "checkpoints") or missing_folder(context, run):
        return found
    if run.deleting_at is not None:
        return f"Run {run.id} is being deleted for good; its files are gone or going."
    return ""


def has_checkpoint(context: Context, run: RunRecord) -> bool:
    """Whether the run left its best weights on this host, for others to begin from."""
    return _has(context, run, BEST_CHECKPOINT)


def _has(context: Context, run: RunRecord, name: str) -> bool:
    settings = context.workspace.settings
    return is_here(settings, run) and (settings.run_dir(run.id) / "checkpoints" / name).is_file()
