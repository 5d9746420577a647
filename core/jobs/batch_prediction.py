"""A run's best network asked about a whole file: rows, texts, or a zip of pictures; the answers are a file, too.

The file lies in a folder of its own in the workspace's cache, where a page or a command puts it; the worker writes the
answers beside it. Nothing of it is recorded with the run.
"""

import shutil
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.common.context import Context
from core.common.errors import DataError
from core.common.settings import Settings
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits
from core.jobs.prediction import PredictionError, host_for
from db.records import RunRecord

Format = Literal["csv", "parquet"]
ANSWERS = "predictions"  # name of the file that is written, without its ending
SHOWN = 20  # rows, and things told
_KEPT_SECONDS = 86_400.0  # after which what a page asked is removed


class File(BaseModel):
    """What is asked; `folder` names one in `folder_of`."""

    model_config = ConfigDict(frozen=True)

    run: int
    folder: str = Field(pattern=r"^[0-9a-f]{32}$")
    name: str  # of the file, as the user knows it
    format: Format = "csv"
    text_column: str = ""  # that holds the texts; "" takes those of training, or finds it by its name or its length


class Predicted(BaseModel):
    """What came of it."""

    model_config = ConfigDict(frozen=True)

    rows: int = 0
    wrong: int = 0  # rows that could not be read: their prediction is empty
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    first: tuple[tuple[str, ...], ...] = ()  # rows of the answer
    step: int = 0  # of the checkpoint
    epoch: float | None = None
    problem: str = ""  # why there is none of all this


def folder_of(settings: Settings, name: str) -> Path:
    return settings.cache_dir / "predictions" / name


def answers(settings: Settings, asked: File) -> Path:
    return folder_of(settings, asked.folder) / f"{ANSWERS}.{asked.format}"


def placed(settings: Settings, run: RunRecord, name: str, **how: str) -> tuple[File, Path]:
    """What is to be asked, and where its file is to be put. Old ones are removed. Raises OSError."""
    for old in _old(settings.cache_dir / "predictions"):
        shutil.rmtree(old, ignore_errors=True)
    asked = File(run=run.id, folder=uuid.uuid4().hex, name=Path(name).name, **how)
    folder = folder_of(settings, asked.folder)
    folder.mkdir(parents=True)
    return asked, folder / f"input{''.join(Path(name).suffixes[-2:]).lower()}"


def _old(folder: Path) -> Iterable[Path]:
    before = time.time() - _KEPT_SECONDS
    return [each for each in folder.glob("*") if each.lstat().st_mtime < before]


def given(settings: Settings, asked: File) -> Path:
    """The file that was put there. Raises DataError."""
    found = next(folder_of(settings, asked.folder).glob("input*"), None)
    if found is None:
        raise DataError(f"{asked.name} is no longer there. Give it again.")
    return found


def ask(context: Context, run: RunRecord, asked: File) -> str:
    """Put the question; returns the key to `take` the answer by. Raises PredictionError."""
    job_queue.put(context, KIND, key_of(asked.folder), asked, host=host_for(context, run))
    return key_of(asked.folder)


def key_of(folder: str) -> str:
    return f"batch-prediction-{folder}"


def asked(context: Context, folder: str) -> File | None:
    """What was asked about the file in this folder, None when nobody did or it is forgotten."""
    return job_queue.payload(context, KIND, key_of(folder))


def take(context: Context, key: str) -> Predicted | None:
    """The answer, None while there is none. Raises PredictionError."""
    try:
        answer = job_queue.look(context, KIND, key)
    except LookupError:
        raise PredictionError("The question is forgotten. Give the file again.") from None
    if answer is not None and answer.problem:
        raise PredictionError(answer.problem)
    return answer


def _failed(failure: Failure) -> Predicted:
    match failure.cause:
        case "cpu" | "wall":
            text = f"The network has not answered within {failure.text}. Give a part of the file."
        case _:
            text = f"The network could not be asked: {failure.text}."
    return Predicted(problem=text)


KIND = JobKind(
    name="batch_prediction",
    payload=File,
    result=Predicted,
    worker="core.workers.batch_prediction:answer",
    limits=Limits(wall_seconds=1800.0, at_once=1),
    failed=_failed,
)
