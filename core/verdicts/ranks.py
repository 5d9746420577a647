"""Several at once, by their ranks within blocks: what each data set, seed, fold or test example says of all of them.

Friedman's test (1937, JASA 32), of right and wrong answers Cochran's Q (1950, Biometrika 37), which it is there; then
Nemenyi's critical difference of mean ranks, as Demsar (2006, JMLR 7) has it. Of two over data sets, whose units differ,
Wilcoxon's test of signed ranks (1945). Few blocks are judged by what permuting within them gives, as the limits that
tables have are those of many.
"""

import itertools
import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.verdicts.estimates import SURE

_MOST_WAYS = 20_000  # that are drawn, or all of them where there are fewer
_MANY = 50  # blocks that differ, from which on Friedman's statistic has the distribution of its limit
_SEED = 0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ranking:
    """Of the columns of a table of results."""

    ranks: tuple[float, ...]  # the mean of each over the blocks, 1 the best; ties share the mean of their ranks
    blocks: int
    chance: float  # Friedman's: how often as uneven ranks come about by chance
    critical: float  # Nemenyi's: mean ranks that are as far apart differ by more than chance


def ranked(values: Floats) -> Ranking:
    """Of results [blocks, columns], higher better: one block or more, two columns or more.

    Raises:
        ValueError: fewer, or what is no finite number.
    """
    if values.ndim != 2 or len(values) < 1 or values.shape[1] < 2 or not np.isfinite(values).all():
        raise ValueError(f"Results are ranked in blocks of two finite numbers or more; received {values.shape}")
    ranks = _ranks(-values)
    blocks, columns = ranks.shape
    told = ranks[np.ptp(ranks, axis=1) > 0]  # a block in which all are equal says nothing
    return Ranking(tuple(ranks.mean(axis=0).tolist()), blocks, _friedman(told), critical_difference(columns, blocks))


def critical_difference(columns: int, blocks: int, miss: float = SURE) -> float:
    """Nemenyi's, of mean ranks: the quantile of the range of so many normal numbers, by their error over sqrt(2)."""
    return _range_quantile(columns, miss) / math.sqrt(2) * math.sqrt(columns * (columns + 1) / (6 * blocks))


def fewest_blocks(columns: int) -> int:
    """Blocks from which on ranks can differ by more than the critical difference at all."""
    return next(blocks for blocks in itertools.count(2) if critical_difference(columns, blocks) < columns - 1)


def statistic(ranks: Floats) -> float:
    """Friedman's chi square, corrected for ties; 0 where there are nothing but ties."""
    blocks, columns = ranks.shape
    middle = (columns + 1) / 2
    spread = float(((ranks - middle) ** 2).sum()) / (columns - 1)
    return float(((ranks.sum(axis=0) - blocks * middle) ** 2).sum()) / spread if spread else 0.0


def signed_ranks(first: Floats, second: Floats) -> float:
    """Wilcoxon's test of pairs, two-sided and exact: how often signs drawn by chance give as uneven ranks."""
    differences = second - first
    differences = differences[differences != 0]
    if not len(differences):
        return 1.0
    ranks, count = _ranks(np.abs(differences)[None])[0], len(differences)
    if 2**count <= _MOST_WAYS:
        signs = np.array(list(itertools.product((-1.0, 1.0), repeat=count)))
        drawn = 0
    else:
        signs, drawn = np.random.default_rng(_SEED).choice((-1.0, 1.0), (_MOST_WAYS, count)), 1
    seen = abs(float((np.sign(differences) * ranks).sum()))
    as_uneven = int((np.abs(signs @ ranks) >= seen - 1e-9).sum())
    return (as_uneven + drawn) / (len(signs) + drawn)


def _friedman(ranks: Floats) -> float:
    if not len(ranks):
        return 1.0
    seen, columns = statistic(ranks), ranks.shape[1]
    if len(ranks) >= _MANY:
        from scipy.special import chdtrc  # the command line starts without SciPy

        return float(chdtrc(columns - 1, seen))
    middle, limit = (columns + 1) / 2, seen * float(((ranks - (columns + 1) / 2) ** 2).sum()) / (columns - 1)

    def as_uneven(sums: Floats) -> int:
        return int((((sums - len(ranks) * middle) ** 2).sum(axis=1) >= limit - 1e-9).sum())

    if (every := _every_sum(ranks)) is not None:
        return as_uneven(every) / len(every)
    rng, found, ways = np.random.default_rng(_SEED), 0, 0
    while ways < _MOST_WAYS:
        count = min(_MOST_WAYS - ways, 4_000_000 // ranks.size + 1)
        drawn = rng.permuted(np.broadcast_to(ranks, (count, *ranks.shape)), axis=2).sum(axis=1)
        found += as_uneven(drawn)
        ways += count
    return (found + 1) / (ways + 1)


def _every_sum(ranks: Floats) -> Floats | None:
    """Sums of ranks [ways, columns] of each way to permute within blocks; None where these are more than are drawn.

    The first block stays as it is: to permute its columns is to rename those of all.
    """
    columns, sums = ranks.shape[1], ranks[:1]
    for block in ranks[1:]:
        ties = math.prod(math.factorial(count) for count in Counter(block.tolist()).values())
        if len(sums) * math.factorial(columns) // ties > _MOST_WAYS:
            return None
        orders = np.array(_orders(sorted(block.tolist())))
        sums = (sums[:, None, :] + orders[None]).reshape(-1, columns)
    return sums


def _orders(values: list[float]) -> list[list[float]]:
    """Every different order of some values, of which some may be equal."""
    if not values:
        return [[]]
    return [
        [value, *rest]
        for place, value in enumerate(values)
        if value not in values[:place]
        for rest in _orders(values[:place] + values[place + 1 :])
    ]


def _ranks(values: Floats) -> Floats:
    """Within each row, 1 the smallest; ties share the mean of theirs."""
    below = (values[:, None, :] < values[:, :, None]).sum(axis=2)
    equal = (values[:, None, :] == values[:, :, None]).sum(axis=2)
    return np.asarray(below + (equal + 1) / 2, np.float64)


def _range_quantile(count: int, miss: float) -> float:
    """That the range of so many normal numbers exceeds with this probability: Tukey's, of infinite freedom."""
    from scipy.special import ndtr

    grid = np.linspace(-8.0, 8.0, 4_001)
    density = np.exp(-grid * grid / 2) / math.sqrt(2 * math.pi)
    low, high = 0.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        within = count * np.trapezoid(density * (ndtr(grid + middle) - ndtr(grid)) ** (count - 1), grid)
        low, high = (middle, high) if 1 - within > miss else (low, middle)
    return high
