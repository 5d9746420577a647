"""Several labels of each example: the 0s and 1s of a network, and the sets that people read."""

from collections.abc import Sequence

import numpy as np

from core.data.base import Array

BETWEEN = "; "  # labels, where a set of them is told
NONE = "(none)"  # where there is no label
_FEWEST = 5  # examples of a stratum of its own


def strata(y: Array) -> Array:
    """A class number for each example, by which parts are cut so that each has its share of the rare labels.

    It is the rarest label of the example. Of several labels at once shares cannot all be exact; this keeps those of
    rare ones, for which it matters most. y of other tasks stays as it is.
    """
    if y.ndim < 2:
        return y
    counts = y.sum(axis=0, dtype=np.int64)
    rank = np.empty(len(counts), np.int64)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    rarest = np.where(y.astype(bool), rank, len(counts)).min(axis=1, initial=len(counts))
    sizes = np.bincount(rarest, minlength=len(counts) + 1)
    few = np.isin(rarest, np.flatnonzero(sizes < _FEWEST))
    return np.asarray(np.where(few, len(counts) + 1, rarest))


def differ(one: Array, other: Array) -> Array:
    """Which examples have another label or other labels, bool [examples]."""
    found: Array = np.asarray(one != other)
    return np.asarray(found.any(axis=1)) if found.ndim > 1 else found


def names_of(row: Array, names: Sequence[str]) -> str:
    """The labels of one example, to be read."""
    return BETWEEN.join(names[number] for number in np.flatnonzero(row).tolist()) or NONE


def counts_of(y: Array, classes: int) -> list[int]:
    """Examples of each class or label."""
    found: list[int] = (y.sum(axis=0, dtype=np.int64) if y.ndim > 1 else np.bincount(y, minlength=classes)).tolist()
    return found
