"""How alike two explanations order the parts of an input."""

import math

import numpy as np
from scipy.stats import spearmanr

from core.data.base import Array

_LEAST = 5  # parts of which a third quantity leaves something to compare


def rank_correlation(first: Array, second: Array) -> float | None:
    """Spearman's, of the absolute values; None where it is not defined: of fewer than three, or of all the same."""
    one, other = np.abs(np.ravel(first)), np.abs(np.ravel(second))
    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    found = float(spearmanr(one, other).statistic)
    return found if math.isfinite(found) else None


def partial_correlation(first: Array, second: Array, given: Array) -> float | None:
    """The same of what the ranks of a third leave of both; None also of few parts, and where it leaves nothing."""
    if np.size(first) < _LEAST:
        return None
    both, one, other = (
        rank_correlation(left, right) for left, right in ((first, second), (first, given), (second, given))
    )
    if both is None or one is None or other is None:
        return None
    left = (1 - one**2) * (1 - other**2)
    return (both - one * other) / math.sqrt(left) if left > 1e-9 else None
