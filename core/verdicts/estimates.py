"""How much two sets of results differ, with an interval and how often chance alone gives as much.

`unpaired`: Welch's test (1947, Biometrika 34). `paired`: Student's test of the differences. `corrected`: the same, with
the variance that Nadeau and Bengio (2003, Machine Learning 52) give for results of overlapping training sets.

Where the numbers of results differ, Welch's test alone is wrong in up to 22 of 100 comparisons of equal configs: the
few may vary little by chance. There Student's test with one variance for both has to agree, which is no harder than
Welch's where as many are compared. Few results may all be the same, as accuracies of small test sets are; then a
variance says nothing, and the exact permutation test is asked, too. `python -m benchmarks.verdicts` has the figures.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

SURE = 0.05  # a difference that chance gives less often than this is one
_MOST_WAYS = 20_000  # to divide the results in two; of more, as many are drawn
_FEWEST_WAYS, _AT_ONCE = 1_000, 2_000_000  # fewer of many results: so many numbers in all, which takes 0.2 s
_ROUNDING = 1e-12  # of the largest value: what sums in another order differ by
_SEED = 0  # of what is drawn, so that the same results have the same verdict

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """The second mean less the first, in the metric's unit."""

    difference: float
    error: float  # standard error of the difference
    freedom: float  # degrees of freedom; inf where a normal distribution is meant
    chance: float  # how often two equal ones would differ as much: the p value, two-sided
    test: str = ""  # what it is called, where there are several for one kind of grounds

    def interval(self, miss: float = SURE) -> tuple[float, float]:
        """Of the true difference; it misses with this probability, and holds 0 exactly where `chance` is no less."""
        half = self._half(miss)
        if 0 < self.chance < 1 and self.difference:
            # Where another test than Welch's had the word, the interval is as wide as its answer is unsure.
            half = max(
                half, abs(self.difference) * _quantile(self.freedom, miss) / _quantile(self.freedom, self.chance)
            )
        elif self.difference and self.chance == 1:
            half = max(half, abs(self.difference))
        return self.difference - half, self.difference + half

    def is_widened(self, miss: float = SURE) -> bool:
        """Whether the interval is wider than its error has it, since the test is less sure."""
        low, high = self.interval(miss)
        return high - low > 2 * (1 + _ROUNDING) * self._half(miss) + 1e-6 * abs(self.difference)

    def times(self, exponent: int) -> "Estimate":
        """In a unit that is smaller by this power of two."""
        difference, error = (float(np.ldexp(each, exponent)) for each in (self.difference, self.error))
        return replace(self, difference=difference, error=error)

    def _half(self, miss: float) -> float:
        return _quantile(self.freedom, miss) * self.error


def unpaired(first: Sequence[float], second: Sequence[float]) -> Estimate:
    """Two values or more of each, drawn independently.

    Raises:
        ValueError: fewer than two of either.
    """
    one, other, exponent = _scaled(first, second)
    parts = [_variance(each) / len(each) for each in (one, other)]
    variance, difference = sum(parts), float(other.mean() - one.mean())
    shares = [part / variance if variance else 0.0 for part in parts]
    spread = sum(share * share / (len(each) - 1) for share, each in zip(shares, (one, other), strict=True))
    freedom = 1 / spread if spread else math.inf
    chance = chance_of(difference, math.sqrt(variance), freedom)
    counts = [len(one), len(other)]
    pooled = sum(part * count * (count - 1) for part, count in zip(parts, counts, strict=True)) / (sum(counts) - 2)
    common = math.sqrt(pooled * sum(1 / count for count in counts))
    chance = max(chance, chance_of(difference, common, sum(counts) - 2))
    if not all(parts):
        chance = max(chance, permuted(one, other))
    return Estimate(difference, math.sqrt(variance), freedom, chance).times(exponent)


def paired(first: Sequence[float], second: Sequence[float]) -> Estimate:
    """Values that belong together, in the same order; two pairs or more. Raises ValueError."""
    return _of_differences(first, second, 1.0)


def corrected(first: Sequence[float], second: Sequence[float], tested: float) -> Estimate:
    """Pairs of cross-validation.

    Args:
        tested: examples that a network was judged by, as a share of those that it learned from.

    Raises:
        ValueError: not as many of both, or fewer than two.
    """
    return _of_differences(first, second, 1.0 + len(first) * tested)


def _of_differences(first: Sequence[float], second: Sequence[float], factor: float) -> Estimate:
    if len(first) != len(second):
        raise ValueError(f"Pairs need as many values of both; received {len(first)} and {len(second)}")
    one, other, exponent = _scaled(first, second)
    differences = other - one
    count, mean = len(differences), float(differences.mean())
    error = math.sqrt(factor * _variance(differences) / count)
    chance = chance_of(mean, error, count - 1)
    if not error and mean:
        chance = 2.0 / 2**count  # of all signs that the differences may have, two are as uneven
    return Estimate(mean, error, count - 1, chance).times(exponent)


def permuted(first: Values, second: Values) -> float:
    """How often values divided by chance into two such sets have means that are as far apart: Fisher's exact test."""
    together, size = np.concatenate([first, second]), len(first)
    seen = abs(float(second.mean() - first.mean()))
    total, count = float(together.sum()), len(together)
    if min(size, count - size) < _MOST_WAYS.bit_length() and math.comb(count, size) <= _MOST_WAYS:
        ways = np.array(list(itertools.combinations(range(count), size)))
        drawn = 0
    else:
        some = max(_FEWEST_WAYS, min(_MOST_WAYS, _AT_ONCE // count))
        ways = np.random.default_rng(_SEED).permuted(np.tile(np.arange(count), (some, 1)), axis=1)[:, :size]
        drawn = 1  # what was seen counts as one of those drawn
    sums = together[ways].sum(axis=1)
    apart = np.abs((total - sums) / (count - size) - sums / size)
    as_far = int((apart >= seen - _ROUNDING * float(np.abs(together).max())).sum())
    return (as_far + drawn) / (len(ways) + drawn)


def _variance(values: Values) -> float:
    """0 of values that differ by rounding at most."""
    return float(values.var(ddof=1)) if np.ptp(values) > _ROUNDING * np.abs(values).max() else 0.0


def _scaled(first: Sequence[float], second: Sequence[float]) -> tuple[Values, Values, int]:
    """Both divided by the power of two that makes them about 1, so that squares neither overflow nor are 0."""
    one, other = _checked(first), _checked(second)
    exponent = math.frexp(max(float(np.abs(each).max()) for each in (one, other)))[1]
    return np.ldexp(one, -exponent), np.ldexp(other, -exponent), exponent


def _checked(values: Sequence[float]) -> Values:
    found = np.asarray(values, np.float64)
    if len(found) < 2 or not np.isfinite(found).all():
        raise ValueError(f"Two finite values or more are compared; received {found.tolist()}")
    return found


def chance_of(difference: float, error: float, freedom: float) -> float:
    """How often a difference of none is seen as large, two-sided, by Student's distribution of this freedom."""
    from scipy.special import ndtr, stdtr  # the command line starts without SciPy

    if not error:
        return 0.0 if difference else 1.0
    score = -abs(difference / error)
    return float(2 * (ndtr(score) if math.isinf(freedom) else stdtr(freedom, score)))


def _quantile(freedom: float, miss: float) -> float:
    """Standard errors beyond which chance leads in so many cases, to both sides together."""
    from scipy.special import ndtri, stdtrit

    return float(-ndtri(miss / 2) if math.isinf(freedom) else -stdtrit(freedom, miss / 2))
