"""Networks of runs, and versions of models, on a data set that is chosen afterwards: their figures, which is better.

The answers to each example are kept in the workspace's cache, for what is told of them one by one; of pictures some
are kept beside them.
"""

import hashlib
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from core.common.context import Context
from core.common.settings import Settings
from core.data.library.known import find
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits, Progress
from core.jobs.prediction import PredictionError, answering_host, not_ready, stamp
from core.runs.location import is_this_host
from db.records import RunRecord
from db.registry_records import VersionRecord

MOST = 6
_KEPT_SECONDS = 7 * 86_400.0


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Subject(_Frozen):
    """A network: the best one of a run, or that of a version."""

    run: int = 0  # its number; 0 of a version
    version: str = ""  # digits@3; "" of a run
    version_id: int = 0

    @property
    def key(self) -> str:
        """By which it is told from the others, and named in sentences: run 12, digits@3."""
        return self.version or f"run {self.run}"


Chosen = RunRecord | VersionRecord


class Wanted(_Frozen):
    subjects: tuple[Subject, ...] = Field(min_length=2, max_length=MOST)
    data: str  # name of an added data set, or of a built-in one
    folder: str  # in which the answers are kept


class Difference(_Frozen):
    """The first's figure less the other's, on the same examples."""

    metric: str
    one: str  # key of a subject
    other: str
    difference: float | None = None  # None where nothing can be said
    low: float | None = None  # interval at 95 %, for all pairs together
    high: float | None = None
    chance: float | None = None  # of as large a difference between equal ones, corrected for the pairs (Holm)
    reason: str = ""


class Compared(_Frozen):
    """What came of it."""

    title: str = ""  # of the data set
    examples: int = 0  # that were judged
    metrics: Mapping[str, Mapping[str, float]] = {}  # by subject
    differences: tuple[Difference, ...] = ()
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what was left out, and why
    problem: str = ""  # why there is none of all this


def subject(chosen: Chosen) -> Subject:
    if isinstance(chosen, RunRecord):
        return Subject(run=chosen.id)
    return Subject(version=chosen.title, version_id=chosen.id)


def wanted(context: Context, chosen: Sequence[Chosen], data: str) -> Wanted:
    """What is to be asked; the same networks and data set are the same question. Old answers are removed.

    Raises:
        PredictionError: fewer than two, or too many.
        NotFoundError: there is no such data set.
    """
    each_once = list({subject(each).key: each for each in chosen}.values())
    if not 2 <= len(each_once) <= MOST:
        raise PredictionError(
            f"2 to {MOST} runs or versions are compared on a data set; received {len(each_once)}. Choose again."
        )
    settings = context.workspace.settings
    found = find(settings, data)
    of = (data, found.manifest.added_at if found.manifest else 0.0)  # one of the same name is another
    _remove_old(settings)
    told = repr([_stamp(context, each) for each in each_once] + [of])
    folder = hashlib.sha256(told.encode()).hexdigest()[:32]
    return Wanted(subjects=tuple(map(subject, each_once)), data=data, folder=folder)


def _stamp(context: Context, chosen: Chosen) -> tuple[object, ...]:
    """Another as soon as its network is."""
    if isinstance(chosen, RunRecord):
        return chosen.uid, stamp(context, chosen)
    return chosen.title, chosen.id, chosen.sha256


def answers_file(settings: Settings, asked: Wanted, key: str) -> Path:
    """Each example's answer by this subject's network, as core.evaluation.predictions describes them."""
    place = [each.key for each in asked.subjects].index(key)
    return _folder(settings, asked) / f"{place}.parquet"


def pictures_file(settings: Settings, asked: Wanted) -> Path:
    """Pictures of examples in which they differ, and of some that are hard for all; see core.evaluation.samples."""
    return _folder(settings, asked) / "pictures.npz"


def _folder(settings: Settings, asked: Wanted) -> Path:
    return settings.cache_dir / "comparisons" / asked.folder


def _remove_old(settings: Settings) -> None:
    before = time.time() - _KEPT_SECONDS
    for each in (settings.cache_dir / "comparisons").glob("*"):
        if each.lstat().st_mtime < before:
            shutil.rmtree(each, ignore_errors=True)


def key(asked: Wanted) -> str:
    return f"comparison-{asked.folder}"


def why_not(context: Context, chosen: Chosen) -> str:
    """Why its network cannot be asked here, "" where it can."""
    if isinstance(chosen, RunRecord):
        return not_ready(context, chosen)
    if is_this_host(context.workspace.settings, chosen.host):
        return ""
    return f"The files of {chosen.title} are on host {chosen.host}. Compare it in the dashboard there."


def ask(context: Context, chosen: Sequence[Chosen], asked: Wanted) -> None:
    """Have it found out, once for all who ask. Raises PredictionError: a network or the supervisor is not there."""
    if problem := next(filter(None, (why_not(context, each) for each in chosen)), ""):
        raise PredictionError(problem)
    job_queue.put(context, KIND, key(asked), asked, host=answering_host(context))


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
    match failure.cause:
        case "cpu" | "wall":
            return Compared(problem=f"It took more than {failure.text} and was given up. Take a smaller data set.")
        case "crash":
            told = "Ask again; with a smaller data set where memory ran out."
        case _:
            told = "Ask again."
    return Compared(problem=f"They could not be compared: {failure.text}. {told}")


KIND = JobKind(
    name="comparison",
    payload=Wanted,
    result=Compared,
    worker="core.workers.comparison:answer",
    limits=Limits(wall_seconds=1800.0, at_once=1),
    failed=_failed,
)
