"""Features that tell the target by themselves, as a copy of it does; and features that only number the rows."""

from collections.abc import Iterator
from dataclasses import replace
from math import lgamma, log

import numpy as np

from core.common.text import quoted
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Raw
from core.data.examples import arrays
from core.data.library.leaks.ids import numbers_rows
from core.data.library.leaks.leak import Leak
from core.data.library.leaks.rounding import rounded

_BY_CHANCE = log(1e-6)  # of a chance below, nobody believes that it was one
_LEAST = 10  # examples
_ENOUGH = 500  # examples from which on a number that parts the classes without an exception is no measurement
_EXACT = 1e-6  # of the target's deviation, that a linear function may be wrong
_MOST_COLUMNS = 2000
_MOST_LABELS = 20
_INSTANCES = 3


def telling(raw: Raw, info: DataInfo) -> Iterator[Leak]:
    """Over all parts together. Nothing of pictures and texts, which have no columns."""
    if info.kind not in ("table", "rows") or sum(len(y) for _, _, y in raw.parts()) < _LEAST:
        return
    y = np.concatenate([y for _, _, y in raw.parts()])
    ends = np.cumsum([len(y) for _, _, y in raw.parts()])[:-1]
    dated = {feature.name for feature in info.features if feature.date_order}
    target = quoted(info.target) if info.target else "the target"
    for name, values in _columns(raw, info):
        told = _told(values, y, info)
        if told is not None:
            where, how, instances = told
            text = f"{quoted(name)} tells {target} in {where}{how}: is it known before {target} is?"
            yield Leak("target", text, len(y), instances)
        elif name not in dated and numbers_rows(name, np.split(values, ends), rises=info.split_by != "time"):
            text = f"{quoted(name)} has another value in every row, as an id: all it can teach is which row it is."
            yield Leak("id", text, len(y), tuple(map(str, values[:_INSTANCES].tolist())))


def _told(values: Array, y: Array, info: DataInfo) -> tuple[str, str, tuple[str, ...]] | None:
    """In which rows a column tells the target, how, and instances: in all, or in all where it is not missing."""
    found = _of_target(values, y, info)
    if found is not None:
        return "every row", *found
    known = ~_is_missing(values)
    if known.all() or known.sum() < _LEAST:
        return None
    x, y = values[known], y[known]
    found = _of_target(x, y, info)
    return found and (f"every row that has it ({len(y):,} of {len(known):,})", *found)


def _columns(raw: Raw, info: DataInfo) -> Iterator[tuple[str, Array]]:
    """Names and values over all parts."""
    parts = [x for _, x, y in raw.parts() if len(y)]
    if all(isinstance(x, dict) for x in parts):
        places = {NUMBERS: 0, CATEGORIES: 0}
        for feature in info.features:
            key = NUMBERS if feature.kind == "number" else CATEGORIES
            yield feature.name, np.concatenate([x[key][:, places[key]] for x in parts])
            places[key] += 1
    elif len(info.shape) == 1:
        for at in range(min(info.shape[0], _MOST_COLUMNS)):
            name = info.features[at].name if info.features else f"column {at + 1}"
            yield name, np.concatenate([arrays(x)[0][:, at] for x in parts])


def _of_target(values: Array, y: Array, info: DataInfo) -> tuple[str, tuple[str, ...]] | None:
    if info.task != "multilabel":
        return _of_classes(values, y, info) if info.is_classification else _of_numbers(values, y)
    for number, label in enumerate(info.class_names[:_MOST_LABELS]):
        one = replace(info, class_names=(f"without {label}", label))
        if told := _of_classes(values, y[:, number].astype(np.int32), one):
            return f"{told[0]}, as to the label {quoted(label)}", told[1]
    return None


def _of_classes(values: Array, y: Array, info: DataInfo) -> tuple[str, tuple[str, ...]] | None:
    """How a column tells the classes, and instances; None where it does not."""
    codes, distinct = _coded(values)
    if len(distinct) < 2 or len(np.unique(y)) < 2:
        return None
    missing = _is_missing(values)
    if len(distinct) > 2 and missing.any() and len(np.unique(y)) == 2 and _same_split(missing, y):
        return ", by whether it is missing", (f"missing is {info.class_names[int(y[missing][0])]}",)
    ordered = values.dtype.kind not in "OU" and not missing.any()
    if ordered and _could_measure(values, y, len(distinct)):
        return None
    by_value = np.full(len(distinct), -1)
    by_value[codes] = y
    # Values that occur once prove nothing: only repeated ones could have had another class.
    chance = (len(y) - len(distinct)) * log(np.bincount(y).max() / len(y))
    if (by_value[codes] == y).all() and chance < _BY_CHANCE:
        some = [f"{_value(distinct[at])} is {info.class_names[by_value[at]]}" for at in range(len(distinct))]
        return "", tuple(some[:_INSTANCES])
    return _by_place(values, y, info) if ordered else None


