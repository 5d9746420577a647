"""Which features a run's network goes by: each shuffled over its test set, and how much worse it answers then."""

from pydantic import BaseModel, ConfigDict

from core.common.context import Context
from core.data.base import DataInfo
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits
from core.jobs.prediction import host_for, stamp
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


class Importance(_Frozen):
    score: str = "accuracy"  # or "mean absolute error", in the target's unit
    value: float = 0.0  # of the rows as they are
    rows: int = 0
    repeats: int = 0
    classes: tuple[str, ...] = ()
    features: tuple[Shuffled, ...] = ()  # the most important first
    problem: str = ""  # why there is none of all this


def applies(info: DataInfo) -> bool:
    """To rows of which each has one class or number."""
    return info.kind in ("table", "rows") and (info.is_classification or info.task == "regression")


def key(context: Context, run: RunRecord) -> str:
    """Another one once the run has a better checkpoint, by which it is evaluated anew."""
    found = stamp(context, run)
    return f"importance-{run.uid}-{found[0] if found else 0}"


def ask(context: Context, run: RunRecord) -> None:
    """Have it found out, once for all who ask. Raises PredictionError."""
    job_queue.put(context, KIND, key(context, run), Wanted(run=run.id), host=host_for(context, run))


def found(context: Context, run: RunRecord) -> Importance | None:
    """None while it is not done, and where nobody asked."""
    return job_queue.look_if_asked(context, KIND, key(context, run))


def is_asked(context: Context, run: RunRecord) -> bool:
    return job_queue.is_asked(context, key(context, run))


def _failed(failure: Failure) -> Importance:
    return Importance(problem=f"It could not be found out: {failure.text}.")


KIND = JobKind(
    name="importance",
    payload=Wanted,
    result=Importance,
    worker="core.workers.importance:answer",
    limits=Limits(wall_seconds=600.0, at_once=1),
    failed=_failed,
)
