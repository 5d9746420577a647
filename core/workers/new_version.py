"""The worker that makes versions of several networks, or of files; see core.jobs.new_version."""

import shutil
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from core.common.context import Actor, Context
from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.common.text import first_line
from core.export.uploading import uploaded
from core.jobs.new_version import Averaged, Made, Request, Uploaded, placed
from core.models import registering
from core.models.gates import GateError
from core.training.joined_networks import averaged, joined
from core.workers.work import Work

_OLD_SECONDS = 86_400.0  # after which what a process that was killed had begun is removed


def answer(work: Work, asked: Request) -> Made:
    """Whatever goes wrong is told as its problem."""
    context = Context(work.workspace, Actor(asked.actor, asked.actor_kind))
    try:
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
        return Made(problem=str(error))
    except Exception as error:  # noqa: BLE001 - whatever a network, a file or a disk raises
        traceback.print_exc()
        return Made(problem=f"The version could not be made: {type(error).__name__}: {first_line(error)}")
    finally:
        if isinstance(asked.made_of, Uploaded):
            shutil.rmtree(placed(work.settings, asked.made_of.folder).parent, ignore_errors=True)


@contextmanager
def _scratch(settings: Settings) -> Iterator[Path]:
    """A folder to make it in. Raises OSError."""
    place = settings.cache_dir / "new_versions"
    for old in place.glob("*"):
        with suppress(OSError):
            if old.stat().st_mtime < time.time() - _OLD_SECONDS:
                shutil.rmtree(old)
    folder = place / uuid.uuid4().hex
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
