"""Have a run that ended before its evaluation evaluated now: by its best checkpoint, as it is done at an end."""

import socket
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from core.common.context import Context
from core.common.errors import StateError
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits
from core.runs import has_checkpoint, unreachable
from core.runs.permissions import Action, require
from db.records import ActorKind, RunRecord


class Request(BaseModel):
    """Which run, in which attempt, and who asked; that is kept in the history."""

    model_config = ConfigDict(frozen=True)

    run: int
    attempt: int
    actor: str
    actor_kind: ActorKind = "shell"


class Evaluated(BaseModel):
    """What came of it; the report is among the run's files."""

    model_config = ConfigDict(frozen=True)

    step: int = 0  # of the checkpoint
    epoch: float | None = None
    metrics: Mapping[str, float] = {}
    notices: tuple[str, ...] = ()
    problem: str = ""  # why there is none of all this


def why_not(context: Context, run: RunRecord) -> str:
    """Why the run cannot be evaluated now, "" where it can."""
    if not run.state.is_finished:
        return f"Run {run.id} is {run.state}; it is evaluated at its end, or once it is stopped."
    if found := unreachable(context, run):
        return found
    if not has_checkpoint(context, run):
        return (
            f"Run {run.id} left no best checkpoint to evaluate: it ended before its first epoch was measured, or the "
            "file was removed. Relaunch it to get one."
        )
    if run.facts.get("examples", {}).get("test") == 0:
        return "Its data set has no test examples to evaluate it on."
    return ""


def request(context: Context, run: RunRecord) -> Request:
    """What is to be done. Raises ForbiddenError, StateError."""
    require(context, Action.EVALUATE, run)
    if problem := why_not(context, run):
        raise StateError(problem)
    return Request(run=run.id, attempt=run.attempt, actor=context.actor.name, actor_kind=context.actor.kind)


def ask(context: Context, run: RunRecord) -> None:
    """Have it done by the standby of this host, once for all who ask. Raises ForbiddenError, StateError."""
    job_queue.put(context, KIND, key(run), request(context, run), host=socket.gethostname())  # its files are here


def is_asked(context: Context, run: RunRecord) -> bool:
    """Whether it is waited for, or has a result that nobody took yet."""
    return job_queue.is_asked(context, key(run))


def take(context: Context, run: RunRecord) -> Evaluated | None:
    """What came of it, which is forgotten then; None while it is not done, and where nobody asked."""
    return job_queue.take(context, KIND, key(run))


def progress(context: Context, run: RunRecord) -> tuple[str, float | None]:
    """What is being done, and how much of it is."""
    told = job_queue.progress(context, key(run))
    return (told.text, told.share) if told else ("", None)


def key(run: RunRecord) -> str:
    return f"evaluation-{run.uid}-{run.attempt}"


def _failed(failure: Failure) -> Evaluated:
    match failure.cause:
        case "cpu" | "wall":
            text = f"The evaluation took more than {failure.text} and was ended."
        case _:
            text = f"The evaluation could not be done: {failure.text}. Try again."
    return Evaluated(problem=text)


KIND = JobKind(
    name="evaluation",
    payload=Request,
    result=Evaluated,
    worker="core.workers.evaluation:answer",
    limits=Limits(wall_seconds=3600.0, at_once=1),
    failed=_failed,
)
