"""Are the arrays of a data set what its source promises?"""

import numpy as np

from core.common.errors import DataError
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Raw
from core.data.examples import count
from core.data.network_numbers import floats
from core.data.number_scaling import MOST

_PIECE = 65_536  # examples at a time


def checked(raw: Raw, info: DataInfo, title: str) -> Raw:
    """The same arrays in the types and shapes that trainers take, see Dataset.

    Raises:
        DataError: wrong shapes, types or labels, saying what was received and what is accepted.
    """
    if info.kind == "series":  # put in order by core.data.series_grid, which says what it did
        return raw
    x_train, y_train = _pair(raw.x_train, raw.y_train, info, f"{title}, training examples")
    if not len(y_train):
        raise DataError(f"{title}, training examples: the files hold none. Get them again, they are not complete.")
    x_test, y_test = _pair(raw.x_test, raw.y_test, info, f"{title}, test examples")
    x_val, y_val = None, None
    if raw.x_val is not None and raw.y_val is not None:
        x_val, y_val = _pair(raw.x_val, raw.y_val, info, f"{title}, validation examples")
    return Raw(x_train, y_train, x_test, y_test, x_val, y_val, raw.groups)


def _pair(x: Examples, y: Array, info: DataInfo, what: str) -> tuple[Examples, Array]:
    if info.task == "multilabel":
        labels = _label_sets(y, info, what)
    else:
        labels = _labels(y, info, what) if info.is_classification else _numbers(y, what)
    examples = _table(x, info, what) if info.kind == "table" else _examples(x, info, what)
    found = count(examples)
    if found != len(labels):
        raise DataError(
            f"{what}: {found:,} examples and {len(labels):,} labels were found; each example needs one label. "
            "Get the files again, they do not belong together."
        )
    return examples, labels


def _table(x: Examples, info: DataInfo, what: str) -> Examples:
    """Numbers may be missing (NaN), and so may categories ("")."""
    wanted = {NUMBERS: len(info.numbers), CATEGORIES: len(info.categories)}
    wanted = {name: width for name, width in wanted.items() if width}
    if not isinstance(x, dict) or {name: array.shape[1] for name, array in x.items()} != wanted:
        raise DataError(f"{what}: the stored columns are not those of its description. Add the data set again.")
    return x


def _numbers(y: Array, what: str) -> Array:
    if y.ndim != 1 or y.dtype.kind not in "fiu" or not np.isfinite(y).all():
        raise DataError(
            f"{what}: targets must be finite numbers, one per example; received {_shape(y.shape)}, {y.dtype}."
        )
    values = floats(y) if y.dtype != np.float64 else y
    if float(np.abs(values).max(initial=0)) > MOST:
        raise DataError(
            f"{what}: a target is {np.abs(values).max():g}; accepted are numbers up to {MOST:g}, whose squares can be "
            "summed. Give them in another unit."
        )
    return values


def _examples(x: Examples, info: DataInfo, what: str) -> Array:
    assert not isinstance(x, dict)
    if info.kind == "text":
        if x.ndim != 1 or x.dtype.kind not in "OU":
            raise DataError(
                f"{what}: {_shape(x.shape)} values of type {x.dtype} were found; accepted is one text per example. "
                "Store the texts themselves, not the numbers of their words."
            )
        return x
    if info.is_image and info.shape[-1] == 1 and x.shape[1:] == info.shape[:-1]:
        x = x[..., np.newaxis]
    if x.shape[1:] != info.shape:
        raise DataError(
            f"{what}: an array of shape {_shape(x.shape)} was found; accepted is a first number of any size, then "
            f"{_shape(info.shape)}. Check that the file is the data set its name says."
        )
    if info.is_image:
        if x.dtype != np.uint8:
            raise DataError(
                f"{what}: pixels of type {x.dtype} were found; accepted are whole numbers 0 to 255 (uint8). "
                "Store the images as published, neither scaled nor normalised."
            )
        return x
    if x.dtype.kind not in "fiub":
        raise DataError(f"{what}: values of type {x.dtype} were found; accepted are numbers.")
    values = x if x.dtype == np.float64 else floats(x)
    if not _all_finite(values):
        raise DataError(
            f"{what}: some values are missing or infinite; accepted are finite numbers up to {MOST:g}. Fill them in "
            "first."
        )
    return values


def _all_finite(values: Array) -> bool:
    """Whether all are finite, and of a size that can be squared; some at a time, as they may lie in a file."""
    parts = (values[start : start + _PIECE] for start in range(0, len(values), _PIECE))
    return all(float(np.abs(part).max(initial=0)) <= MOST for part in parts)


def _labels(y: Array, info: DataInfo, what: str) -> Array:
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim != 1 or y.dtype.kind not in "iu":
        raise DataError(
            f"{what}: labels of shape {_shape(y.shape)} and type {y.dtype} were found; accepted is one whole number "
            f"per example, 0 to {info.classes - 1}."
        )
    wrong = y[(y < 0) | (y >= info.classes)]
    if len(wrong):
        raise DataError(
            f"{what}: {len(wrong):,} labels are out of range, the first is {wrong[0]}; accepted are 0 to "
            f"{info.classes - 1}. The file is damaged, or of another data set."
        )
    return y.astype(np.int32)


def _label_sets(y: Array, info: DataInfo, what: str) -> Array:
    if y.ndim != 2 or y.shape[1] != info.classes or y.dtype.kind not in "iub" or not np.isin(y, (0, 1)).all():
        raise DataError(
            f"{what}: labels of shape {_shape(y.shape)} and type {y.dtype} were found; accepted are 0 and 1 for each "
            f"of the {info.classes} labels. The file is damaged, or of another data set."
        )
    return y.astype(np.uint8)


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "a single number"
