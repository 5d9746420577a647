"""From a source to what a trainer takes: read, checked, limited and split by seed."""

import hashlib

import numpy as np

from core.data.base import Array, Dataset, Raw, Source
from core.data.check import checked
from core.settings import Settings


def load(source: Source, settings: Settings, seed: int) -> Dataset:
    """The data set, ready to train on. The test set is the same whatever the seed.

    Raises:
        DataError: not to be had, or not what its source promises.
    """
    raw = checked(source.read(settings), source.info, source.title)
    x_train, y_train = _limited(raw.x_train, raw.y_train, source.total(), seed)
    x_train, y_train, x_val, y_val = _split(x_train, y_train, source.validation_split, seed)
    return Dataset(x_train, y_train, x_val, y_val, raw.x_test, raw.y_test, source.info, fingerprint(raw))


def fingerprint(raw: Raw) -> str:
    """SHA-256 over dtype, shape and bytes of the arrays: the same whatever file they came from."""
    digest = hashlib.sha256()
    for array in (raw.x_train, raw.y_train, raw.x_test, raw.y_test):
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _limited(x: Array, y: Array, total: int, seed: int) -> tuple[Array, Array]:
    if total >= len(x):
        return x, y
    chosen, _ = _parts(y, len(x) - total, seed)
    return x[chosen], y[chosen]


def _split(x: Array, y: Array, share: float, seed: int) -> tuple[Array, Array, Array, Array]:
    held_back = round(len(x) * share)
    if not held_back:
        return x, y, x[:0], y[:0]
    train, validation = _parts(y, held_back, seed)
    return x[train], y[train], x[validation], y[validation]


def _parts(y: Array, second: int, seed: int) -> tuple[Array, Array]:
    """Positions of two disjoint parts, the second of this size; each with every class's share where that can be."""
    from sklearn.model_selection import train_test_split

    counts = np.unique(y, return_counts=True)[1]
    divisible = counts.min() >= 2 and min(second, len(y) - second) >= len(counts)
    first, rest = train_test_split(
        np.arange(len(y)), test_size=second, random_state=seed, stratify=y if divisible else None
    )
    return first, rest
