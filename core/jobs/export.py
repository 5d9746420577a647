"""Have a version of a model exported: written in a format, compared with the original, measured, and kept."""

import socket
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.common.context import Context
from core.common.errors import StateError
from core.common.text import quoted, suggestion
from core.inference.export_formats import COMPACT, FORMATS
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits, Progress
from core.runs.location import is_this_host
from core.runs.permissions import Action, require
from db.records import ActorKind
from db.registry_records import VersionRecord

BUDGET_MINUTES = 30.0  # within which all that may be small is begun


class Request(BaseModel):
    """Which version, in which format, and who asked; that is kept in the history."""

    model_config = ConfigDict(frozen=True)

    version_id: int
    reference: str  # digits@3
    format: str
    until: float | None = None  # seconds since 1970, after which it is not begun any more
    actor: str
    actor_kind: ActorKind = "shell"


class Exported(BaseModel):
    """What came of it."""

    model_config = ConfigDict(frozen=True)

    name: str = ""
    folder: str = ""
    size: int = 0  # of the network's file, bytes
    measured: dict[str, Any] = {}  # core.models.exports.Measured
    problem: str = ""  # why there is none of all this
    is_lost: bool = False  # as nobody was left to do it; it says nothing of the network


@dataclass(frozen=True)
class Asked:
    """An export that is waited for, or that failed and nobody put away."""

    form: str
    progress: Progress | None = None  # None while it waits its turn
    problem: str = ""


def request(context: Context, version: VersionRecord, form: str, until: float | None = None) -> Request:
    """What is to be done. Raises ForbiddenError, StateError."""
    require(context, Action.EXPORT)
    if form not in FORMATS:
        raise StateError(f"{quoted(form)} is no format{suggestion(form, FORMATS)}; accepted are {', '.join(FORMATS)}.")
    if not is_this_host(context.workspace.settings, version.host):
        raise StateError(f"The files of {version.title} are on host {version.host}. Export it in the dashboard there.")
    return Request(
        version_id=version.id,
        reference=version.title,
        format=form,
        until=until,
        actor=context.actor.name,
        actor_kind=context.actor.kind,
    )


def ask(
    context: Context, version: VersionRecord, form: str, until: float | None = None, after_run: int | None = None
) -> None:
    """Have it done by the standby of this host, once for all who ask. Raises ForbiddenError, StateError.

    `after_run` is as in `job_queue.put`.
    """
    asked = request(context, version, form, until)
    host = socket.gethostname()  # its files are here
    job_queue.put(context, KIND, key(version, form), asked, host=host, after_run=after_run)


def stop(context: Context, version: VersionRecord, form: str) -> None:
    """Nobody waits for it any more; what is half made goes."""
    require(context, Action.EXPORT)
    job_queue.forget(context, key(version, form))


def progress(context: Context, version: VersionRecord, form: str) -> Progress | None:
    return job_queue.progress(context, key(version, form))


def asked(context: Context, version: VersionRecord) -> list[Asked]:
    """In the order of the formats. Of those that were made nothing is said any more: they are among the exports.

    What failed is told until it is put away, to all who look.
    """
    found = []
    for form in FORMATS:
        try:
            done = job_queue.look(context, KIND, key(version, form), keep=True)
        except LookupError:
            continue
        if done is None:
            found.append(Asked(form, progress(context, version, form)))
        elif done.problem:
            title = FORMATS[form].title  # which what is said of its process does not name
            found.append(Asked(form, problem=done.problem if title in done.problem else f"{title}: {done.problem}"))
        else:
            job_queue.forget(context, key(version, form))
    return found


def ask_compact(
    context: Context,
    version: VersionRecord,
    made: Collection[str],
    minutes: float = BUDGET_MINUTES,
    after_run: int | None = None,
) -> None:
    """Have all made that may be small and fast and are not there yet, also what failed before; one after the other.

    What is not begun within the minutes is left out, and told.

    Raises ForbiddenError, StateError.
    """
    require(context, Action.EXPORT)
    for form in reversed(COMPACT):  # the newest job is done first
        if form.name not in made:
            job_queue.take(context, KIND, key(version, form.name))
            ask(context, version, form.name, time.time() + 60 * minutes, after_run)


def late(form: str) -> str:
    """Why a format was not tried."""
    return f"{FORMATS[form].title} was not tried: the time that was given is over. Export it by itself to have it."


def key(version: VersionRecord, form: str) -> str:
    return f"export-{version.id}-{form}"


def _failed(failure: Failure) -> Exported:
    match failure.cause:
        case "cpu" | "wall":
            text = f"The export took more than {failure.text} and was ended."
        case _:
            text = f"The export could not be done: {failure.text}. Try again."
    return Exported(problem=text, is_lost=failure.is_passing)


KIND = JobKind(
    name="export",
    payload=Request,
    result=Exported,
    worker="core.workers.export:answer",
    limits=Limits(wall_seconds=1800.0, at_once=1),
    failed=_failed,
)
