"""How much worse a network answers when the values of one feature are shuffled among the examples."""

from collections.abc import Callable

import numpy as np

from core.data.base import Array, Examples
from core.data.examples import count
from core.explain.columns import column, with_column
from core.explain.shapley import width

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
    falls = np.empty((width(x), repeats, len(whole)))
    for feature in range(len(falls)):
        for repeat in range(repeats):
            before((feature * repeats + repeat) / (len(falls) * repeats))
            shuffled = column(x, feature)[drawn.permutation(count(x))]
            falls[feature, repeat] = whole - score(with_column(x, feature, shuffled))
    error = falls.std(axis=1, ddof=1) / np.sqrt(repeats) if repeats > 1 else np.full_like(falls[:, 0], np.nan)
    return whole, falls.mean(axis=1), error
