"""From a user's file or folder to a data set of the workspace: read, checked, split, profiled, stored."""

from pathlib import Path

from core.datasets.manifest import Manifest
from core.datasets.options import (
    ArrayOptions,
    CorpusOptions,
    ImageOptions,
    ImagesPreview,
    Options,
    Progress,
    TableOptions,
    TablePreview,
    TextOptions,
    TextPreview,
    silent,
)
from core.settings import Settings


def peek_table(settings: Settings, path: Path, *, encoding: str = "", delimiter: str = "") -> TablePreview:
    """What a table holds, before it is added. Raises DataError."""
    raise NotImplementedError


def peek_text(settings: Settings, path: Path, options: TextOptions | None = None) -> TextPreview:
    """What a file, zip or folder of labelled texts holds, before it is added. Raises DataError."""
    raise NotImplementedError


def peek_images(settings: Settings, path: Path) -> ImagesPreview:
    """What a zip or folder of pictures holds, before it is added. Raises DataError."""
    raise NotImplementedError


def add_table(
    settings: Settings, name: str, path: Path, options: TableOptions, progress: Progress = silent
) -> Manifest:
    """A CSV or TSV file; or a zip or folder with train.csv and test.csv."""
    raise NotImplementedError


def add_images(
    settings: Settings, name: str, path: Path, options: ImageOptions | None = None, progress: Progress = silent
) -> Manifest:
    """A zip or folder with a folder of pictures for each class, which may be within folders train and test."""
    raise NotImplementedError


def add_text(
    settings: Settings, name: str, path: Path, options: TextOptions | None = None, progress: Progress = silent
) -> Manifest:
    """A CSV or TSV file with a column of labels and one of texts; or a zip or folder with, for each class, a file with
    a text on each line, or a folder with a text in each file; which may be within folders train and test."""
    raise NotImplementedError


def add_corpus(
    settings: Settings, name: str, path: Path, options: CorpusOptions | None = None, progress: Progress = silent
) -> Manifest:
    """A text file; or a zip or folder of .txt files, joined in the order of their names."""
    raise NotImplementedError


def add_arrays(
    settings: Settings, name: str, path: Path, options: ArrayOptions | None = None, progress: Progress = silent
) -> Manifest:
    """An npz file. What has the shape and type of pictures, uint8 with three or four axes, becomes images."""
    raise NotImplementedError


def add(
    settings: Settings, kind: str, name: str, path: Path, options: Options | None = None, progress: Progress = silent
) -> Manifest:
    """By the kind's name; the options are those of that kind."""
    raise NotImplementedError
