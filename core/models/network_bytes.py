"""How large a network is in its file without the state of its optimizer, which a checkpoint holds as well."""

import importlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

_WEIGHTS = "model.weights.h5"
_HEADER = 400  # bytes that HDF5 takes for an array's name and shape, as measured on files of Keras with and without


def network_bytes(network: Path) -> int:
    """Of the file, without the optimizer's arrays; the whole of it where there are none, or where none can be told."""
    whole = network.stat().st_size
    if network.suffix != ".keras":
        return whole
    try:
        return whole - _of_optimizer(network)
    except (OSError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile):  # damaged: told where it is loaded
        return whole


def _of_optimizer(network: Path) -> int:
    """Raises OSError, ValueError, KeyError, RuntimeError, BadZipFile."""
    h5py = importlib.import_module("h5py")
    sizes: list[int] = []

    def see(name: str, found: Any) -> None:
        if isinstance(found, h5py.Dataset) and name.startswith("optimizer/"):
            sizes.append(found.id.get_storage_size() + _HEADER)

    with zipfile.ZipFile(network) as archive:
        entry = archive.getinfo(_WEIGHTS)
    if entry.compress_type != zipfile.ZIP_STORED:  # Keras stores them; what is zipped takes another room than it tells
        return 0
    with network.open("rb") as file, h5py.File(_Entry(file, entry), "r") as weights:
        weights.visititems(see)
    return min(sum(sizes), entry.file_size)


class _Entry(io.RawIOBase):
    """An entry of a zip that is stored as it is, read in place: zipfile reads all that lies before what is sought."""

    def __init__(self, file: BinaryIO, entry: zipfile.ZipInfo) -> None:
        file.seek(entry.header_offset + 26)
        name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
        self._file, self._size, self._at = file, entry.file_size, 0
        self._start = entry.header_offset + 30 + name + extra

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._start + self._at)
        found = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
