"""What a version keeps of its run: the network, and what its answers and its figures need. Deleting the run leaves it.

The files are hard links, which take no room as long as the run is there, or copies where the file system has none.
Trainers and evaluations put another file in place of theirs and never write into one, so a link stays what it was.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.common.safe_files import file_inside
from core.common.settings import Settings
from core.evaluation.report_files import FOLDER, PREDICTIONS, REPORT
from core.models.naming import ModelError
from core.runs import folder_bytes
from core.runs.location import is_this_host
from db.registry_records import VersionRecord

NETWORK = "model.keras"
_BESIDE = (f"{FOLDER}/vocabulary.json",)  # whichever checkpoint it is
_OF_BEST = (f"{FOLDER}/{REPORT}", f"{FOLDER}/{PREDICTIONS}")  # for gates, which compare answers


def folder(settings: Settings, model_id: int, number: int) -> Path:
    return settings.models_dir / str(model_id) / str(number)


def network_file(settings: Settings, version: VersionRecord) -> Path:
    """Raises ModelError where it is on another host, or gone."""
    if not is_this_host(settings, version.host):
        raise ModelError(
            f"The files of {version.title} are on host {version.host}, where it was registered. "
            f"Open the dashboard of {version.host}."
        )
    found = file_inside(folder(settings, version.model_id, version.number), NETWORK)
    if found is None:
        where = folder(settings, version.model_id, version.number) / NETWORK
        raise ModelError(
            f"The network of {version.title} is gone: {where} is not there. Put it back from a copy, or register "
            f"run {version.run_id} again."
        )
    return found


@contextmanager
def gathered(settings: Settings, run_id: int, checkpoint: Path, *, evaluated: bool) -> Iterator[Path]:
    """A folder with what a version keeps, to be moved to its place; what is left of it at the end goes.

    Raises OSError: the disk is full, or a file went away.
    """
    made = settings.models_dir / f".{os.getpid()}-{uuid.uuid4().hex[:8]}"
    made.mkdir(parents=True)
    try:
        _keep(checkpoint, made / NETWORK)
        run = settings.run_dir(run_id)
        for name in (*_BESIDE, *(_OF_BEST if evaluated else ())):
            if (found := file_inside(run, name)) is not None:
                _keep(found, made / found.name)
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _keep(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def moved(folder: Path, place: Path) -> None:
    """Move a folder to its place; what is there is not of the store, or of a later state of it: it is kept beside."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rename(place.with_name(f".{place.name}-{uuid.uuid4().hex[:8]}"))
    folder.rename(place)


@contextmanager
def swapped(folder: Path, place: Path, aside: Path) -> Iterator[None]:
    """Within, a folder is in its place, and what was there is aside; back again when what is done within fails."""
    if place.exists():
        place.rename(aside)
    try:
        folder.rename(place)
        try:
            yield
        except BaseException:
            place.rename(folder)
            raise
    except BaseException:
        if aside.exists():
            aside.rename(place)
        raise


def removed(path: Path) -> tuple[int, str]:
    """Remove a folder; the bytes that the disk got back, and why some could not be removed, "" where all are gone."""
    before = folder_bytes(path, unshared=True)
    reason = ""
    try:
        if path.exists():
            shutil.rmtree(path)
    except OSError as error:
        reason = f"{error.strerror or error} ({error.filename or path})"
    return before - folder_bytes(path, unshared=True), reason
