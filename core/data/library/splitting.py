"""Labels to class numbers, and a test part held back: the same for everybody, whatever a run's seed."""

from collections.abc import Sequence

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.base import Array, Task
from core.data.label_sets import counts_of, strata
from core.data.run_split import whole_groups


def class_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Distinct labels, by number where all are whole numbers, else by the alphabet."""
    distinct = set(labels)
    try:
        return tuple(sorted(distinct, key=lambda label: (int(label), label)))
    except ValueError:
        return tuple(sorted(distinct))


def numbered(labels: Sequence[str], names: Sequence[str]) -> Array:
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers[label] for label in labels], np.int32)


def check_classes(names: Sequence[str], what: str, settings: Settings) -> Task:
    """The task that so many classes make. Raises DataError for less than two, or too many."""
    if len(names) < 2:
        found = f"one class only, {quoted(names[0])}" if names else "no classes"
        raise DataError(f"{what} has {found}; to tell classes apart, at least two are needed. Add examples of others.")
    if len(names) > settings.max_classes:
        raise DataError(
            f"{what} has {len(names):,} classes; accepted are {settings.max_classes:,}. Choose another column, or "
            "raise TRAINDECK_MAX_CLASSES."
        )
    return "binary" if len(names) == 2 else "multiclass"


def check_count(count: int, what: str, settings: Settings) -> None:
    if count > settings.max_examples:
        raise DataError(
            f"{what} has {count:,} examples; accepted are {settings.max_examples:,}. Take fewer, or raise "
            "TRAINDECK_MAX_EXAMPLES."
        )


def held_back(y: Array, share: float, groups: Array | None = None, moments: Array | None = None) -> tuple[Array, Array]:
    """Positions to train on and to test on, in order; this share of each class where y holds classes or labels.

    Args:
        groups: one number for each example; those with equal numbers are not parted.
        moments: one number for each example; the test has the latest ones, those of one moment stay together unless
            all are of one, and the positions are in this order.

    Raises:
        DataError: a share that is none.
    """
    if not 0 <= share < 1:
        raise DataError(f"The test share must be from 0 to below 1, such as 0.2; received {share}.")
    random = np.random.default_rng(0)
    y = strata(y)
    if moments is not None:
        order = np.argsort(moments, kind="stable")
        start = _between_moments(moments[order], len(y) - min(round(len(y) * share), len(y) - 1))
        return order[:start], order[start:]
    if groups is not None:
        return whole_groups(groups, y, round(len(y) * share), random)
    is_test = np.zeros(len(y), bool)
    classes = [np.flatnonzero(y == number) for number in np.unique(y)] if y.dtype.kind in "iu" else [np.arange(len(y))]
    for rows in classes:
        size = min(round(len(rows) * share), len(rows) - 1)  # something of each is learned
        is_test[random.permutation(rows)[:size]] = True
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)


def _between_moments(moments: Array, start: int) -> int:
    """The next start at which a moment begins; the one before where none is after, the same where there is but one."""
    if start == len(moments):
        return start
    before, after = (
        np.searchsorted(moments, moments[start - 1], "left"),
        np.searchsorted(moments, moments[start - 1], "right"),
    )
    return int(after if after < len(moments) else before or start)


def rare(y: Array, names: Sequence[str]) -> list[str]:
    """A warning when there are classes or labels with few examples."""
    counts = counts_of(y, len(names))
    few = [f"{name} ({count})" for name, count in zip(names, counts, strict=True) if count < 5]
    if not few:
        return []
    what = "Labels" if y.ndim > 1 else "Classes"
    return [f"{what} with few examples to train on: {', '.join(few[:5])}{' and others' if len(few) > 5 else ''}."]
