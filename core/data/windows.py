"""A running text as windows, each with the tokens that follow: what a generator learns from."""

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]


def windows(ids: Ids, length: int, stride: int) -> tuple[Ids, Ids]:
    """Inputs and targets, both [windows, length]: targets are the inputs moved on by one token."""
    if len(ids) <= length:
        return np.empty((0, length), np.int32), np.empty((0, length), np.int32)
    both = np.lib.stride_tricks.sliding_window_view(ids, length + 1)[::stride]
    return np.ascontiguousarray(both[:, :-1]), np.ascontiguousarray(both[:, 1:])


def window_count(tokens: int, length: int, stride: int) -> int:
    """How many windows so many tokens give."""
    return max(0, -(-(tokens - length) // stride))
