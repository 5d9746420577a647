"""Targets of which a few are very large: what scaling may suit them."""

import numpy as np

from core.data.base import Array

VERY = 3.0  # skewness, from which a scaling is proposed; that of an exponential distribution is 2


def skewness(values: Array) -> float:
    """The third standardised moment; 0 of values that are all the same."""
    known = np.asarray(values, np.float64)
    peak = float(np.abs(known).max(initial=0.0)) or 1.0
    centred = known / peak - (known / peak).mean() if len(known) else known
    deviation = float(np.sqrt((centred**2).mean())) if len(known) else 0.0
    return float(((centred / deviation) ** 3).mean()) if deviation else 0.0


def skew_note(y: Array, target: str) -> str:
    """What to consider for the training targets of a regression; "" where they are not very skewed."""
    y = y[np.isfinite(y)]  # of series, rows ahead have none
    found = skewness(y)
    if abs(found) < VERY:
        return ""
    kind = "log" if found > 0 and y.min() >= 0 else "robust"
    return f"{target or 'The target'} is very skewed (skewness {found:.1f}): consider the target scaling {kind}."