def _could_measure(values: Array, y: Array, distinct: int) -> bool:
    """Whether a number may part the classes of a small set as a good measurement does, such as a petal's length."""
    classes = len(np.unique(y))
    if len(y) >= _ENOUGH or distinct <= 2 * classes + 1:
        return False
    alone = [values[y == each] for each in np.unique(y)]
    if any(len(of_class) >= _LEAST and (of_class == of_class[0]).all() for of_class in alone):
        return False  # a class that is one value, as nothing is of a total
    changes = int(np.count_nonzero(np.diff(y[np.argsort(values, kind="stable")])))
    return changes < distinct / 4


def _by_place(values: Array, y: Array, info: DataInfo) -> tuple[str, tuple[str, ...]] | None:
    """Where each class has a range of its own, and that is no chance."""
    order = np.argsort(values, kind="stable")
    changes = np.flatnonzero(np.diff(y[order]))
    ordered = values[order]
    counts = np.bincount(y)
    orderings = lgamma(len(y) + 1) - sum(lgamma(number + 1) for number in counts.tolist())
    if len(changes) != len(np.unique(y)) - 1 or (ordered[changes] == ordered[changes + 1]).any():
        return None
    if lgamma(len(changes) + 2) - orderings >= _BY_CHANCE:
        return None
    edges = [f"{info.class_names[int(y[order[at]])]} up to {ordered[at]:g}" for at in changes[:_INSTANCES].tolist()]
    return ", by where it lies", tuple(edges)


def _of_numbers(values: Array, y: Array) -> tuple[str, tuple[str, ...]] | None:
    """The same of the target of a regression."""
    y = y.astype(np.float64)
    if values.dtype.kind in "OU" or _is_missing(values).any():
        codes, distinct = _coded(values)
        return _by_value(codes, [_value(each) for each in distinct], y)
    x = values.astype(np.float64)
    if np.array_equal(x, y):
        return ", being equal to it", ()
    if x.std() == 0 or y.std() == 0:
        return None
    slope, start = np.polyfit((x - x.mean()) / x.std(), y - y.mean(), 1)
    if np.abs(y - y.mean() - start - slope * (x - x.mean()) / x.std()).max() < _EXACT * y.std():
        return ", being the same but for its scale", ()
    codes, distinct = _coded(values)
    if by_value := _by_value(codes, [_value(each) for each in distinct], y):
        return by_value
    if rounded(x, y) or rounded(y, x):
        return ", but for rounding", ()
    order = np.argsort(x, kind="stable")
    steps, along = np.diff(y[order]), np.diff(x[order])
    if (along > 0).all() and len(y) > _LEAST and ((steps > 0).all() or (steps < 0).all()):
        return ", each larger value having a larger one" if (steps > 0).all() else ", in reverse order", ()
    return None


def _by_value(codes: Array, shown: list[str], y: Array) -> tuple[str, tuple[str, ...]] | None:
    """Where equal values have equal targets, and often enough that this is no chance."""
    of_value = np.zeros(len(shown))
    of_value[codes] = y
    _, counts = np.unique(y, return_counts=True)
    share = counts.max() / len(y)
    if not (of_value[codes] == y).all() or (len(y) - len(shown)) * log(max(share, 1e-9)) >= _BY_CHANCE:
        return None
    return "", tuple(f"{value} is {of_value[at]:g}" for at, value in enumerate(shown[:_INSTANCES]))


def _coded(values: Array) -> tuple[Array, Array]:
    """Codes from 0, and the distinct values; missing ones are a value."""
    import pandas as pd

    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    return codes, np.asarray(distinct)


def _is_missing(values: Array) -> Array:
    found: Array = values == "" if values.dtype.kind in "OU" else np.isnan(values)
    return found


def _same_split(missing: Array, y: Array) -> bool:
    """Whether one class is missing throughout and the other never."""
    first = y == y[0]
    return bool((missing == first).all() or (missing == ~first).all()) and min(missing.sum(), (~missing).sum()) > 4


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float | np.floating) else quoted(value) if value != "" else "missing"
