"""Integrated gradients: how much each number of an input moved the answer, on the straight way from a baseline."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.data.base import Array
from core.explain.budget import Budget
from core.jobs.explanation_told import COMPLETE

_STEPS = 16, 64, 256, 1024
_MOST_VALUES = 2**22  # that one batch of points holds
_LEAST = 1e-3  # of the answers' size: of a smaller difference no share can be told

Gradients = Callable[[Array], tuple[Array, Array]]  # points [n, …] -> answers [n], gradients [n, …]


@dataclass(frozen=True)
class Integrated:
    attributions: Array  # float64 [...], in the answer's unit; they add up to answer - baseline
    slopes: Array  # the same shape: the mean gradient, of which attributions are the product with input - baseline
    ends: tuple[float, float]  # the answers for the input and the baseline, but for an offset that both have
    steps: int
    error: float  # |sum - (answer - baseline)| / |answer - baseline|


def integrated_gradients(
    gradients: Gradients, x: Array, baseline: Array, steps: tuple[int, ...] = _STEPS, budget: Budget | None = None
) -> Integrated:
    """Sundararajan, Taly and Yan, 2017, arXiv 1703.01365, equation 1, by Gauss-Legendre quadrature.

    Args:
        gradients: of one answer, for points between the two.
        x: [...], the input.
        baseline: [...], what it is compared with.
        steps: numbers of points that are tried until the attributions add up to the difference of the answers within
            COMPLETE (the paper's axiom of completeness); the last is kept, with its error, where none is enough.
        budget: after the first number, more steps are only taken in time.
    """
    budget = budget or Budget()
    x, baseline = np.asarray(x, np.float64), np.asarray(baseline, np.float64)
    ends, _ = gradients(np.stack([x, baseline]).astype(np.float32))
    difference = float(ends[0]) - float(ends[1])
    size = max(abs(difference), _LEAST * float(np.abs(ends).max()), 1e-12)
    found: Integrated | None = None
    for count in steps:
        mean = partial(_mean_gradient, gradients, x, baseline, count)
        slopes = mean() if found is None else budget.optional(mean)
        if slopes is None:
            break
        attributions = (x - baseline) * slopes
        error = abs(float(attributions.sum()) - difference) / size
        found = Integrated(attributions, slopes, (float(ends[0]), float(ends[1])), count, error)
        if error <= COMPLETE:
            break
    assert found is not None
    return found


def _mean_gradient(gradients: Gradients, x: Array, baseline: Array, count: int) -> Array:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    shares, weights = (nodes + 1) / 2, weights / 2
    batch = max(1, min(128, _MOST_VALUES // max(1, x.size)))
    total = np.zeros(x.shape)
    for start in range(0, count, batch):
        part = shares[start : start + batch].reshape(-1, *[1] * x.ndim)
        _, found = gradients((baseline + part * (x - baseline)).astype(np.float32))
        total += np.tensordot(weights[start : start + batch], found.astype(np.float64), axes=1)
    return total
