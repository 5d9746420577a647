"""Which kind a file is of that could not be read as the one that was said."""

import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path, PurePosixPath

from core.common.errors import DataError
from core.data.library.manifest import KINDS, DatasetKind
from core.data.library.table_files.formats import COMPRESSED, WORKBOOK, endings
from core.data.picture_formats import SUFFIXES

_ARRAYS, _TEXTS = (".npz", ".npy"), (".txt", ".md", ".text")
_LOOKED_AT = 2000  # files of a folder or zip
_HELD: dict[DatasetKind, str] = {
    "images": "pictures: put those of each class into a folder of its name",
    "table": "a table",
    "text": "texts in folders or files of classes",
    "corpus": "running text",
    "arrays": "arrays",
}


@contextmanager
def pointed(kind: str, path: Path, origin: str) -> Iterator[None]:
    """Whatever is refused within names the kind that the file seems to be of. Raises DataError."""
    try:
        yield
    except DataError as error:
        found = looks_like(path, origin)
        if found is None or found == kind or _may_be(kind, found, PurePosixPath(origin)):
            raise
        raise DataError(
            f"{error} {origin} seems to hold {_HELD[found]}; that is the kind {KINDS[found]} ({found})."
        ) from error


def _may_be(kind: str, found: DatasetKind, named: PurePosixPath) -> bool:
    """Whether files that seem to be of one kind are of the other as well: texts stand in tables, too."""
    if kind == "series":
        return found == "table"
    if kind not in ("text", "corpus"):
        return False
    alone = named.suffix.lower() not in ("", ".zip")  # a running text is a column of one table, not of several
    return found in ("text", "corpus") or (found == "table" and (kind == "text" or alone))


def looks_like(path: Path, origin: str) -> DatasetKind | None:
    """By the endings of a file, or of most in a folder or zip; None where they do not tell."""
    try:
        inside = _inside(path)
    except (OSError, zipfile.BadZipFile):
        return None
    named = PurePosixPath(origin)
    if inside is None or named.suffix.lower() in (*_ARRAYS, *WORKBOOK.endings):
        return _kind_of(named, alone=True)
    kinds = Counter(kind for entry in inside if (kind := _kind_of(entry, alone=len(inside) == 1)))
    return kinds.most_common(1)[0][0] if kinds else None


def _inside(path: Path) -> list[PurePosixPath] | None:
    """Files in a folder or zip; None for another file."""
    if path.is_dir():
        files = (file for file in path.rglob("*") if file.is_file())
        return [PurePosixPath(file.relative_to(path).as_posix()) for file in islice(files, _LOOKED_AT)]
    if path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return [PurePosixPath(name) for name in archive.namelist()[:_LOOKED_AT] if not name.endswith("/")]
    return None


def _kind_of(entry: PurePosixPath, *, alone: bool) -> DatasetKind | None:
    packed = entry.suffix.lower() in COMPRESSED
    ending = PurePosixPath(entry.stem).suffix.lower() if packed else entry.suffix.lower()
    if ending in SUFFIXES:
        return "images"
    if ending in _ARRAYS:
        return "arrays"
    if ending in _TEXTS:
        return "corpus" if alone else "text"
    return "table" if ending in endings() else None
