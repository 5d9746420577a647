"""Weight averaging: the running mean that Keras's optimizer keeps of each weight, put in the place of the weights.

Lookahead (Zhang et al., 2019) is one more kind of it: its slow weights stand where those means do.
"""

import contextlib
from collections.abc import Callable, Iterator

import keras
import tensorflow as tf

from core.config.optimizers import Lookahead
from core.engine.keras_internals import averages_of, steps_of


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


def look_back(options: Lookahead, steps: int) -> Callable[[keras.Model], None]:
    """What a step does after its update, where the optimizer keeps slow weights: every few steps they go part of the
    way to the weights, and the weights go there, too.

    Args:
        steps: updates of the whole training, by which the share that they keep may grow.
    """

    def after(model: keras.Model) -> None:
        taken = tf.cast(steps_of(model.optimizer), tf.float32)
        kept = options.keep * tf.minimum(taken / steps, 1.0) ** options.growth

        def back() -> None:
            for weight, slow in averages_of(model.optimizer):
                share = tf.cast(kept, slow.dtype)
                slow.assign(share * slow + (1 - share) * tf.cast(weight, slow.dtype))
                weight.assign(slow)

        tf.cond(tf.equal(taken % options.every, 0), back, lambda: None)

    return after
