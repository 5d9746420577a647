"""The worker that makes versions of several networks, or of files; see core.jobs.new_version."""

import shutil
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.common.context import Actor, Context
from core.common.errors import StoreError, TraindeckError
from core.common.settings import Settings
from core.common.text import first_line
from core.export.uploading import uploaded
from core.jobs.new_version import Averaged, Made, Request, Smaller, Uploaded, forget_file
from core.models import registering, shrinking
from core.models.gates import GateError
from core.models.version_files import remove_old
from core.tracking.full_disk import is_caused_by_full, problem_of
from core.training.joined_networks import averaged, joined
from core.workers.work import Work


def answer(work: Work, asked: Request) -> Made:
    """Whatever goes wrong is told as its problem. A file is kept where nothing was wrong with it, to be tried again."""
    made = _made(work, asked)
    if isinstance(asked.made_of, Uploaded) and not made.passing:
        forget_file(work.settings, asked.made_of)
    return made


def _made(work: Work, asked: Request) -> Made:
    context = Context(work.workspace, Actor(asked.actor, asked.actor_kind))
    try:
        if isinstance(asked.made_of, Smaller):
            return Made(reference=shrinking.kept(context, asked, asked.made_of).title)
        with _scratch(work.settings) as folder:
            made_of = asked.made_of
            if isinstance(made_of, Uploaded):
                source = uploaded(work.progress, context, made_of, folder)
            elif isinstance(made_of, Averaged):
                source = averaged(work.progress, context, made_of, folder)
            else:
                source = joined(work.progress, context, made_of, folder)
            work.progress("storing the version", 0.97)
            how: dict[str, Any] = {"note": asked.note, "description": asked.description, "aliases": asked.aliases}
            return Made(reference=registering.keep(context, source, asked.model, **how).title)
    except GateError as error:  # it is there, and may not have the alias yet
        return Made(reference=error.version, told=str(error))
    except TraindeckError as error:
        passing = isinstance(error, StoreError | shrinking.UnfinishedError) or is_caused_by_full(error)
        return Made(problem=problem_of(error), passing=passing)
    except Exception as error:  # noqa: BLE001 - whatever a network, a file or a disk raises
        traceback.print_exc()
        told = f"The version could not be made: {type(error).__name__}: {first_line(error)}"
        if isinstance(error, MemoryError):
            told = "The version could not be made: there is not enough memory for it on this host."
        return Made(problem=problem_of(error, told), passing=is_caused_by_full(error))


@contextmanager
def _scratch(settings: Settings) -> Iterator[Path]:
    """A folder to make it in. Raises OSError."""
    place = settings.cache_dir / "new_versions"
    remove_old(place, "*")
    folder = place / uuid.uuid4().hex
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
