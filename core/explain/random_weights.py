"""A network whose weights are random for a while: what an explanation of what was learned is compared with."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np

from core.data.base import Array

_STATISTICS = {"mean", "variance", "count", "moving_mean", "moving_variance"}  # of the data, not learned by gradients


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
