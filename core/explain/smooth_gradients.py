"""SmoothGrad: where the answer moves most when the picture changes a little, with noise averaged out."""

import numpy as np

from core.data.base import Array
from core.explain.budget import Budget
from core.explain.integrated_gradients import Gradients

_SAMPLES = 48
_AT_ONCE = 16
_NOISE = 0.15  # of the picture's range; the paper finds 10 to 20 % best


def smooth_gradients(gradients: Gradients, x: Array, samples: int = _SAMPLES, budget: Budget | None = None) -> Array:
    """Smilkov et al., 2017, arXiv 1706.03825: the mean gradient over noisy copies of the input.

    Slopes, which add up to nothing: completeness is not claimed.

    Args:
        gradients: of one answer.
        x: [height, width, channels].
        budget: after the first copies, more are only asked for in time.

    Returns:
        float64 [height, width], 0 or more: the absolute mean gradients of a pixel's channels, added up.
    """
    budget = budget or Budget()
    drawn = np.random.default_rng(0)
    spread = _NOISE * max(float(np.ptp(x)), 1e-12)
    total, count = np.zeros(x.shape), 0

    def some() -> Array:
        noisy = x + drawn.normal(0, spread, (_AT_ONCE, *x.shape))
        slopes: Array = gradients(noisy.astype(np.float32))[1].astype(np.float64).sum(axis=0)
        return slopes

    while count < samples:
        found = budget.optional(some) if count else some()
        if found is None:
            break
        total, count = total + found, count + _AT_ONCE
    heat: Array = np.abs(total / count).sum(axis=-1)
    return heat
