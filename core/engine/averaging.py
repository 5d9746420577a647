"""Weight averaging: the running mean that Keras's optimizer keeps of each weight, put in the place of the weights."""

import contextlib
from collections.abc import Iterator

import keras
import tensorflow as tf

from core.engine.keras_internals import averages_of


def begin_averages(model: keras.Model) -> None:
    """Let each mean begin at its weight: Keras's begins at zero, and stays there where the first steps are skipped."""
    for weight, average in averages_of(model.optimizer):
        average.assign(weight)


@contextlib.contextmanager
def averaged(model: keras.Model) -> Iterator[None]:
    """Within, the model has the means of its weights, where there are any."""
    pairs = averages_of(model.optimizer)
    weights = [tf.identity(weight.value) for weight, _ in pairs]
    try:
        for weight, average in pairs:
            weight.assign(average)
        yield
    finally:
        for (weight, _), value in zip(pairs, weights, strict=True):
            weight.assign(value)
