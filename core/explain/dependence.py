"""Partial dependence: what the answer does over the values of one feature, the others as they are."""

import collections
import math
from collections.abc import Callable

import numpy as np

from core.data.base import Array, Examples
from core.explain.columns import column, with_column
from core.explain.shapley import Mixed
from core.jobs.explanation import Dependence, Lines

_VALUES = 13  # of a number, as far apart as there are rows between them
_MOST_CATEGORIES = 12
_LINES = 12  # of rows by themselves
_MOST_SEEN = 300  # values that are told

Answers = Callable[[Examples], Array]  # rows -> [rows, outputs]


def dependence(
    answers: Answers, rows: Examples, feature: int, title: str, names: tuple[str, ...], own: Examples | None = None
) -> Dependence | None:
    """Friedman, 2001, Annals of Statistics 29, section 8.2; by row (individual conditional expectation) after
    Goldstein et al., 2015, arXiv 1309.6392.

    Args:
        rows: of the test set, whose feature is given one value after the other.
        feature: its place; numbers stand before categories.
        title: the feature's name.
        names: of the outputs.
        own: [1, …], a row whose line is drawn, too.

    Returns:
        None where the feature has no second value.
    """
    seen = [each for each in values_of(rows, feature) if each is not None]
    at = values_of(own, feature)[0] if own is not None else None
    grid = _grid(seen, at)
    if len(grid) < 2:
        return None

    def over(x: Examples) -> Array:  # [rows, grid, outputs]
        return np.stack([answers(with_column(x, feature, value)) for value in grid], axis=1)

    given, mine = over(rows), over(own)[0] if own is not None else None
    return Dependence(
        feature=title,
        values=tuple(grid),
        seen=tuple(seen[:_MOST_SEEN]),
        at=at,
        lines=tuple(
            Lines(
                name=name,
                mean=_short(given[:, :, place].mean(axis=0)),
                others=tuple(_short(line) for line in given[:_LINES, :, place]),
                own=_short(mine[:, place]) if mine is not None else (),
            )
            for place, name in enumerate(names)
        ),
    )


def replaced(answers: Callable[[Examples], Array], mixed: Mixed, features: int, rows: int) -> Array:
    """[features]: the answer for a row minus its mean when one feature has the values of the other rows instead.

    Robnik-Šikonja and Kononenko, 2008, IEEE TKDE 20, section 3.1, by the difference of the answers.
    """
    [whole] = answers(mixed(np.ones((1, features), bool), np.zeros(1, int))).tolist()
    known = np.repeat(~np.eye(features, dtype=bool), rows, axis=0)
    given = np.asarray(answers(mixed(known, np.tile(np.arange(rows), features))), np.float64)
    found: Array = whole - given.reshape(features, rows).mean(axis=1)
    return found


def range_of(found: Dependence) -> float:
    """How far apart the mean answers are that the feature's values give, of the output that it moves most."""
    return max(max(each.mean) - min(each.mean) for each in found.lines)


def values_of(rows: Examples, feature: int) -> list[float | str | None]:
    """None where missing."""
    return [_value(each) for each in column(rows, feature).tolist()]


def _value(value: float | str) -> float | str | None:
    if isinstance(value, str):
        return value or None
    return None if math.isnan(value) else float(value)


def _grid(seen: list[float | str], at: float | str | None) -> list[float | str]:
    """Of numbers quantiles, of categories the most common ones; the row's own value is among them."""
    own = [] if at is None else [at]
    if all(isinstance(each, str) for each in (*seen, *own)):
        common = [value for value, _ in collections.Counter(seen).most_common(_MOST_CATEGORIES)]
        return [*common, *(each for each in own if each not in common)]
    places = np.linspace(0, 1, _VALUES)
    quantiles = np.quantile(np.array(seen, np.float64), places, method="nearest").tolist() if seen else []
    return sorted({float(each) for each in (*quantiles, *own)})


def _short(line: Array) -> tuple[float, ...]:
    return tuple(float(f"{each:.6g}") for each in line.tolist())
