"""How many repeats would tell a difference."""

import math

from core.verdicts.estimates import SURE

POWER = 0.8  # probability with which a difference that there is is told
MOST = 100  # repeats of each that are thought of


def needed(difference: float, deviations: tuple[float, float], miss: float = SURE, power: float = POWER) -> int | None:
    """Repeats of each of two configs, by Welch's test; None where MOST would not do.

    Args:
        difference: of the true means.
        deviations: standard deviations over the repeats of either, in the same unit.
    """
    return next((count for count in range(2, MOST + 1) if _told(difference, deviations, count, miss) >= power), None)


def needed_pairs(difference: float, deviation: float, miss: float = SURE, power: float = POWER) -> int | None:
    """As `needed`, of pairs; `deviation`: standard deviation of their differences."""
    if not deviation:  # of all signs that the differences may have, two are as uneven
        return next((count for count in range(2, MOST + 1) if 2 / 2**count < miss), None)
    return needed(difference, (deviation, 0.0), miss, power)


def smallest(deviations: tuple[float, float], count: int, miss: float = SURE, power: float = POWER) -> float:
    """The difference that so many repeats of each, two or more, would tell with this power; 0 without any spread."""
    low, high = 0.0, math.hypot(*deviations)
    if not high:
        return 0.0
    while _told(high, deviations, count, miss) < power:
        high *= 2
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if _told(middle, deviations, count, miss) >= power else (middle, high)
    return high


def _told(difference: float, deviations: tuple[float, float], count: int, miss: float) -> float:
    spread = math.hypot(*deviations)
    if not spread:  # without spread the permutation test decides
        return float(bool(difference) and 2 / math.comb(2 * count, count) < miss)
    freedom = (count - 1) / sum((deviation / spread) ** 4 for deviation in deviations)
    return told_with(abs(difference) / spread * math.sqrt(count), freedom, miss)


def told_with(shift: float, freedom: float, miss: float = SURE) -> float:
    """How often Student's test tells a difference of so many standard errors."""
    from scipy.special import nctdtr, stdtrit  # the command line starts without SciPy

    if shift > 30:  # beyond what its distribution is computed for
        return 1.0
    return float(1 - nctdtr(freedom, shift, -stdtrit(freedom, miss / 2)))


def shift_told(freedom: float, miss: float = SURE, power: float = POWER) -> float:
    """The smallest difference, in standard errors, that Student's test tells this often."""
    low, high = 0.0, 4.0
    while told_with(high, freedom, miss) < power:
        high *= 2
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if told_with(middle, freedom, miss) >= power else (middle, high)
    return high
