"""Columns as features to learn from: numbers, categories, and what a date gives."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.data.base import CATEGORIES, NUMBERS, Array, Feature
from core.data.library.read_options import DatePart, Progress, TableOptions, silent
from core.data.library.tables import missing
from core.data.library.tables.cells import Cells, Column, told_merged
from core.data.library.tables.date_parts import parts_of
from core.data.library.tables.decide import Decision
from core.data.library.tables.values import as_moments, as_numbers, as_texts


@dataclass(frozen=True, eq=False)
class Values:
    """One feature of every row."""

    name: str
    values: Array  # float64, NaN where missing; or str objects, "" where missing

    @property
    def is_number(self) -> bool:
        return self.values.dtype != object


@dataclass(frozen=True, eq=False)
class Table:
    """The features of rows, and what there is to tell of them."""

    features: tuple[Feature, ...]
    x: Sequence[dict[str, Array]]  # of each part
    warnings: tuple[str, ...]


def features_of(column: Column, decision: Decision, options: TableOptions) -> Iterator[tuple[Values, str]]:
    """What a column gives, and what there is to tell of each, "" for nothing. Raises DataError."""
    name = column.name
    if decision.kind == "number":
        found, infinite = as_numbers(column, decision, options)
        told = f"{name}: {infinite:,} infinite values count as missing." if infinite else ""
        yield Values(name, found), told
    elif decision.kind == "category":
        told = ""
        if column.merged:
            told = told_merged(column)
        yield Values(name, as_texts(column, options)), told
    elif decision.kind == "date":
        layout = decision.layout
        parts = ("hour",) if layout is not None and layout.order == "time" else options.date_parts
        if layout is not None and not layout.days:
            parts = tuple(part for part in parts if part not in ("day", "weekday"))
        moments = as_moments(column, decision, options)
        for each in date_features(name, moments, parts):
            yield each, ""


def date_features(name: str, moments: Array, parts: Sequence[DatePart]) -> Iterator[Values]:
    """The chosen parts of dates, without those that are the same in every row.

    Args:
        name: of the column.
        moments: datetime64[s].
    """
    known = ~np.isnat(moments)
    if not known.any():
        return
    start = moments[known].min().astype("datetime64[D]")
    found = parts_of(moments, start)
    for part in parts:
        if len(np.unique(found[part][known])) > 1:
            yield Values(f"{name} {part}" if part != "days" else f"{name} days since {start}", found[part])


def table_of(
    cells: Cells,
    decisions: Mapping[str, Decision],
    options: TableOptions,
    used: Array,
    parts: Sequence[Array],
    progress: Progress = silent,
) -> Table:
    """The features of every column, one column after the other, so that only one is held as text.

    Args:
        used: which rows of the files are, bool [all rows].
        parts: positions among them of each part, the one to train on first.
    """
    kept = {name: decision for name, decision in decisions.items() if decision.kind not in ("ignore", "part")}
    widths = {NUMBERS: 0, CATEGORIES: 0}
    for name, decision in kept.items():
        for key in _keys(cells, name, decision, options, used):
            widths[key] += 1
    dtypes = {NUMBERS: np.float64, CATEGORIES: object}
    x = [{key: np.empty((len(part), width), dtypes[key]) for key, width in widths.items() if width} for part in parts]
    places = {NUMBERS: 0, CATEGORIES: 0}
    features: list[Feature] = []
    warnings: list[str] = []
    for number, (name, decision) in enumerate(kept.items()):
        progress(number / len(kept), f"taking column {number + 1:,} of {len(kept):,}")
        for each, told in features_of(cells.column(name).at(used), decision, options):
            if each.name != name and each.name in cells.columns:  # what a date gives may be called as a column is
                each = replace(each, name=f"{each.name} of the date")
            feature, others = _feature(each, parts[0], options.max_categories)
            if decision.layout is not None:
                feature = replace(feature, date_order=decision.layout.key)
            if decision.kind == "number" and (decision.separated or decision.style.group):
                feature = replace(feature, decimal=decision.style.decimal)
            if decision.kind == "number":
                feature = replace(feature, unit=decision.style.currency)
            words = missing.words_of(name, options, decision.kind != "category")
            features.append(replace(feature, missing=words))
            key = NUMBERS if each.is_number else CATEGORIES
            for arrays, part in zip(x, parts, strict=True):
                arrays[key][:, places[key]] = each.values[part]
            places[key] += 1
            warnings += [each_told for each_told in (told, others) if each_told]
    return Table(tuple(features), x, tuple(warnings))


def _keys(cells: Cells, name: str, decision: Decision, options: TableOptions, used: Array) -> list[str]:
    """Where each feature of a column goes; only dates must be looked at to tell."""
    if decision.kind == "date":
        found = features_of(cells.column(name).at(used), decision, options)
        return [NUMBERS if each.is_number else CATEGORIES for each, _ in found]
    return [NUMBERS if decision.kind == "number" else CATEGORIES]


def _feature(found: Values, train: Array, most: int) -> tuple[Feature, str]:
    """As it is described, and what there is to tell."""
    if found.is_number:
        return Feature(found.name, "number"), ""
    categories, others = _most_frequent(found.values[train], most)
    told = f"{found.name}: {others:,} rarer values count as unknown, the {most} most frequent are told."
    return Feature(found.name, "category", categories), told if others else ""


def _most_frequent(texts: Array, most: int) -> tuple[tuple[str, ...], int]:
    """The most frequent values, and how many more there are."""
    counts = Counter(text for text in texts.tolist() if text)
    ranked = sorted(counts, key=lambda text: (-counts[text], text))
    return tuple(ranked[:most]), max(0, len(ranked) - most)
