"""Examples of every kind handled alike: an array, or the dict of arrays that a table is."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from core.data.data_info import Array, DataInfo, Examples, Feature

_PIECE = 65_536  # examples that are hashed at a time


def count(x: Examples) -> int:
    return len(next(iter(x.values()))) if isinstance(x, dict) else len(x)


def apply(function: Callable[[Array], Array], x: Examples) -> Examples:
    """The function applied to the array, or to each of the dict's."""
    return {name: function(array) for name, array in x.items()} if isinstance(x, dict) else function(x)


def take(x: Examples, positions: "Array | slice") -> Examples:
    return apply(lambda array: array[positions], x)


def drawn(of: int, most: int) -> Array:
    """Which of so many examples are taken where these are too many: at random, the same each time, in random order.

    The order is random, so that the first of them are a sample, too, of what may be sorted by time or by class.
    """
    return np.random.default_rng(0).permutation(of)[:most]


def together(parts: Sequence[Examples]) -> Examples:
    """One after the other; there is at least one part."""
    first = parts[0]
    if isinstance(first, dict):
        return {name: np.concatenate([part[name] for part in parts if isinstance(part, dict)]) for name in first}
    return np.concatenate([part for part in parts if not isinstance(part, dict)])


def arrays(x: Examples) -> list[Array]:
    """In a fixed order."""
    return [x[name] for name in sorted(x)] if isinstance(x, dict) else [x]


def as_bytes(array: Array) -> Iterator[bytes | memoryview]:
    """The content, for a hash, some examples at a time: texts as UTF-8, ended by a byte that no UTF-8 text has."""
    for start in range(0, len(array), _PIECE):
        part = array[start : start + _PIECE]
        if array.dtype.kind in "OU":
            yield b"".join(str(value).encode() + b"\xff" for value in part.ravel().tolist())
        else:
            yield np.ascontiguousarray(part).data


def row_features(info: DataInfo) -> tuple[Feature, ...]:
    """What is filled in for a row, in order; rows of numbers have no names of their own."""
    if info.features:
        return info.features
    return tuple(Feature(f"Value {number}", "number") for number in range(1, math.prod(info.shape) + 1))
