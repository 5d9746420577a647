"""Asking for a job and reading what came of it, through the store."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

import db.jobs
from core.common.context import Context
from core.jobs.job_kind import Failure, JobKind, Payload, Progress, Result

POLL_SECONDS = 0.02  # between two looks for a result that somebody waits for
WAIT_SECONDS = 90.0  # for a result; a standby that has just been started imports TensorFlow first


class Outcome(BaseModel):
    """What is stored as a job's result: the worker's, or why there is none."""

    model_config = ConfigDict(frozen=True)

    answer: dict[str, Any] | None = None
    failure: Failure | None = None


def put(
    context: Context,
    kind: JobKind[Payload, Any],
    key: str,
    payload: Payload,
    *,
    host: str = "",
    process: str = "",
    instead_of: str = "",
    after_run: int | None = None,
) -> None:
    """Ask for a job, unless somebody has asked for the same.

    Args:
        host: that has to do it; "" is any.
        process: of a warm kind, the name of what its process holds, such as a run.
        instead_of: key of a job that nobody waits for any more; it is not done any further.
        after_run: number of a run before whose end it is not begun; then, others come first.
    """
    with context.workspace.write() as session:
        if instead_of and instead_of != key:
            db.jobs.remove(session, [instead_of], if_open=True)
        db.jobs.put(session, key, kind.name, payload.model_dump(mode="json"), host, process, after_run)


def look(context: Context, kind: JobKind[Any, Result], key: str, *, keep: bool = False) -> Result | None:
    """The result, None while there is none. Raises LookupError when nobody asked for such a job.

    Args:
        keep: also a failure that says nothing of the question, which is told once otherwise.
    """
    with context.workspace.read() as session:
        raw = db.jobs.result(session, key)
    if raw is None:
        return None
    try:
        outcome = Outcome.model_validate(raw)
        if outcome.failure is None:
            return kind.result.model_validate(outcome.answer)
    except ValidationError as error:  # stored by another version
        forget(context, key)
        raise LookupError(key) from error
    if outcome.failure.is_passing and not keep:
        forget(context, key)
    return kind.failed(outcome.failure)


def look_if_asked(context: Context, kind: JobKind[Any, Result], key: str, *, keep: bool = False) -> Result | None:
    """The same; None also where nobody asked."""
    try:
        return look(context, kind, key, keep=keep)
    except LookupError:
        return None


def take(context: Context, kind: JobKind[Any, Result], key: str) -> Result | None:
    """The result, which is forgotten then; None while there is none, and where nobody asked."""
    done = look_if_asked(context, kind, key)
    if done is not None:
        forget(context, key)
    return done


def is_asked(context: Context, key: str) -> bool:
    """Whether it is waited for, or has a result that nobody took yet."""
    try:
        with context.workspace.read() as session:
            db.jobs.result(session, key)
    except LookupError:
        return False
    return True


def ask(context: Context, kind: JobKind[Payload, Result], key: str, payload: Payload, **how: Any) -> Result | None:
    """The result of a job that is done once for all who ask; None while there is none. Arguments as in `put`.

    Asking again costs one look-up.
    """
    try:
        return look(context, kind, key)
    except LookupError:
        put(context, kind, key, payload, **how)
    return None


def payload(context: Context, kind: JobKind[Payload, Any], key: str) -> Payload | None:
    """What the job is about; None when nobody asked for it."""
    try:
        with context.workspace.read() as session:
            return kind.payload.model_validate(db.jobs.asked(session, key))
    except (LookupError, ValidationError):
        return None


def progress(context: Context, key: str) -> Progress | None:
    """What the process at work told last; None while it told nothing, and of a job that nobody asked for."""
    try:
        with context.workspace.read() as session:
            raw = db.jobs.progress(session, key)
        return Progress.model_validate(raw) if raw is not None else None
    except (LookupError, ValidationError):
        return None


def keys(context: Context, kind: JobKind[Any, Any]) -> list[str]:
    """Of all jobs of a kind that are open, or have a result that nobody took, the newest first."""
    with context.workspace.read() as session:
        return db.jobs.of_kind(session, kind.name)


def forget(context: Context, key: str) -> None:
    """Nobody waits for the result any more, or it is to be found anew by whoever asks next."""
    with context.workspace.write() as session:
        db.jobs.remove(session, [key])
