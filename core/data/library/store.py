"""Where added data sets are kept: datasets/added/<name>/ in the workspace, each whole or not at all."""

import contextlib
import functools
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.common.whole_files import write_whole
from core.data.library.folders import added_dir, doomed, writing
from core.data.library.manifest import Manifest
from core.data.library.profile import Profile, Sample
from core.data.library.renaming import Names, renamed

MANIFEST, PROFILE = "dataset.json", "profile.json"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def listing(settings: Settings) -> list[Manifest]:
    """All added data sets, the newest first."""
    files = added_dir(settings).glob(f"[!.]*/{MANIFEST}")
    found = []
    for file in files:
        with contextlib.suppress(DataError):  # removed meanwhile, or not to be read: of no use in a list
            found.append(_manifest(file))
    return sorted(found, key=lambda manifest: (-manifest.added_at, manifest.name))


def get(settings: Settings, name: str) -> Manifest:
    """Raises DataError, with the names that exist."""
    return _manifest(folder(settings, name) / MANIFEST)


def profile(settings: Settings, name: str) -> Profile:
    """Raises DataError, with the names that exist."""
    file = folder(settings, name) / PROFILE
    found: Profile = _read(file, Profile, _version(file))
    return found


def sample_file(settings: Settings, name: str, sample: Sample) -> Path:
    """The PNG file of a sample that has a picture."""
    return added_dir(settings) / name / sample.picture


def folder(settings: Settings, name: str) -> Path:
    """Of an added data set. Raises DataError, with the names that exist."""
    found = added_dir(settings) / name
    if NAME.fullmatch(name) and (found / MANIFEST).is_file():
        return found
    names = ", ".join(sorted(manifest.name for manifest in listing(settings)))
    known = f"Known are {names}." if names else "None has been added."
    raise DataError(f"There is no added data set {quoted(name)} on this host. {known} Add it on the Datasets page.")


def remove(settings: Settings, name: str) -> None:
    """For ever. Runs that learned from it keep their results, but cannot be launched again. Raises DataError."""
    found = folder(settings, name)
    try:
        shutil.rmtree(doomed(settings, found), ignore_errors=True)  # what stays is swept by the next that is added
    except OSError as error:
        raise DataError(f"{name} could not be removed: {error.strerror}.") from error


def too_large(name: str, settings: Settings) -> str:
    return (
        f"{name} is larger than {settings.max_upload_mb:,} MB, which is the most that is taken. Split it, or raise "
        "TRAINDECK_MAX_UPLOAD_MB and start the dashboard again."
    )


def rename_classes(settings: Settings, name: str, names: Names) -> Manifest:
    """Other names for its classes; the examples stay as they are. Raises DataError: nothing was changed."""
    found = get(settings, name)
    if not found.info.class_names:
        raise DataError(f"{name} has no classes to name: its task is {found.info.task}.")
    given = renamed(found.info.class_names, names, name)
    new = dict(zip(found.info.class_names, given, strict=True))
    looks = profile(settings, name)
    samples = tuple(replace(sample, label=new.get(sample.label, sample.label)) for sample in looks.samples)
    changed = replace(found, info=replace(found.info, class_names=given))
    home = folder(settings, name)
    with writing(f"The names of the classes of {name}"):
        write_whole(home / PROFILE, lambda file: write_record(file, replace(looks, samples=samples)))
        write_whole(home / MANIFEST, lambda file: write_record(file, changed))
    return changed


def write_record(file: Path, value: Manifest | Profile) -> None:
    """As JSON. Raises OSError."""
    file.write_bytes(TypeAdapter(type(value)).dump_json(value, indent=2))


def _manifest(file: Path) -> Manifest:
    found: Manifest = _read(file, Manifest, _version(file))
    return found


def _version(file: Path) -> tuple[int, int]:
    """Changes when the file does. Raises DataError."""
    try:
        status = file.stat()
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}. The data set was removed; add it again.") from error
    return status.st_mtime_ns, status.st_ino


@functools.lru_cache(256)
def _read(file: Path, record: Any, _version: tuple[int, int]) -> Any:
    try:
        return TypeAdapter(record).validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise DataError(f"{file} cannot be read; it is damaged. Remove the data set and add it again.") from error
