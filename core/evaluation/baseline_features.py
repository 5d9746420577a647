"""What baselines see of examples: a row of numbers each, of pictures made smaller, of tables and texts sparse."""

import math
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples
from core.data.pictures import resized

MOST_PIXELS = 1024  # values of a picture; a larger one is made smaller
_MOST_CATEGORIES = 50  # of a column, with an input each; rarer ones share one


class Features:
    """Fitted on training examples, then the same for all."""

    def __init__(self, info: DataInfo) -> None:
        self._info = info
        self._size = _picture_size(info.shape) if info.is_image else (0, 0)
        self._scaler = StandardScaler()
        self._imputer = SimpleImputer(add_indicator=True, keep_empty_features=True)
        self._encoder = OneHotEncoder(
            handle_unknown="infrequent_if_exist", max_categories=_MOST_CATEGORIES, dtype=np.float32
        )

    @property
    def width(self) -> int:
        """Numbers of an example that are not zero, about."""
        info = self._info
        if info.is_image:
            return self._size[0] * self._size[1] * info.shape[2]
        return len(info.numbers) + len(info.categories) if info.kind == "table" else math.prod(info.shape)

    @property
    def notes(self) -> tuple[str, ...]:
        if not self._info.is_image or self._size == self._info.shape[:2]:
            return ()
        height, width = self._size
        return (f"pictures made smaller to {width} x {height}",)

    def fit(self, x: Examples) -> Any:
        """The features of these examples, by which others are scaled."""
        return self._features(x, fitting=True)

    def __call__(self, x: Examples) -> Any:
        """[examples, features], dense or sparse."""
        return self._features(x, fitting=False)

    def _features(self, x: Examples, *, fitting: bool) -> Any:
        if isinstance(x, dict):
            return self._columns(x, fitting)
        if self._info.is_image:
            return (resized(x, *self._size).reshape(len(x), -1) / np.float32(255)).astype(np.float32)
        if self._info.kind == "text":
            return _token_counts(x, self._info.vocabulary)
        return self._numbers(x.reshape(len(x), -1), fitting)

    def _columns(self, x: dict[str, Array], fitting: bool) -> Any:
        if CATEGORIES not in x:
            return self._numbers(x[NUMBERS], fitting)
        parts = [(self._encoder.fit_transform if fitting else self._encoder.transform)(x[CATEGORIES])]
        if NUMBERS in x:
            parts.append(scipy.sparse.csr_matrix(self._numbers(x[NUMBERS], fitting)))
        return scipy.sparse.hstack(parts, format="csr")

    def _numbers(self, rows: Array, fitting: bool) -> Any:
        """Missing ones are the mean, and a column says that they were missing."""
        rows = rows.astype(np.float64)
        if fitting:
            return self._scaler.fit_transform(self._imputer.fit_transform(rows))
        return self._scaler.transform(self._imputer.transform(rows))


def _picture_size(shape: tuple[int, ...]) -> tuple[int, int]:
    height, width, channels = shape
    while height * width * channels > MOST_PIXELS and max(height, width) > 1:
        height, width = max(1, height // 2), max(1, width // 2)
    return height, width


def _token_counts(ids: Array, vocabulary: int) -> Any:
    """How often each text holds each token; padding, which is 0, does not count."""
    rows = np.repeat(np.arange(len(ids)), ids.shape[1])
    flat = ids.reshape(-1)
    known = flat > 0
    ones = np.ones(int(known.sum()), np.float32)
    return scipy.sparse.csr_matrix((ones, (rows[known], flat[known])), shape=(len(ids), vocabulary))
