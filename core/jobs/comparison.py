"""Networks of several runs on a data set that is chosen afterwards: their figures there, and which is better.

The answers to each example are kept in the workspace's cache, for what is told of them one by one.
"""

import hashlib
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from core.common.context import Context
from core.common.settings import Settings
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits, Progress
from core.jobs.prediction import PredictionError, host_for, stamp
from db.records import RunRecord

MOST_RUNS = 6
_KEPT_SECONDS = 7 * 86_400.0


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Wanted(_Frozen):
    runs: tuple[int, ...] = Field(min_length=2, max_length=MOST_RUNS)
    data: str  # name of an added data set, or of a built-in one
    folder: str  # in which the answers are kept


class Difference(_Frozen):
    """The first's figure less the other's, on the same examples."""

    metric: str
    one: int
    other: int
    difference: float | None = None  # None where nothing can be said
    low: float | None = None  # interval at 95 %, for all pairs together
    high: float | None = None
    chance: float | None = None  # of as large a difference between equal ones, corrected for the pairs (Holm)
    reason: str = ""


class Compared(_Frozen):
    """What came of it."""

    title: str = ""  # of the data set
    examples: int = 0  # that were judged
    metrics: Mapping[int, Mapping[str, float]] = {}  # by run
    differences: tuple[Difference, ...] = ()
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what was left out, and why
    problem: str = ""  # why there is none of all this


def wanted(context: Context, runs: Sequence[RunRecord], data: str) -> Wanted:
    """What is to be asked; the same networks and data set are the same question. Old answers are removed.

    Raises:
        PredictionError: fewer than two runs, or too many.
    """
    numbers = tuple(dict.fromkeys(run.id for run in runs))
    if not 2 <= len(numbers) <= MOST_RUNS:
        raise PredictionError(
            f"2 to {MOST_RUNS} runs are compared on a data set; received {len(numbers)}. Choose again."
        )
    told = repr([(run.uid, stamp(context, run)) for run in runs] + [data])
    _remove_old(context.workspace.settings)
    return Wanted(runs=numbers, data=data, folder=hashlib.sha256(told.encode()).hexdigest()[:32])


def answers_file(settings: Settings, asked: Wanted, run: int) -> Path:
    """Each example's answer by this run's network, as core.evaluation.predictions describes them."""
    return settings.cache_dir / "comparisons" / asked.folder / f"{run}.parquet"


def _remove_old(settings: Settings) -> None:
    before = time.time() - _KEPT_SECONDS
    for each in (settings.cache_dir / "comparisons").glob("*"):
        if each.lstat().st_mtime < before:
            shutil.rmtree(each, ignore_errors=True)


def key(asked: Wanted) -> str:
    return f"comparison-{asked.folder}"


def ask(context: Context, runs: Sequence[RunRecord], asked: Wanted) -> None:
    """Have it found out, once for all who ask. Raises PredictionError: a network or the supervisor is not there."""
    hosts = [host_for(context, run) for run in runs]
    job_queue.put(context, KIND, key(asked), asked, host=hosts[0])


def found(context: Context, asked: Wanted) -> Compared | None:
    """None while it is not done, and where nobody asked."""
    return job_queue.look_if_asked(context, KIND, key(asked))


def is_asked(context: Context, asked: Wanted) -> bool:
    return job_queue.is_asked(context, key(asked))


def progress(context: Context, asked: Wanted) -> Progress | None:
    return job_queue.progress(context, key(asked))


def stop(context: Context, asked: Wanted) -> None:
    """Nobody waits for it any more; what was found is forgotten, too."""
    job_queue.forget(context, key(asked))


def _failed(failure: Failure) -> Compared:
    took = "it took more than " if failure.cause in ("cpu", "wall") else ""
    return Compared(problem=f"They could not be compared: {took}{failure.text}. Take a smaller data set.")


KIND = JobKind(
    name="comparison",
    payload=Wanted,
    result=Compared,
    worker="core.workers.comparison:answer",
    limits=Limits(wall_seconds=1800.0, at_once=1),
    failed=_failed,
)
