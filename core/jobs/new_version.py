"""Have a version of a model made of several networks, or of a file; core.models.making asks for it."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits, Progress
from core.runs.permissions import Action, require
from db.records import ActorKind

CHECK_CPU_SECONDS = 120  # for loading a file's network, and for asking it about a few made examples
BYTES = (0.0, 255.0)  # as pixels of data sets are


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Ensemble(_Frozen):
    """One network whose answer is the mean of the answers of several."""

    how: Literal["ensemble"] = "ensemble"
    runs: tuple[int, ...]  # the first one's config describes it
    checkpoint: Literal["best", "last"] = "best"


class Averaged(_Frozen):
    """The mean of the weights of a run's last epochs."""

    how: Literal["averaged"] = "averaged"
    run: int
    last: int = Field(ge=2)  # epochs


class Uploaded(_Frozen):
    """A network in a file, which lies in `placed`."""

    how: Literal["uploaded"] = "uploaded"
    folder: str = Field(pattern=r"^[0-9a-f]{32}$")
    name: str  # of the file, as the user knows it
    like: str = ""  # run or version whose inputs it takes: 12, digits@3; "" for numbers as they are
    pixels: tuple[float, float] = BYTES  # least and greatest that it learned from
    logits: bool = False  # what it gives are no probabilities yet
    run: int = 0  # that a client reported, or of a script, whose best network it is; 0 for a file that somebody gave


class Smaller(_Frozen):
    """What a run made smaller, once it has ended; see core.models.shrinking."""

    how: Literal["smaller"] = "smaller"
    run: int
    of: str  # digits@3
    within: float  # what may be lost: of a share, 0.01 is a point; of an error, relative
    until: float | None = None  # seconds since 1970, after which nothing is exported
    title: str  # of the way that it was made smaller


MadeOf = Annotated[Ensemble | Averaged | Uploaded | Smaller, Field(discriminator="how")]


class Request(_Frozen):
    """Which version, and who asked; that is kept in the history."""

    made_of: MadeOf
    model: str
    note: str = ""
    description: str = ""  # of a new model
    aliases: tuple[str, ...] = ()
    actor: str
    actor_kind: ActorKind = "shell"


class Made(_Frozen):
    """What came of it."""

    reference: str = ""  # digits@3
    told: str = ""  # an alias that it may not have yet, or the like
    problem: str = ""  # why there is no version
    passing: bool = False  # whether that says nothing of what was asked: a full disk, a store out of reach


def placed(settings: Settings, folder: str) -> Path:
    """Where the file of an upload lies."""
    return settings.cache_dir / "uploaded_networks" / folder / "network"


@dataclass(frozen=True)
class Asked:
    """A version that is being made, or what became of one."""

    key: str
    request: Request
    progress: Progress | None = None  # None while it waits its turn, and once it is done
    made: Made | None = None


def asked(context: Context) -> list[Asked]:
    """All that are waited for or that nobody put away, the newest first."""
    found = []
    for key in job_queue.keys(context, KIND):
        request = job_queue.payload(context, KIND, key)
        if request is not None:
            done = job_queue.look_if_asked(context, KIND, key, keep=True)
            found.append(Asked(key, request, job_queue.progress(context, key), done))
    return found


def seen(context: Context, key: str) -> None:
    """What came of it is told, so nobody waits for it any more."""
    job_queue.forget(context, key)


def stop(context: Context, key: str) -> None:
    """What is half made goes, a run that it waits for is stopped, and why it could not be made is put away.

    Raises ForbiddenError.
    """
    require(context, Action.REGISTER)
    request = job_queue.payload(context, KIND, key)
    if request is not None and isinstance(request.made_of, Smaller):
        runs.stop(context, [request.made_of.run])
    job_queue.forget(context, key)
    if request is not None and isinstance(request.made_of, Uploaded):
        forget_file(context.workspace.settings, request.made_of)


def ahead(context: Context, key: str) -> str:
    """What is made now, for which this waits: the file's name, or the model's; "" where there is nothing."""
    for each in asked(context):
        if each.key != key and each.made is None and each.progress is not None:
            made_of = each.request.made_of
            return made_of.name if isinstance(made_of, Uploaded) else f"the version of {each.request.model}"
    return ""


def can_ask_again(settings: Settings, done: Asked) -> bool:
    """Whether what it is made of is still there: of a file, as long as nothing was wrong with it."""
    made_of = done.request.made_of
    if isinstance(made_of, Ensemble | Averaged):
        return True
    if isinstance(made_of, Smaller):
        return done.made is not None and done.made.passing
    return done.made is not None and done.made.passing and placed(settings, made_of.folder).is_file()


def forget_file(settings: Settings, made_of: Uploaded) -> None:
    shutil.rmtree(placed(settings, made_of.folder).parent, ignore_errors=True)


def _failed(failure: Failure) -> Made:
    match failure.cause:
        case "cpu":  # only the checks of a file have so little
            return Made(
                problem="The network of the file did not answer a few made examples within "
                f"{CHECK_CPU_SECONDS} s of this CPU's time, so it was given up and is not kept. Look for a loop in it "
                "that goes on for ever, or for a very long time; or make it smaller."
            )
        case "wall":
            text = f"The version took more than {failure.text} to make and was given up. Ask again on a host less busy."
        case "crash":
            text = f"The version was not made: {failure.text}. Ask again; with less memory in use where that ran out."
        case _:
            text = f"The version could not be made: {failure.text}. Ask again."
    return Made(problem=text, passing=True)


KIND = JobKind(
    name="new_version",
    payload=Request,
    result=Made,
    worker="core.workers.new_version:answer",
    limits=Limits(wall_seconds=3600.0, at_once=1),
    failed=_failed,
)
