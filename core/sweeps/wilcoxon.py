"""Whether the repeats of one config are worse than those of another, seed by seed: Wilcoxon's signed-rank test."""

import itertools
from collections.abc import Sequence

_EXACT = 12  # pairs up to which all signs are counted


def is_worse(values: Sequence[float], best: Sequence[float], is_min: bool, p: float) -> bool:
    """One-sided, of the pairs that both have; never with so few that p could not be reached.

    The p value is exact, over all 2^n signs, of up to 12 pairs, after which further ones are left out.
    """
    differences = [a - b if is_min else b - a for a, b in zip(values, best, strict=False)][:_EXACT]
    differences = [each for each in differences if each]
    if 0.5 ** len(differences) > p or not differences:
        return False
    ranks = _ranks([abs(each) for each in differences])
    above = sum(rank for rank, each in zip(ranks, differences, strict=True) if each > 0)
    signs = itertools.product((0, 1), repeat=len(ranks))
    as_large = sum(sum(rank for rank, sign in zip(ranks, each, strict=True) if sign) >= above for each in signs)
    return bool(as_large / 2 ** len(ranks) <= p)


def _ranks(sizes: Sequence[float]) -> list[float]:
    """From 1; the mean of theirs for equal ones."""
    return [sum(other < size for other in sizes) + (sum(other == size for other in sizes) + 1) / 2 for size in sizes]
