"""What a version keeps of its run: the network, and what its answers and its figures need. Deleting the run leaves it.

The files are hard links, which take no room as long as the run is there, or copies where the file system has none.
Trainers and evaluations put another file in place of theirs and never write into one, so a link stays what it was.
"""

import contextlib
import hashlib
import importlib
import io
import os
import shutil
import time
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.common.safe_files import file_inside
from core.common.settings import Settings
from core.evaluation.report_files import FOLDER, PREDICTIONS, REPORT
from core.models.naming import ModelError
from core.models.origin import LOGGED
from core.runs import folder_bytes
from core.runs.location import is_this_host
from db.registry_records import VersionRecord

NETWORKS = ("model.keras", "model.onnx", "model.tflite")  # of which a version has one
_OLD_SECONDS = 86_400.0
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
    if version.checkpoint == LOGGED:
        raise ModelError(
            f"{version.title} is what a client of MLflow logged, and only its clients read such files: "
            f"mlflow.pyfunc.load_model('models:/{version.model}/{version.number}'). Upload the network's own file to "
            "use it here."
        )
    where = folder(settings, version.model_id, version.number)
    found = kept_network(where)
    if found is None:
        again = f"register run {version.run_id}" if version.run_id else "upload it"
        raise ModelError(
            f"The network of {version.title} is gone: {where / NETWORKS[0]} is not there. Put it back from a copy, or "
            f"{again} again."
        )
    return found


def kept_network(folder: Path) -> Path | None:
    return next((found for name in NETWORKS if (found := file_inside(folder, name)) is not None), None)


@contextmanager
def gathered(settings: Settings, network: Path, beside: Iterable[Path]) -> Iterator[Path]:
    """A folder with what a version keeps, to be moved to its place; what is left of it at the end goes.

    Raises OSError: the disk is full, or a file went away.
    """
    remove_old(settings.models_dir, ".*-*")
    made = settings.models_dir / f".{os.getpid()}-{uuid.uuid4().hex[:8]}"
    made.mkdir(parents=True)
    try:
        _keep(network, made / f"model{network.suffix}")
        for each in beside:
            _keep(each, made / each.name)
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def remove_old(place: Path, names: str) -> None:
    """Folders of these names that a process which was killed had begun."""
    for old in place.glob(names):
        with contextlib.suppress(OSError):
            if old.stat().st_mtime < time.time() - _OLD_SECONDS:
                shutil.rmtree(old)


def beside(folder: Path, *, evaluated: bool) -> list[Path]:
    """What of a run's folder a version keeps beside the network."""
    wanted = (*_BESIDE, *(_OF_BEST if evaluated else ()))
    return [found for name in wanted if (found := file_inside(folder, name)) is not None]


def _keep(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def zipped_weights(network: Path) -> int:
    """Bytes of a Keras network's weights once they are zipped, without the optimizer's. Raises OSError, ValueError."""
    h5py = importlib.import_module("h5py")
    sizes: list[int] = []

    def zip_one(name: str, found: Any) -> None:
        if isinstance(found, h5py.Dataset) and not name.startswith("optimizer"):
            sizes.append(len(zlib.compress(found[()].tobytes())))

    with zipfile.ZipFile(network) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as weights:
        weights.visititems(zip_one)
    return sum(sizes)


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
