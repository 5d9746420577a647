"""How much worse a network answers when the values of one feature are shuffled among the examples."""

from collections.abc import Callable

import numpy as np

from core.data.base import CATEGORIES, NUMBERS, Array, Examples
from core.data.examples import count

Score = Callable[[Examples], Array]  # rows -> [1 + classes]: the score of all, and of each class


def permutation_importance(
    score: Score, x: Examples, repeats: int, before: Callable[[float], object] = lambda _: None
) -> tuple[Array, Array, Array]:
    """Breiman, 2001, Machine Learning 45, section 10, over a test set.

    Args:
        score: greater is better.
        x: rows of a table or of numbers; numbers stand before categories.
        repeats: shuffles of each feature.
        before: called before each shuffle with the share that is done; what it raises ends it.

    Returns:
        The score of the rows as they are [scores], and of each feature [features, scores] by how much it falls in the
        mean, and the standard error of that.
    """
    drawn = np.random.default_rng(0)
    whole = score(x)
    places = list(_places(x))
    falls = np.empty((len(places), repeats, len(whole)))
    for number, (name, column) in enumerate(places):
        for repeat in range(repeats):
            before((number * repeats + repeat) / (len(places) * repeats))
            falls[number, repeat] = whole - score(_shuffled(x, name, column, drawn.permutation(count(x))))
    error = falls.std(axis=1, ddof=1) / np.sqrt(repeats) if repeats > 1 else np.full_like(falls[:, 0], np.nan)
    return whole, falls.mean(axis=1), error


def _places(x: Examples) -> list[tuple[str, int]]:
    if not isinstance(x, dict):
        return [("", column) for column in range(x[0].size)]
    return [(name, column) for name in (NUMBERS, CATEGORIES) if name in x for column in range(x[name].shape[1])]


def _shuffled(x: Examples, name: str, column: int, order: Array) -> Examples:
    array = x[name] if isinstance(x, dict) else x
    flat = array.reshape(len(array), -1).copy()
    flat[:, column] = flat[order, column]
    changed = flat.reshape(array.shape)
    return {**x, name: changed} if isinstance(x, dict) else changed
