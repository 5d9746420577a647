"""Whether an explanation depends on what the network has learned: the same for random weights (Adebayo et al., 2018).

An explanation that looks alike when the weights are random tells something of the input, and nothing of the network.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import keras
import numpy as np

from core.data.base import Array
from core.explain.rank_correlation import partial_correlation, rank_correlation

_STATISTICS = {"mean", "variance", "count", "moving_mean", "moving_variance"}  # of the data, not learned by gradients
_MANY, _SEEDS, _FOR_FEW = 12, 3, 10  # parts of an input; networks with random weights, and those where parts are few


def sanity(
    model: keras.Model, learned: Array, explained: Callable[[], Array], given: Array | None = None
) -> float | None:
    """The mean rank correlation of an explanation with those of networks with random weights, -1 to 1.

    None where it is not defined. Of few parts a single network would agree by chance, so more are asked.

    Args:
        learned: how much each part counts, by the model as it is.
        explained: the same by the model as it is when this is called.
        given: of each part, what any network of this architecture goes by, and what is taken out of both. Recurrent
            networks with random weights explain alike among themselves (rank correlation 0.5 to 0.85 over 16 texts):
            the last token counts most. That says nothing of whether what was learned is explained.
    """
    found = []
    for seed in range(_FOR_FEW if learned.size < _MANY else _SEEDS):
        with random_weights(model, seed):
            again = explained()
        found.append(rank_correlation(learned, again) if given is None else partial_correlation(learned, again, given))
    known = [each for each in found if each is not None]
    return float(np.mean(known)) if known else None


@contextmanager
def random_weights(model: keras.Model, seed: int) -> Iterator[None]:
    """Within, the model has random weights: matrices after Glorot and Bengio (2010), biases 0, scales 1."""
    learned = [each for each in model.weights if each.path.rpartition("/")[2] not in _STATISTICS]
    kept = [(each, each.numpy()) for each in learned if "float" in str(each.dtype)]
    drawn = np.random.default_rng(seed)
    try:
        for weight, values in kept:
            weight.assign(_drawn(drawn, values.shape, weight.path))
        yield
    finally:
        for weight, values in kept:
            weight.assign(values)


def _drawn(drawn: np.random.Generator, shape: tuple[int, ...], path: str) -> Array:
    if len(shape) < 2:
        return np.full(shape, float(path.endswith("gamma")), np.float32)
    places = math.prod(shape[:-2])
    most = math.sqrt(6 / (places * (shape[-2] + shape[-1])))
    return drawn.uniform(-most, most, shape).astype(np.float32)
