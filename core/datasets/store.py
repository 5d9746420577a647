"""Where added data sets are kept: datasets/added/<name>/ in the workspace, each whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.datasets.manifest import Manifest
from core.datasets.options import Progress, silent
from core.datasets.profile import Profile, Sample
from core.settings import Settings


def listing(settings: Settings) -> list[Manifest]:
    """All added data sets, the newest first."""
    raise NotImplementedError


def get(settings: Settings, name: str) -> Manifest:
    """Raises DataError, with the names that exist."""
    raise NotImplementedError


def profile(settings: Settings, name: str) -> Profile:
    """Raises DataError, with the names that exist."""
    raise NotImplementedError


def sample_file(settings: Settings, name: str, sample: Sample) -> Path:
    """The PNG file of a sample that has a picture."""
    raise NotImplementedError


def remove(settings: Settings, name: str) -> None:
    """For ever. Runs that learned from it keep their results, but cannot be launched again. Raises DataError."""
    raise NotImplementedError


def slug(text: str) -> str:
    """A name that is accepted, made from a title or the name of a file."""
    raise NotImplementedError


def free_name(settings: Settings, text: str) -> str:
    """A name that is accepted and not taken, from a title or the name of a file."""
    raise NotImplementedError


def check_name(settings: Settings, name: str) -> None:
    """Raises DataError for a name that is not accepted or taken."""
    raise NotImplementedError


@contextmanager
def upload(settings: Settings, filename: str, source: BinaryIO, progress: Progress = silent) -> Iterator[Path]:
    """An uploaded file on disk, under its own name, for as long as the block lasts; copied in pieces.

    Raises:
        DataError: larger than the settings allow, or the disk is full.
    """
    raise NotImplementedError
    yield
