"""A folder as a zip that is sent while it is made, so that it takes neither memory nor disk."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

_PIECE = 2**20  # bytes that are read at a time


class _Pieces:
    """A file that is only written, whose content is taken away piece by piece."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        data, self._held = b"".join(self._held), []
        return data


def zipped(folder: Path, name: str) -> Iterator[bytes]:
    """Pieces of the zip, in which the folder is called `name`. Raises OSError: a file went away."""
    pieces = _Pieces()
    with zipfile.ZipFile(cast("IO[bytes]", pieces), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and "__pycache__" not in each.parts):
            entry = zipfile.ZipInfo.from_file(path, f"{name}/{path.relative_to(folder).as_posix()}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while data := source.read(_PIECE):
                    target.write(data)
                    yield pieces.taken()
    yield pieces.taken()
