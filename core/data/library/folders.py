"""Folders in which a data set is built before it is one. What a killed process left behind is swept away."""

import contextlib
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.common.errors import DataError
from core.common.settings import Settings


def added_dir(settings: Settings) -> Path:
    return settings.datasets_dir / "added"


@contextmanager
def private_folder(settings: Settings, purpose: str) -> Iterator[Path]:
    """A folder that is gone when the block ends, whatever happens; unless it was moved away. Raises DataError."""
    folder, held = make_private(settings, purpose)
    try:
        yield folder
    finally:
        clear(folder, held)


def make_private(settings: Settings, purpose: str) -> tuple[Path, int]:
    """A folder that nobody sweeps while this process lives, for `clear` to remove; and the lock that says so.

    Raises:
        DataError
    """
    home = added_dir(settings)
    folder = home / f".{purpose}-{uuid.uuid4().hex}"
    with writing(str(home)), _gate(home):
        folder.mkdir()
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
    return folder, held


def clear(folder: Path, held: int) -> None:
    os.close(held)
    shutil.rmtree(folder, ignore_errors=True)


def sweep(settings: Settings) -> None:
    """Remove what processes left that ended without a chance to clean up: their locks on it are gone."""
    home = added_dir(settings)
    with contextlib.suppress(OSError), _gate(home):
        for folder in home.glob(".*-*/"):
            held = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # in use
            finally:
                os.close(held)
            shutil.rmtree(folder, ignore_errors=True)


def doomed(settings: Settings, folder: Path) -> Path:
    """The folder under a name that nobody looks for: gone at once, however long its removal takes."""
    return folder.rename(added_dir(settings) / f".removed-{uuid.uuid4().hex}")


@contextmanager
def writing(what: str) -> Iterator[None]:
    """Raises DataError in place of an OSError, such as that of a full disk."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{what} could not be stored: {error.strerror or error}. Nothing was kept. Free some space, or set "
            "TRAINDECK_HOME to a folder where there is more, and try again."
        ) from error


@contextmanager
def _gate(home: Path) -> Iterator[None]:
    """One process at a time makes or sweeps folders, so that none is swept before it is locked."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
