"""Are the arrays of a data set what its source promises?"""

import numpy as np

from core.data.base import Array, DataInfo, Raw
from core.errors import DataError


def checked(raw: Raw, info: DataInfo, title: str) -> Raw:
    """The same arrays in the types and shapes that trainers take, see Dataset.

    Raises:
        DataError: wrong shapes, types or labels, saying what was received and what is accepted.
    """
    x_train, y_train = _pair(raw.x_train, raw.y_train, info, f"{title}, training examples")
    x_test, y_test = _pair(raw.x_test, raw.y_test, info, f"{title}, test examples")
    return Raw(x_train, y_train, x_test, y_test)


def _pair(x: Array, y: Array, info: DataInfo, what: str) -> tuple[Array, Array]:
    labels = _labels(y, info, what)
    examples = _examples(x, info, what)
    if len(examples) != len(labels):
        raise DataError(
            f"{what}: {len(examples):,} examples and {len(labels):,} labels were found; each example needs one label. "
            "Get the files again, they do not belong together."
        )
    if not len(examples):
        raise DataError(f"{what}: the files hold none. Get them again, they are not complete.")
    return examples, labels


def _examples(x: Array, info: DataInfo, what: str) -> Array:
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
    values = x.astype(np.float32)
    if not np.isfinite(values).all():
        raise DataError(
            f"{what}: some values are missing or infinite; accepted are finite numbers. Fill them in first."
        )
    return values


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


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "a single number"
