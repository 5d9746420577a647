"""What a generator's losses on the test text say."""

import math

import numpy as np

from core.data.base import Array
from core.evaluation.curves import thinned
from core.evaluation.report import Generation, defined


def generation(losses: Array, right: Array) -> Generation:
    """Both [windows, length]: the loss of each token in nats, all numbers, and whether it was the most probable."""
    loss = float(losses.mean(dtype=np.float64))
    return Generation(
        loss=loss,
        perplexity=defined(math.exp(loss)) if loss < 700 else None,  # beyond it is more than a float holds
        tokens=losses.size,
        windows=len(losses),
        length=losses.shape[1],
        accuracy=float(right.mean()),
        by_position=tuple(losses.mean(axis=0, dtype=np.float64)[thinned(losses.shape[1])].tolist()),
    )
