"""Searches of our own: at random, along a grid, spread evenly. The next config follows from the definition and what was
tried, and from nothing that a process would have to remember.
"""

import itertools
import math
from collections.abc import Set
from typing import Any

import numpy as np

from core.sweeps.definition import Definition
from core.sweeps.fields import Choices, Real, Whole
from core.sweeps.same_values import config_key
from core.sweeps.setting import Setting

MOST_CELLS = 100_000
MOST_LISTED = 1000  # combinations of a space that is a list of configs; a larger one is not tried to its end
_TRIES = 20  # before a config that was tried already is taken again


def drawn(definition: Definition, number: int, tried: Set[str], begin: int = 0) -> dict[str, Any]:
    """The random config of this number; another than those that were tried, unless none is found.

    Args:
        tried: configs by their `config_key`, as in all searches here.
        begin: so many times as it was asked for before, in vain.
    """
    for again in range(begin * _TRIES, (begin + 1) * _TRIES):
        random = np.random.default_rng([definition.seed, number, again])
        params = placed(definition, random.random(len(definition.fields)).tolist())
        if config_key(params) not in tried:
            break
    return params


def spread(definition: Definition, number: int) -> dict[str, Any]:
    """Of the scrambled Sobol sequence of this seed."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(len(definition.fields), scramble=True, rng=definition.seed)
    if number:
        sequence.fast_forward(number)
    return placed(definition, sequence.random(1)[0].tolist())


def placed(definition: Definition, shares: list[float]) -> dict[str, Any]:
    """The config at a point of the unit cube."""
    of_field = dict(zip((varied.field for varied in definition.fields), shares, strict=True))
    return Setting(definition).params(lambda varied, _: varied.range.at(of_field[varied.field]))


def cells(definition: Definition) -> list[dict[str, Any]]:
    """All of a grid, each once, the last field changing fastest; at most MOST_CELLS combinations are looked at."""
    return _combined(definition, definition.grid_cells)


def untried(definition: Definition, tried: Set[str]) -> list[dict[str, Any]] | None:
    """Configs of the space that were not tried yet, of one that is a list of at most MOST_LISTED; None of others."""
    counts = [varied.range.count for varied in definition.fields]
    if any(count is None for count in counts) or math.prod(count or 0 for count in counts) > MOST_LISTED:
        return None
    return [params for params in _combined(definition, MOST_LISTED) if config_key(params) not in tried]


def _combined(definition: Definition, most: int) -> list[dict[str, Any]]:
    setting = Setting(definition)
    found: dict[str, dict[str, Any]] = {}
    names = [varied.field for varied in definition.fields]
    ranges = [varied.range.cells(most) for varied in definition.fields]
    for values in itertools.islice(itertools.product(*ranges), MOST_CELLS):
        cell = dict(zip(names, values, strict=True))
        params = setting.params(lambda varied, _, cell=cell: cell[varied.field])  # type: ignore[misc]
        found.setdefault(config_key(params), params)
    return list(found.values())


def count_of_cells(definition: Definition) -> int:
    """Of a grid, before fields are left out whose conditions do not hold."""
    return math.prod(_count_of_values(varied.range, definition.grid_cells) for varied in definition.fields)


def _count_of_values(of: Choices | Real | Whole, most: int) -> int:
    if of.count is None:
        return most
    return min(of.count, most) if isinstance(of, Whole) and of.step is None else of.count


def next_cell(definition: Definition, tried: Set[str]) -> dict[str, Any] | None:
    """The first of the grid that was not tried yet; None when all were.

    Of a grid with more cells than the budget has trials any of them, so that no field stays at its first value.
    """
    every = cells(definition)
    left = [params for params in every if config_key(params) not in tried]
    if left and definition.budget.trials is not None and definition.budget.trials < len(every):
        return left[int(np.random.default_rng([definition.seed, len(tried)]).integers(len(left)))]
    return left[0] if left else None
