"""Examples of every kind handled alike: an array, or the dict of arrays that a table is."""

import math
from collections.abc import Callable

import numpy as np

from core.data.base import Array, DataInfo, Examples, Feature


def count(x: Examples) -> int:
    return len(next(iter(x.values()))) if isinstance(x, dict) else len(x)


def apply(function: Callable[[Array], Array], x: Examples) -> Examples:
    """The function applied to the array, or to each of the dict's."""
    return {name: function(array) for name, array in x.items()} if isinstance(x, dict) else function(x)


def take(x: Examples, positions: "Array | slice") -> Examples:
    return apply(lambda array: array[positions], x)


def arrays(x: Examples) -> list[Array]:
    """In a fixed order."""
    return [x[name] for name in sorted(x)] if isinstance(x, dict) else [x]


def as_bytes(array: Array) -> bytes | memoryview:
    """The content, for a hash: texts as UTF-8, ended by a byte that no UTF-8 text has."""
    if array.dtype.kind in "OU":
        return b"".join(str(value).encode() + b"\xff" for value in array.ravel().tolist())
    return np.ascontiguousarray(array).data


def row_features(info: DataInfo) -> tuple[Feature, ...]:
    """What is filled in for a row, in order; rows of numbers have no names of their own."""
    if info.features:
        return info.features
    return tuple(Feature(f"Value {number}", "number") for number in range(1, math.prod(info.shape) + 1))
