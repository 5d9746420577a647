"""Arrays of an npz file: rows of numbers, or pictures. Nothing is unpickled."""

import zipfile
from pathlib import Path

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.base import Array, DataInfo, Raw, Task
from core.data.library.content import Content
from core.data.library.read_options import ArrayOptions, Progress
from core.data.library.splitting import check_classes, check_count, class_names, held_back, numbered, rare

NAMES = "class_names"
_ACCEPTED = "Accepted are the arrays x_train, y_train, x_test and y_test, or x and y; and class_names, of texts"
_ERRORS = (OSError, ValueError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError)
_FEW = 1000  # distinct whole numbers, at most, that are taken for classes


def read(settings: Settings, path: Path, options: ArrayOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    progress(0.0, "reading the arrays")
    found = _load(path, name, settings)
    if {"x_train", "y_train"} <= set(found):
        x, y = found["x_train"], found["y_train"]
    elif {"x", "y"} <= set(found):
        x, y = found["x"], found["y"]
    else:
        raise DataError(f"{name} holds {', '.join(found) or 'no arrays'}. {_ACCEPTED}.")
    if ("x_test" in found) != ("y_test" in found):
        raise DataError(f"{name} holds only one of x_test and y_test. Give both, or none.")
    progress(0.5, "checking the arrays")
    x, y = _checked(x, y, f"{name}, training examples")
    has_test = "x_test" in found
    x_test, y_test = (
        _checked(found["x_test"], found["y_test"], f"{name}, test examples") if has_test else (x[:0], y[:0])
    )
    if x_test.shape[1:] != x.shape[1:]:
        raise DataError(f"{name}: the shape of x_test is {x_test.shape}, that of x_train {x.shape}; they do not fit.")
    check_count(len(x) + len(x_test), name, settings)
    (y, y_test), task, names = _targets(y, y_test, found.get(NAMES), name, settings)
    if not has_test:
        train, test = held_back(y, options.test_share)
        x, y, x_test, y_test = x[train], y[train], x[test], y[test]
    kind = "image" if _is_picture(x) else "rows"
    if kind == "image" and x.ndim == 3:
        x, x_test = x[..., np.newaxis], x_test[..., np.newaxis]
    if kind == "rows":
        x, x_test = x.astype(np.float32), x_test.astype(np.float32)
    info = DataInfo(x.shape[1:], names, len(y), len(y_test), task, "image" if kind == "image" else "rows")
    return Content(Raw(x, y, x_test, y_test), info, tuple(rare(y, names)) if names else ())


def _load(path: Path, name: str, settings: Settings) -> dict[str, Array]:
    wanted = ("x_train", "y_train", "x_test", "y_test", "x", "y", NAMES)
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > settings.max_unpacked_mb * 1024**2:
            raise DataError(
                f"{name} holds {size / 1024**2:,.0f} MB unpacked; accepted are {settings.max_unpacked_mb:,}. Take "
                "less, or raise TRAINDECK_MAX_UNPACKED_MB and start the dashboard again."
            )
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays.files if key in wanted or len(arrays.files) == 1}
    except _ERRORS as error:
        if "allow_pickle" in str(error) or "pickled" in str(error):
            raise DataError(
                f"{name} holds Python objects, which are never loaded: they could run programs. Save arrays of numbers "
                "or of texts (dtype str), not of objects."
            ) from error
        told = str(error).partition("\n")[0]
        raise DataError(f"{name} cannot be read as an npz file ({told}). Save it again with numpy.savez.") from error


def _checked(x: Array, y: Array, what: str) -> tuple[Array, Array]:
    """Raises DataError for arrays that are no examples with their targets."""
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if x.ndim < 2 or y.ndim != 1 or len(x) != len(y) or not len(x):
        raise DataError(
            f"{what}: x has the shape {x.shape} and y {y.shape}; accepted are x with an axis of examples and at least "
            "one more, and y with one value for each example."
        )
    if 0 in x.shape:
        raise DataError(f"{what}: x has the shape {x.shape}, which holds no values.")
    if x.dtype.kind not in "fiub":
        raise DataError(f"{what}: x has the type {x.dtype}; accepted are numbers.")
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        raise DataError(f"{what}: x has values that are missing or infinite. Fill them in, or add the data as a table.")
    if y.dtype.kind not in "fiubU" or (y.dtype.kind == "f" and not np.isfinite(y).all()):
        raise DataError(f"{what}: y has the type {y.dtype} or missing values; accepted are finite numbers and texts.")
    return x, y


def _targets(
    y: Array, y_test: Array, names: Array | None, name: str, settings: Settings
) -> tuple[tuple[Array, Array], Task, tuple[str, ...]]:
    """Class numbers, from whole numbers or texts; otherwise float32 for regression."""
    if y.dtype.kind == "f" or (names is None and y.dtype.kind in "iu" and len(np.unique(y)) > _FEW):
        if len(np.unique(y)) < 2:
            raise DataError(f"{name}: y has one value only, {y[0]:g}; there is nothing to learn.")
        return (y.astype(np.float32), y_test.astype(np.float32)), "regression", ()
    if names is not None and y.dtype.kind in "iu":
        known = tuple(str(each) for each in names.ravel())
        both = np.concatenate([y, y_test])
        if both.min() < 0 or both.max() >= len(known):
            raise DataError(
                f"{name}: y goes from {both.min()} to {both.max()}, and class_names has {len(known)} names, for 0 to "
                f"{len(known) - 1}."
            )
        return (y.astype(np.int32), y_test.astype(np.int32)), check_classes(known, name, settings), known
    labels, test_labels = ([str(value) for value in part.tolist()] for part in (y, y_test))
    found = class_names(labels)
    others = sorted(set(test_labels) - set(found))
    if others:
        raise DataError(
            f"{name}: the class {quoted(others[0])} is in y_test, but not in y_train. Add examples of it there."
        )
    return (numbered(labels, found), numbered(test_labels, found)), check_classes(found, name, settings), found


def _is_picture(x: Array) -> bool:
    return x.dtype == np.uint8 and (x.ndim == 3 or (x.ndim == 4 and x.shape[-1] in (1, 3)))
