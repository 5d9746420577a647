"""Data sets as npz files with Keras's keys. Nothing is unpickled.

Texts are kept as one row of bytes: UTF-8, each text ended by a zero byte.
"""

import contextlib
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.common.text import first_line
from core.data.base import Array, Raw

KEYS = ("x_train", "y_train", "x_test", "y_test")


def has_keys(path: Path) -> bool:
    """Whether a file is an npz with all four arrays, told from its table of contents."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {f"{key}.npy" for key in KEYS} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def read_npz(path: Path) -> Raw:
    """Raises DataError for a damaged file, missing arrays, or arrays of Python objects."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            missing = [key for key in KEYS if key not in arrays]
            if missing:
                raise DataError(
                    f"{path} holds {', '.join(arrays.files) or 'no arrays'}, but not {', '.join(missing)}; "
                    f"expected are the arrays {', '.join(KEYS)}, as in Keras's own files."
                )
            return Raw(*(_texts(arrays[key]) if key.startswith("x") else arrays[key] for key in KEYS))
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        text = first_line(error)
        if "allow_pickle" in text or "pickled" in text:
            text = "it is no npz file, or holds Python objects, which are never loaded"
        raise DataError(f"{path} cannot be read as an npz file: {text}. Get the file again, it is damaged.") from error


def write_npz(path: Path, raw: Raw) -> None:
    """Keep a copy for the next run, whole or not at all. A disk that is full is no reason to fail: it is a copy."""
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, Any] = {key: _stored(getattr(raw, key)) for key in KEYS}
        np.savez(temporary, **arrays)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _stored(array: Array) -> Array:
    if array.dtype.kind not in "OU":
        return array
    content = "".join(f"{str(text).replace(chr(0), ' ')}\0" for text in array.tolist())
    return np.frombuffer(content.encode(), np.uint8)


def _texts(array: Array) -> Array:
    """Texts as they were stored here, or as NumPy keeps them; anything else as it is."""
    if array.dtype.kind == "U" and array.ndim == 1:
        return array.astype(object)
    if array.dtype != np.uint8 or array.ndim != 1:
        return array
    return np.array(array.tobytes().decode().split("\0")[:-1], dtype=object)
