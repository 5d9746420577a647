"""Arrays of an npz file: rows of numbers, or pictures. Nothing is unpickled."""

import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import first_line, quoted
from core.data.base import Array, DataInfo, Part, Task
from core.data.library.content import Content
from core.data.library.cutting import cut
from core.data.library.file_groups import moments
from core.data.library.part_names import WORDS
from core.data.library.placing import TITLES
from core.data.library.read_options import ArrayOptions, Progress
from core.data.library.splitting import check_classes, check_count, class_names, numbered, rare
from core.data.network_numbers import floats

NAMES = "class_names"
_ACCEPTED = (
    "Accepted are the arrays x_train and y_train, with x_val, y_val and x_test, y_test where there are such parts; or "
    "x and y; and class_names, of texts"
)
_KINDS = {"x": ("x", "images", "data", "inputs", "features"), "y": ("y", "labels", "targets")}
_ERRORS = (OSError, ValueError, EOFError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError)
_FEW = 1000  # distinct whole numbers, at most, that are taken for classes


def read(settings: Settings, path: Path, options: ArrayOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    progress(0.0, "reading the arrays")
    found, others = _load(path, name, options, settings)
    progress(0.5, "checking the arrays")
    given = _parts(found, name)
    check_count(sum(len(y) for _, y in given.values()), name, settings)
    x, lengths = np.concatenate([x for x, _ in given.values()]), [len(y) for _, y in given.values()]
    y, task, names = _targets([y for _, y in given.values()], found.get(NAMES), name, settings)
    of: list[Part | None] = [part for part, length in zip(given, lengths, strict=True) for _ in range(length)]
    groups, times = (_beside(found, array, lengths, name) for array in (options.group, options.time))
    parts = cut(y, names, of, options, name, groups, moments(times, name) if times else None, times or ())
    kind: Literal["image", "rows"] = "image" if _is_picture(x) else "rows"
    if kind == "image" and x.ndim == 3:
        x = x[..., np.newaxis]
    if kind == "rows":
        x = floats(x)
    warnings = [f"Left out: the arrays {', '.join(others)}."] if others else []
    warnings += [*parts.warnings, *(rare(y[parts.train], names) if names else [])]
    info = DataInfo(x.shape[1:], names, len(parts.train), len(parts.rows["test"]), task, kind, **parts.facts)
    return Content(parts.raw(x, y), info, tuple(warnings))


def _known(key: str) -> str:
    """The array's name as it is used here: x_train of X_train, train_images and x_training; "" for another array."""
    words = key.lower().split("_")
    kinds = {word: kind for kind, synonyms in _KINDS.items() for word in synonyms}
    if len(words) == 1:
        return kinds.get(words[0], "")
    if len(words) == 2 and words[0] in WORDS:
        words.reverse()
    if len(words) == 2 and words[0] in kinds and words[1] in WORDS:
        return f"{kinds[words[0]]}_{WORDS[words[1]]}"
    return NAMES if key == NAMES else ""


def _parts(found: Mapping[str, Array], name: str) -> dict[Part, tuple[Array, Array]]:
    """Examples and targets of each part, the one to train on first."""
    pairs: list[tuple[Part, str, str]] = [(part, f"x_{part}", f"y_{part}") for part in TITLES]
    if "x_train" not in found:
        pairs[0] = ("train", "x", "y")
    given: dict[Part, tuple[Array, Array]] = {}
    for part, x, y in pairs:
        if (x in found) != (y in found):
            raise DataError(f"{name} holds only one of {x} and {y}. Give both, or none.")
        if x in found:
            given[part] = _checked(found[x], found[y], f"{name}, {TITLES[part]}")
    if "train" not in given:
        raise DataError(f"{name} holds {', '.join(found) or 'no arrays'}. {_ACCEPTED}.")
    shape = given["train"][0].shape
    for part, (x_part, _) in given.items():
        if x_part.shape[1:] != shape[1:]:
            raise DataError(
                f"{name}: the shape of x of the {TITLES[part]} is {x_part.shape}, that of x to train on {shape}; they "
                "do not fit."
            )
        if x_part.dtype != given["train"][0].dtype and np.uint8 in (x_part.dtype, given["train"][0].dtype):
            raise DataError(
                f"{name}: x of the {TITLES[part]} has the type {x_part.dtype}, x to train on "
                f"{given['train'][0].dtype}. Save both in one type."
            )
    return given


def _beside(found: Mapping[str, Array], array: str, lengths: Sequence[int], name: str) -> list[str] | None:
    """Groups or times, of the training examples or of all; None where none is asked for."""
    if not array:
        return None
    if array not in found:
        raise DataError(f"{name} has no array {quoted(array)}. It needs one value for each example to train on.")
    values = [str(value) for value in found[array].ravel().tolist()]
    if len(values) not in (lengths[0], sum(lengths)):
        raise DataError(
            f"{name}: the array {quoted(array)} has {len(values):,} values; accepted are {lengths[0]:,}, one for each "
            "example to train on."
        )
    return values + [""] * (sum(lengths) - len(values))


def _load(path: Path, name: str, options: ArrayOptions, settings: Settings) -> tuple[dict[str, Array], list[str]]:
    """The arrays by the names that are used here, and the names of those that are not."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > settings.max_unpacked_mb * 1024**2:
            raise DataError(
                f"{name} holds {size / 1024**2:,.0f} MB unpacked; accepted are {settings.max_unpacked_mb:,}. Take "
                "less, or raise TRAINDECK_MAX_UNPACKED_MB and start the dashboard again."
            )
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            wanted = {key: _known(key) or (key if key in (options.group, options.time) else "") for key in arrays.files}
            if not any(wanted.values()) and len(wanted) == 1:
                wanted = {key: key for key in wanted}
            twice = [key for key, count in Counter(filter(None, wanted.values())).items() if count > 1]
            if twice:
                same = [key for key, known in wanted.items() if known == twice[0]]
                raise DataError(f"{name} holds {' and '.join(same)}, which mean the same. Leave one of them out.")
            others = [key for key, known in wanted.items() if not known]
            return {known: arrays[key] for key, known in wanted.items() if known}, others
    except _ERRORS as error:
        if "allow_pickle" in str(error) or "pickled" in str(error):
            raise DataError(
                f"{name} holds Python objects, which are never loaded: they could run programs. Save arrays of numbers "
                "or of texts (dtype str), not of objects."
            ) from error
        told = first_line(error)
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
    parts: Sequence[Array], names: Array | None, name: str, settings: Settings
) -> tuple[Array, Task, tuple[str, ...]]:
    """Of all parts together: class numbers, from whole numbers or texts; otherwise floats for regression."""
    y = parts[0]
    if y.dtype.kind == "f" or (names is None and y.dtype.kind in "iu" and len(np.unique(y)) > _FEW):
        if len(np.unique(y)) < 2:
            raise DataError(f"{name}: y has one value only, {y[0]:g}; there is nothing to learn.")
        return floats(np.concatenate(parts)), "regression", ()
    if names is not None and y.dtype.kind in "iu":
        known = tuple(str(each) for each in names.ravel())
        every = np.concatenate(parts)
        if every.min() < 0 or every.max() >= len(known):
            raise DataError(
                f"{name}: y goes from {every.min()} to {every.max()}, and class_names has {len(known)} names, for 0 to "
                f"{len(known) - 1}."
            )
        return every.astype(np.int32), check_classes(known, name, settings), known
    labels = [str(value) for part in parts for value in part.tolist()]
    found = class_names(labels)
    return numbered(labels, found), check_classes(found, name, settings), found


def _is_picture(x: Array) -> bool:
    return x.dtype == np.uint8 and (x.ndim == 3 or (x.ndim == 4 and x.shape[-1] in (1, 3)))
