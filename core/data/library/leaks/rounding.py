"""Numbers that are others but for rounding, in their own unit or in another one."""

import numpy as np

from core.data.base import Array

_FEWEST = 20  # rows from which on rounding is told from measuring
_COARSEST = 0.25  # of the deviation, that a step of what is rounded and scaled may be
_WIDE = 0.8  # of a step, at least, over which errors of rounding spread; those of a good measurement need not


def rounded(coarse: Array, fine: Array) -> bool:
    """Whether the first are a linear function of the second, rounded: errors fill a step, and go no further."""
    step = _step(coarse)
    if len(coarse) < _FEWEST or not step or not coarse.std() or not fine.std():
        return False
    centred = fine - fine.mean()
    slope = float(np.polyfit(centred, coarse, 1)[0])
    inexact = 1.8 / len(coarse) ** 0.5  # what a slope that is estimated adds at both ends
    for scale, coarsest, most in ((1.0, 1.0, 1 + 1e-6), (slope, _COARSEST, 1 + inexact)):
        errors = coarse - scale * centred
        if step <= coarsest * coarse.std() and _WIDE < (errors.max() - errors.min()) / step < most:
            return True
    return False


def _step(values: Array) -> float:
    """What all are multiples of: 1, 2, 2.5 or 5 times a power of ten; 0 for none."""
    for power in (10.0**exponent for exponent in range(4, -7, -1)):
        for step in (5 * power, 2.5 * power, 2 * power, power):
            if np.abs(values / step - np.round(values / step)).max() < 1e-6:
                return step
    return 0.0
