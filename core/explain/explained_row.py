"""What a row is explained by: its features, of which those of one date are one part, and rows to compare with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples
from core.data.examples import count, drawn, row_features, take
from core.data.library.tables.date_parts import date_columns, date_told
from core.data.network_numbers import as_written
from core.explain.shapley import Mixed

ROWS = 50  # of the test set, that a row is compared with
_FEW = 16  # of them, where that many answers are asked for that all would take too long


@dataclass(frozen=True)
class Background:
    """Rows that a row is compared with, in random order."""

    rows: Examples
    of: int  # from how many they were drawn at random; 0 where they are the first ones
    made: bool = False  # within the columns' ranges, as the data set was not there

    @property
    def told(self) -> dict[str, Any]:
        """Fields of an explanation."""
        return {"rows": count(self.rows), "rows_of": self.of, "rows_made": self.made}


def sampled(x: Examples, *, made: bool = False) -> Background:
    """At random, the same each time: whoever keeps rows in order of time or class has a fair sample all the same."""
    return Background(take(x, drawn(count(x), ROWS)), count(x), made)


@dataclass(frozen=True)
class RowParts:
    """Of one row."""

    named: tuple[tuple[str, str], ...]  # name and value as text, "" where missing
    of: Array  # int [features]: the part that each feature belongs to

    def mixed(self, features: Mixed) -> Mixed:
        """The same of parts: what one date gives is known together, or not at all."""
        return lambda known, places: features(known[:, self.of], places)


def row_parts(info: DataInfo, row: Examples) -> RowParts:
    """Of a row [1, …]. A date of which the row's features tell no day stays as what it gives."""
    features, values = feature_values(info, row), dict(_values(info, row))
    dates: dict[str, tuple[str, str]] = {}  # name and value of the date that a feature is of
    for name, given in date_columns(row_features(info)).items():
        told = date_told(given, values)
        if told is not None:
            dates |= {each.name: (name, told) for each in given}
    named: list[tuple[str, str]] = []
    of: list[int] = []
    for name, text in features:
        date = dates.get(name)
        of.append(named.index(date) if date in named else len(named))
        if of[-1] == len(named):
            named.append(date or (name, text))
    return RowParts(tuple(named), np.array(of))


def mean_of_kept(answers: Callable[[Examples], Array], mixed: Mixed, rows: int, kept: Array) -> Array:
    """The mean answer where only these parts are the row's, [n] of bool [n, parts]."""
    some = np.arange(min(rows, _FEW))
    x = mixed(np.repeat(kept, len(some), axis=0), np.tile(some, len(kept)))
    mean: Array = answers(x).reshape(len(kept), len(some)).mean(axis=1)
    return mean


def feature_values(info: DataInfo, row: Examples) -> list[tuple[str, str]]:
    """Names and values as text, numbers before categories as a table's inputs are; "" where missing."""
    return [(name, _text(value)) for name, value in _values(info, row)]


def _values(info: DataInfo, row: Examples) -> list[tuple[str, float | str | None]]:
    """By feature, numbers before categories; None where missing."""
    if not isinstance(row, dict):
        found = list(zip([each.name for each in row_features(info)], np.ravel(row).tolist(), strict=True))
    else:
        found = []
        for kind, fields in ((NUMBERS, info.numbers), (CATEGORIES, info.categories)):
            if kind in row:
                found += zip([each.name for each in fields], row[kind][0].tolist(), strict=True)
    return [(name, None if value == "" or value != value else value) for name, value in found]


def _text(value: float | str | None) -> str:
    return value if isinstance(value, str) else "" if value is None else as_written(float(value))
