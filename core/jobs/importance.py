"""What a run's network goes by over its test set: features, words, or places of pictures, of all and of each class.

Features are shuffled, words left out, places of pictures covered; and how much worse, or less sure, it answers then.
"""

from pydantic import BaseModel, ConfigDict

from core.common.context import Context
from core.data.base import DataInfo
from core.jobs import job_queue
from core.jobs.explanation import Dependence
from core.jobs.job_kind import Failure, JobKind, Limits, Progress
from core.jobs.prediction import host_for, stamp
from core.runs.permissions import Action, require
from db.records import RunRecord


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Wanted(_Frozen):
    """Of which run."""

    run: int


class Shuffled(_Frozen):
    """A feature, and what its being shuffled costs."""

    name: str
    fall: float  # of accuracy; of a regression, by how much the mean absolute error rises
    error: float  # standard error of it
    by_class: tuple[float, ...] = ()  # of the recall of each class
    by_class_error: tuple[float, ...] = ()  # standard errors of these


class Word(_Frozen):
    """A token, and what the answer loses without it in the mean over the texts that have it."""

    text: str
    value: float  # of a probability, or of the number in its unit
    low: float  # interval of 95 %, for all words together
    high: float
    texts: int


class Words(_Frozen):
    """Of a class, label or number."""

    name: str
    speaks_for: tuple[Word, ...]  # the surest first
    against: tuple[Word, ...]


class Region(_Frozen):
    """Of a class, label or number: where pictures speak for it."""

    name: str
    pictures: int
    heat: tuple[tuple[float, ...], ...]  # row by row; 0 where it is not sure
    seen: str  # base64 of a PNG: the mean of these pictures


class Importance(_Frozen):
    score: str = ""  # of rows: accuracy, or mean absolute error, in the target's unit
    value: float | None = None  # that of the rows as they are
    rows: int = 0  # of a table, texts, or pictures
    repeats: int | None = None
    classes: tuple[str, ...] = ()
    features: tuple[Shuffled, ...] = ()  # the most important first
    dependences: tuple[Dependence, ...] = ()  # of the first of them
    words: tuple[Words, ...] = ()
    looked: int = 0  # words
    least: int = 0  # texts that each of them is in
    regions: tuple[Region, ...] = ()
    is_short: bool = False  # whether there was no time for more texts or pictures
    problem: str = ""  # why there is none of all this


def applies(info: DataInfo) -> bool:
    """To rows of which each has one class or number, to texts, and to pictures."""
    if info.kind in ("table", "rows"):
        return info.is_classification or info.task == "regression"
    return info.kind == "text" or info.is_image


def key(context: Context, run: RunRecord) -> str:
    """Another one once the run has a better checkpoint, by which it is evaluated anew."""
    found = stamp(context, run)
    return f"importance-{run.uid}-{found[0] if found else 0}"


def ask(context: Context, run: RunRecord) -> None:
    """Have it found out, once for all who ask. Raises PredictionError, ForbiddenError."""
    require(context, Action.EVALUATE, run)
    job_queue.put(context, KIND, key(context, run), Wanted(run=run.id), host=host_for(context, run))


def found(context: Context, run: RunRecord) -> Importance | None:
    """None while it is not done, and where nobody asked."""
    return job_queue.look_if_asked(context, KIND, key(context, run))


def is_asked(context: Context, run: RunRecord) -> bool:
    return job_queue.is_asked(context, key(context, run))


def progress(context: Context, run: RunRecord) -> Progress | None:
    return job_queue.progress(context, key(context, run))


def stop(context: Context, run: RunRecord) -> None:
    """Nobody waits for it any more; what was found is forgotten, too. Raises ForbiddenError."""
    require(context, Action.EVALUATE, run)
    job_queue.forget(context, key(context, run))


def _failed(failure: Failure) -> Importance:
    took = "it took more than " if failure.cause in ("cpu", "wall") else ""
    return Importance(problem=f"It could not be found out: {took}{failure.text}. Ask again.")


KIND = JobKind(
    name="importance",
    payload=Wanted,
    result=Importance,
    worker="core.workers.importance:answer",
    limits=Limits(wall_seconds=600.0, at_once=1),
    failed=_failed,
)
