"""The split of a source's examples into those to train on and those to validate on, by seed."""

from dataclasses import dataclass, replace

import numpy as np

from core.common.errors import DataError
from core.data.base import Array, DataInfo, Examples, Raw, Source
from core.data.examples import arrays, take
from core.data.label_sets import strata


@dataclass(frozen=True)
class Parts:
    x_train: Examples
    y_train: Array
    x_val: Examples
    y_val: Array


@dataclass(frozen=True)
class _Pool:
    """What is split, or limited; groups where they are never to be parted."""

    x: Examples
    y: Array
    groups: Array | None
    in_time: bool  # in the order of time

    def taken(self, positions: Array) -> "_Pool":
        groups = None if self.groups is None else self.groups[positions]
        return _Pool(take(self.x, positions), self.y[positions], groups, self.in_time)


def split_of(raw: Raw, source: Source, info: DataInfo, seed: int) -> Parts:
    """The author's validation part where the run uses it; otherwise that joins the training examples, of which a share
    or a fold is held back. Groups stay whole, and of what is in the order of time the last is held back.
    """
    x_val, y_val = raw.x_val, raw.y_val
    if x_val is None or y_val is None or source.uses_validation_part(info):
        groups = None if raw.groups is None else raw.groups[: len(raw.y_train)]
        pool = _Pool(raw.x_train, raw.y_train, groups, info.split_by == "time")
    else:
        joined = np.concatenate([raw.y_train, y_val])
        pool = _Pool(_joined(raw.x_train, x_val), joined, raw.groups, info.split_by == "time")
    pool = _limited(pool, source.total(info), seed)
    if x_val is not None and y_val is not None and source.uses_validation_part(info):
        return Parts(pool.x, pool.y, x_val, y_val)
    train, validation = _split(pool, source, seed)
    return Parts(take(pool.x, train), pool.y[train], take(pool.x, validation), pool.y[validation])


def _joined(first: Examples, second: Examples) -> Examples:
    if isinstance(first, dict) and isinstance(second, dict):
        return {name: np.concatenate([first[name], second[name]]) for name in first}
    return np.concatenate([*arrays(first), *arrays(second)])


def _limited(pool: _Pool, total: int, seed: int) -> _Pool:
    if total >= len(pool.y):
        return pool
    chosen, _ = _cut(strata(pool.y), len(pool.y) - total, seed)
    return pool.taken(np.sort(chosen) if pool.in_time else chosen)


def _split(pool: _Pool, source: Source, seed: int) -> tuple[Array, Array]:
    """Positions of the training and of the validation examples."""
    everything = np.arange(len(pool.y))
    pool = replace(pool, y=strata(pool.y))
    if source.folds:
        return _fold(pool, source.folds, source.fold, seed)
    held_back = round(len(pool.y) * source.validation_split)
    if not held_back:
        return everything, everything[:0]
    if pool.in_time:
        return everything[:-held_back], everything[-held_back:]
    if pool.groups is not None:
        train, validation = whole_groups(pool.groups, pool.y, held_back, np.random.default_rng(seed))
        if not len(validation):
            raise DataError(
                f"No group of the {len(np.unique(pool.groups)):,} can be held back for validation without the last "
                "examples of a class. Take a validation split of 0, or add the data set again with other groups."
            )
        return train, validation
    return _cut(pool.y, held_back, seed)


def whole_groups(groups: Array, y: Array, second: int, random: np.random.Generator) -> tuple[Array, Array]:
    """Positions of two parts, the second of about this size: groups by chance, none of them in both.

    The first part keeps a group, and of each class an example where y holds class numbers.
    """
    names, of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    members = np.split(np.argsort(of, kind="stable"), np.cumsum(sizes)[:-1])
    labels = y if _has_classes(y) else np.zeros(len(y), np.int64)
    left = np.bincount(labels)
    chosen: list[int] = []
    taken = 0
    for name in random.permutation(len(names)).tolist():
        size = len(members[name])
        if taken >= second or len(chosen) == len(names) - 1:
            break
        if taken and taken + size - second > second - taken:
            continue  # without it the part is nearer to its size
        classes, counts = np.unique(labels[members[name]], return_counts=True)
        if (left[classes] > counts).all():
            left[classes] -= counts
            chosen.append(name)
            taken += size
    held_back = np.isin(of, chosen)
    return np.flatnonzero(~held_back), np.flatnonzero(held_back)


def _fold(pool: _Pool, folds: int, fold: int, seed: int) -> tuple[Array, Array]:
    from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

    y, nothing = pool.y, np.zeros(len(pool.y))
    if pool.groups is not None:
        cut = GroupKFold(folds, shuffle=True, random_state=seed).split(nothing, y, pool.groups)
    else:
        divisible = _has_classes(y) and np.unique(y, return_counts=True)[1].min() >= folds
        kind = StratifiedKFold if divisible else KFold
        cut = kind(folds, shuffle=True, random_state=seed).split(nothing, y)
    train, validation = list(cut)[fold]
    return train, validation


def _cut(y: Array, second: int, seed: int) -> tuple[Array, Array]:
    """Positions of two disjoint parts, the second of this size; each with every class's share where that can be."""
    from sklearn.model_selection import train_test_split

    divisible = False
    if _has_classes(y):
        counts = np.unique(y, return_counts=True)[1]
        divisible = counts.min() >= 2 and min(second, len(y) - second) >= len(counts)
    first, rest = train_test_split(
        np.arange(len(y)), test_size=second, random_state=seed, stratify=y if divisible else None
    )
    return first, rest


def _has_classes(y: Array) -> bool:
    return bool(y.dtype.kind in "iu")
