"""CIFAR-10 and CIFAR-100 as published (https://www.cs.toronto.edu/~kriz/cifar.html), and as sheets of pictures."""

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.common.text import first_line
from core.data.base import Array, Raw

_BATCHES = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
BINARY = [f"{name}.bin" for name in _BATCHES]
PYTHON = _BATCHES
_PIXELS = 3 * 32 * 32
_RECONSTRUCT = np.empty(0).__reduce__()[0]  # NumPy's own function for this, wherever its version keeps it
_SHEET = (25, 32, 40, 32, 3)  # rows of pictures, their rows of pixels, pictures in a row, their pixels, colours


def read_binary(files: list[Path]) -> Raw:
    """Records of one label byte and 3,072 pixel bytes, colour by colour. Raises DataError."""
    parts = [_binary_batch(file) for file in files]
    return _joined(parts[:-1], parts[-1])


def read_fine(files: list[Path]) -> Raw:
    """CIFAR-100's: two label bytes, the coarse and the fine one, which is taken. Raises DataError."""
    train, test = (_binary_batch(file, label_bytes=2) for file in files)
    return Raw(*train, *test)


def _binary_batch(path: Path, label_bytes: int = 1) -> tuple[Array, Array]:
    content = np.fromfile(path, np.uint8)
    record = label_bytes + _PIXELS
    if not len(content) or len(content) % record:
        raise DataError(f"{path} holds {len(content):,} bytes; expected is a multiple of {record:,}. Get it again.")
    records = content.reshape(-1, record)
    return _pictures(records[:, label_bytes:]), records[:, label_bytes - 1]


class _ArraysOnly(pickle.Unpickler):
    """Admits NumPy arrays of numbers beside Python's plain values, and nothing that could run code."""

    _ADMITTED = frozenset({("_reconstruct", "multiarray"), ("ndarray", "numpy"), ("dtype", "numpy")})

    def find_class(self, module: str, name: str) -> Any:
        if (name, module.rpartition(".")[2]) in self._ADMITTED and module.partition(".")[0] == "numpy":
            return _RECONSTRUCT if name == "_reconstruct" else getattr(np, name)
        if (module, name) == ("_codecs", "encode"):  # how Python 3 writes bytes in an old protocol
            return lambda text, _encoding: text.encode("latin1")
        raise DataError(f"it holds {module}.{name}, which is neither an array nor a plain value")


def read_python(files: list[Path]) -> Raw:
    """Pickled dictionaries of an array `data` and a list `labels`, read without running anything. Raises DataError."""
    parts = [_python_batch(file) for file in files]
    return _joined(parts[:-1], parts[-1])


def _python_batch(path: Path) -> tuple[Array, Array]:
    try:
        batch = _ArraysOnly(io.BytesIO(path.read_bytes()), encoding="latin1").load()
        return _pictures(np.asarray(batch["data"], np.uint8)), np.asarray(batch["labels"], np.int32)
    except Exception as error:  # a damaged pickle can raise anything
        text = first_line(error)
        raise DataError(f"{path} cannot be read as a batch of CIFAR-10: {text}. Get the file again.") from error


def read_sheets(files: list[Path]) -> Raw:
    """Lossless WebP sheets, training set first, and labels.npz with y_train and y_test. Raises DataError."""
    *sheets, labels = files
    try:
        with np.load(labels, allow_pickle=False) as arrays:
            y_train, y_test = arrays["y_train"], arrays["y_test"]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{labels} cannot be read: {error}. Expected are the arrays y_train and y_test.") from error
    x_train, x_test = (
        np.concatenate([_sheet(path) for path in sheets if path.name.startswith(part)]) for part in ("train", "test")
    )
    return Raw(x_train, y_train, x_test, y_test)


def _sheet(path: Path) -> Array:
    from core.data.picture_files import BrokenPictureError, decoded

    rows, height, columns, width, _ = _SHEET
    most = rows * height * columns * width
    try:
        sheet = decoded(path.read_bytes(), most)
        if sheet.picture.size != (columns * width, rows * height):
            found = sheet.header
            raise DataError(f"{path} has {found.width} x {found.height} pixels; expected are 1280 x 800.")
        pixels = sheet.pixels(rows * height, columns * width, grey=False)
    except (OSError, BrokenPictureError) as error:
        raise DataError(f"{path} cannot be read as a picture: {error}. Get the file again, it is damaged.") from error
    return pixels.reshape(_SHEET).transpose(0, 2, 1, 3, 4).reshape(-1, height, width, 3)


def _pictures(rows: Array) -> Array:
    """[examples, 3072], colour by colour, to [examples, 32, 32, 3]."""
    return np.ascontiguousarray(rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))


def _joined(train: list[tuple[Array, Array]], test: tuple[Array, Array]) -> Raw:
    x_train, y_train = (np.concatenate(arrays) for arrays in zip(*train, strict=True))
    return Raw(x_train, y_train, *test)
