"""What further seeds of a cross-validation would tell: each cuts the examples anew, and all its folds are run.

Of m results the corrected variance of the mean is (1/m + tested/trained) times that of single ones (Nadeau and Bengio,
2003). Further seeds make the first term small and leave the second as it is, so that below some difference no number of
them is enough.
"""

import math
from dataclasses import dataclass

from core.verdicts.estimates import SURE
from core.verdicts.power import MOST, POWER, shift_told, told_with

MOST_EXAMPLES = 1_000  # times as many that are thought of


@dataclass(frozen=True)
class RepeatedFolds:
    """What was seen of two configs on the same folds."""

    difference: float  # of the means
    error: float  # its corrected standard error
    count: int  # results of each: folds, of all seeds; two or more
    folds: int  # that a seed cuts the examples into
    miss: float = SURE
    power: float = POWER

    @property
    def seeds(self) -> int | None:
        """Seeds of each, with all folds, that would tell the difference seen; None where MOST would not do."""
        first = self.count // self.folds + 1
        return next((seeds for seeds in range(first, MOST + 1) if self._is_told(seeds * self.folds)), None)

    def told_by(self, seeds: int) -> float:
        """The difference that so many seeds of each, with all folds, would tell; 0 without any spread."""
        count = seeds * self.folds
        error = self._deviation * math.sqrt(1 / count + self._shared)
        return error * shift_told(count - 1, self.miss, self.power)

    @property
    def least(self) -> float:
        """The difference that any number of seeds would have to tell this often; 0 without any spread."""
        from scipy.special import ndtri  # the command line starts without SciPy

        return self._deviation * math.sqrt(self._shared) * float(ndtri(self.power) - ndtri(self.miss / 2))

    @property
    def examples(self) -> float:
        """How many times as many examples would tell the difference seen with as many folds, if results then spread as
        little as means of so many examples do; MOST_EXAMPLES where it would be more."""
        low, high = 1.0, 2.0
        while high < MOST_EXAMPLES and not self._is_told(self.count, high):
            low, high = high, min(2 * high, MOST_EXAMPLES)
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (low, middle) if self._is_told(self.count, middle) else (middle, high)
        return high

    @property
    def _shared(self) -> float:
        return 1 / max(1, self.folds - 1)  # tested/trained

    @property
    def _deviation(self) -> float:
        """Of the differences of single folds."""
        return self.error / math.sqrt(1 / self.count + self._shared)

    def _is_told(self, count: int, examples: float = 1.0) -> bool:
        error = self._deviation * math.sqrt((1 / count + self._shared) / examples)
        if not error:  # of all signs that the differences may have, two are as uneven
            return bool(2 / 2**count < self.miss)
        return told_with(abs(self.difference) / error, count - 1, self.miss) >= self.power
