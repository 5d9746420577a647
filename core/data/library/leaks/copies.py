"""Examples that stand in two parts: exact copies, and texts that differ in case, spaces and signs only."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

import numpy as np

from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Part, Raw
from core.data.examples import arrays, count
from core.data.label_sets import differ
from core.data.library.leaks.leak import PART_NAMES, Leak, between
from core.data.library.profile import Duplicates

INSTANCES = 5
_COARSE = 0.05  # share of equal inputs with another label, from which on the inputs are coarse rather than copied
_LENGTH = 80  # characters of an instance
_SHORTEST = 12  # characters of a text that is no common phrase


def keys(x: Examples, y: Array | None = None) -> Array:
    """uint64 of each example, equal for equal ones; with y, of example and target."""
    import pandas as pd

    found = np.zeros(count(x), np.uint64)
    if not len(found):
        return found
    for array in [*arrays(x), *([] if y is None else [y])]:
        if array.dtype.kind in "OU" or array.ndim == 1 or (array.ndim == 2 and isinstance(x, dict)):
            for column in array.reshape(len(array), -1).T:
                plain = column.astype(object) if column.dtype.kind in "OU" else column.astype(np.float64) + 0.0
                found = found * np.uint64(0x9E3779B97F4A7C15) + pd.util.hash_array(plain)
        else:
            found = found * np.uint64(0x9E3779B97F4A7C15) + _digests(array)
    return found


def _digests(array: Array) -> Array:
    """Of each row; zeros with a sign are zeros."""
    plain = (lambda row: row + 0.0) if array.dtype.kind == "f" else np.asarray
    rows = (hashlib.blake2b(np.ascontiguousarray(plain(row)).data, digest_size=8).digest() for row in array)
    return np.frombuffer(b"".join(rows), np.uint64)


def duplicates(raw: Raw, info: DataInfo) -> Duplicates:
    """Of a regression those with the same target alone: the same inputs may well have another one."""
    regression = info.task == "regression"
    train = keys(raw.x_train, raw.y_train if regression else None)
    test = keys(raw.x_test, raw.y_test if regression else None)
    distinct, first, of = np.unique(train, return_index=True, return_inverse=True)
    conflicting = 0 if regression else int(differ(raw.y_train, raw.y_train[first][of]).sum())
    return Duplicates(
        len(train) - len(distinct), len(test) - len(np.unique(test)), int(np.isin(test, distinct).sum()), conflicting
    )


def copied(raw: Raw, info: DataInfo) -> Iterator[Leak]:
    regression = info.task == "regression"
    parts = [(part, x, y) for part, x, y in raw.parts() if len(y)]
    found = {part: keys(x, y if regression else None) for part, x, y in parts}
    if info.kind in ("table", "rows") and not regression and _are_coarse(found, parts):
        return
    for later in range(1, len(parts)):
        part, x, y = parts[later]
        for earlier, _, _ in parts[:later]:
            rows = np.flatnonzero(np.isin(found[part], found[earlier]))
            if len(rows):
                some = tuple(_shown(x, info, row) for row in rows[:INSTANCES].tolist())
                how = "example", f"in the {PART_NAMES[earlier]} part, too"
                yield between("copies", (part, earlier), len(rows), len(y), how, some)


def _are_coarse(found: dict[Part, Array], parts: list[tuple[Part, Examples, Array]]) -> bool:
    """Whether equal inputs often have different labels: then they are of different examples that look alike."""
    every, labels = np.concatenate(list(found.values())), np.concatenate([y for _, _, y in parts])
    _, first, of, counts = np.unique(every, return_index=True, return_inverse=True, return_counts=True)
    repeated = counts[of] > 1
    conflicting = int(differ(labels, labels[first][of]).sum())
    return bool(conflicting > _COARSE * repeated.sum())


def near_texts(raw: Raw) -> Iterator[Leak]:
    """Texts that are equal to one of another part but for case, spaces and signs, and not in all."""
    parts = [(part, arrays(x)[0].tolist()) for part, x, y in raw.parts() if len(y)]
    plain = {part: [_plain(text) for text in texts] for part, texts in parts}
    for later in range(1, len(parts)):
        part, texts = parts[later]
        for earlier, others in parts[:later]:
            exact, known = set(others), set(plain[earlier])
            rows = [
                row
                for row, text in enumerate(plain[part])
                if len(text) >= _SHORTEST and text in known and texts[row] not in exact
            ]
            if rows:
                some = tuple(_cut(texts[row]) for row in rows[:INSTANCES])
                how = "example", f"in the {PART_NAMES[earlier]} part, too, but for case, spaces and punctuation"
                yield between("near copies", (part, earlier), len(rows), len(texts), how, some)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _shown(x: Examples, info: DataInfo, row: int) -> str:
    if isinstance(x, dict):
        numbers = iter(x[NUMBERS][row].tolist() if NUMBERS in x else ())
        categories = iter(x[CATEGORIES][row].tolist() if CATEGORIES in x else ())
        cells = [
            f"{each.name} {next(numbers):g}" if each.kind == "number" else f"{each.name} {next(categories)}"
            for each in info.features
        ]
        return _cut(", ".join(cells))
    if info.kind == "text":
        return _cut(str(x[row]))
    if info.kind == "rows":
        return _cut(", ".join(f"{value:g}" for value in np.ravel(x[row])[:20].tolist()))
    return f"example {row + 1:,}"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LENGTH else f"{line[:_LENGTH]}…"
