"""Have a run that ended before its evaluation evaluated now: by its best checkpoint, as it is done at an end.

The network that a script or client kept is judged as a file is: on the data of a run, a version or a data set.
"""

import socket
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.common.context import Context
from core.common.errors import StateError
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits
from core.runs import NETWORK, has_checkpoint, unreachable
from core.runs.permissions import Action, require
from core.runs.reported_networks import kept_network, like_data
from db.records import ActorKind, RunRecord


class Request(BaseModel):
    """Which run, in which attempt, and who asked; that is kept in the history."""

    model_config = ConfigDict(frozen=True)

    run: int
    attempt: int
    actor: str
    actor_kind: ActorKind = "shell"
    like: str = ""  # of what a script or client kept: a run, a version or data:NAME whose inputs it takes
    pixels: tuple[float, float] = (0.0, 255.0)  # least and greatest that it learned from
    logits: bool = False  # what it gives are no probabilities yet


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
    if run.kind != NETWORK.name:
        told = "kept no network of Keras on this host. traindeck.KerasCallback keeps the best one; launch it with that"
        return "" if kept_network(context, run) else f"Run {run.id} {told}."
    if not has_checkpoint(context, run):
        return (
            f"Run {run.id} left no best checkpoint to evaluate: it ended before its first epoch was measured, or the "
            "file was removed. Relaunch it to get one."
        )
    if run.facts.get("examples", {}).get("test") == 0:
        return "Its data set has no test examples to evaluate it on."
    return ""


def request(context: Context, run: RunRecord, like: str = "", **how: Any) -> Request:
    """What is to be done.

    Args:
        like: of what a script or client kept; the data set that it named, when empty.
        how: of the same: pixels, logits.

    Raises:
        ForbiddenError, StateError
        NotFoundError: nothing here is of the data set that it named.
    """
    require(context, Action.EVALUATE, run)
    if problem := why_not(context, run):
        raise StateError(problem)
    if run.kind == NETWORK.name and (like or how):
        raise StateError(f"Run {run.id} has a data set of its own, on which it is evaluated. Leave --like away.")
    if run.kind != NETWORK.name:
        like = like or like_data(context, run)
        if not like:
            raise StateError(
                f"Run {run.id} does not say which data set its network is for. Say whose inputs it takes: --like RUN, "
                "MODEL@VERSION or data:NAME; or name it in the script, KerasCallback(data=NAME)."
            )
    actor = {"actor": context.actor.name, "actor_kind": context.actor.kind}
    return Request.model_validate({"run": run.id, "attempt": run.attempt, "like": like, **actor, **how})


def ask(context: Context, run: RunRecord, like: str = "", **how: Any) -> None:
    """Have it done by the standby of this host, once for all who ask. Raises as `request`."""
    asked = request(context, run, like, **how)
    job_queue.put(context, KIND, key(run), asked, host=socket.gethostname())  # its files are here


def is_asked(context: Context, run: RunRecord) -> bool:
    """Whether it is waited for, or has a result that nobody took yet."""
    return job_queue.is_asked(context, key(run))


def take(context: Context, run: RunRecord) -> Evaluated | None:
    """What came of it, which is forgotten then; None while it is not done, and where nobody asked."""
    return job_queue.take(context, KIND, key(run))


def look(context: Context, run: RunRecord) -> Evaluated | None:
    """As `take`, and it stays for others."""
    return job_queue.look_if_asked(context, KIND, key(run), keep=True)


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
