"""Whether what an explanation names is what the answer hangs on: the input taken apart in its order and in random ones.

Deletion and insertion after Petsiuk, Das and Saenko (2018, arXiv 1806.07421), with random orders beside them as Samek
et al. (2017, arXiv 1509.06321) have it: parts are removed, those that count most first, until nothing is left, and put
in from nothing in the same order. The area under either curve is the mean answer on the way.
"""

from collections.abc import Callable, Sequence

import numpy as np

from core.data.base import Array
from core.jobs.explanation import Curves

_POINTS = 14  # of a curve, at most
_ORDERS = 4  # random ones that are asked about at a time; the first are needed for the curves
_MOST_ORDERS = 39  # of which two may do as well where chance does so once in twenty times

_SAME = 1e-9  # of the widest gap: rounding
_BETTER = 0.01  # of the widest gap: an order that begins alike differs by less

Kept = Callable[[Array], Array]  # which parts are kept, bool [n, parts] -> the answer for each, [n]


def faithfulness(answers: Kept, attributions: Array, more: Callable[[], bool] = lambda: True, seed: int = 0) -> Curves:
    """The curves of an explanation.

    Args:
        answers: for the input with some of its parts only.
        attributions: [parts], how much each speaks for the answer.
        more: whether there is time for further random orders; without, chance cannot be told from it.
    """
    parts = len(attributions)
    counts = np.unique(np.linspace(0, parts, min(parts, _POINTS) + 1).round().astype(int))
    drawn = np.random.default_rng(seed)

    def along(orders: Sequence[Array]) -> Array:
        """[orders, 2, counts]: the answers while parts are removed, and while they are put in."""
        asked = [_kept(order, counts) for order in orders]
        both = np.concatenate([np.concatenate([~removed, removed]) for removed in asked])
        return np.asarray(answers(both), np.float64).reshape(len(asked), 2, len(counts))

    def by_chance(orders: int) -> list[Array]:
        return [drawn.permutation(parts) for _ in range(orders)]

    ranked = np.argsort(-np.asarray(attributions), kind="stable")
    given = along([ranked, *by_chance(_ORDERS)])
    while len(given) <= _MOST_ORDERS and more():
        given = np.concatenate([given, along(by_chance(min(2 * _ORDERS, _MOST_ORDERS + 1 - len(given))))])
    shares = counts / max(1, parts)
    area: Array = np.asarray(np.trapezoid(given, shares, axis=2))
    gaps = area[:, 1] - area[:, 0]
    low, high = np.quantile(area[1:], (0.05, 0.95), axis=0)
    return Curves(
        shares=tuple(shares.tolist()),
        deletion=tuple(given[0, 0].tolist()),
        insertion=tuple(given[0, 1].tolist()),
        random_deletion=tuple(given[1:, 0].mean(axis=0).tolist()),
        random_insertion=tuple(given[1:, 1].mean(axis=0).tolist()),
        deletion_area=float(area[0, 0]),
        insertion_area=float(area[0, 1]),
        random_deletion_area=float(area[1:, 0].mean()),
        random_insertion_area=float(area[1:, 1].mean()),
        random_deletion_range=(float(low[0]), float(high[0])),
        random_insertion_range=(float(low[1]), float(high[1])),
        orders=len(given) - 1,
        as_good=int((gaps[1:] >= gaps[0] - _SAME * np.abs(gaps).max()).sum()),
        better=int((gaps[1:] > gaps[0] + _BETTER * np.abs(gaps).max()).sum()),
    )


def _kept(order: Array, counts: Array) -> Array:
    """[counts, parts]: whether each part is among the first so many of the order."""
    rank = np.empty(len(order), int)
    rank[order] = np.arange(len(order))
    found: Array = rank[np.newaxis] < counts[:, np.newaxis]
    return found
