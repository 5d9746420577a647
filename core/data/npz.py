"""Data sets as npz files with Keras's keys. Nothing is unpickled."""

import contextlib
import os
import zipfile
from pathlib import Path

import numpy as np

from core.data.base import Raw
from core.errors import DataError

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
            return Raw(*(arrays[key] for key in KEYS))
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        text = str(error).partition("\n")[0]
        if "allow_pickle" in text or "pickled" in text:
            text = "it is no npz file, or holds Python objects, which are never loaded"
        raise DataError(f"{path} cannot be read as an npz file: {text}. Get the file again, it is damaged.") from error


def write_npz(path: Path, raw: Raw) -> None:
    """Keep a copy for the next run, whole or not at all. A disk that is full is no reason to fail: it is a copy."""
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(temporary, **{key: getattr(raw, key) for key in KEYS})
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
