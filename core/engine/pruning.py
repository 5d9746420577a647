"""Pruning while a network trains: every few updates the smallest weights become zero, and what is zero stays so.

There are no masks to keep: a weight that is zero before an update is zero after it. So a checkpoint holds all there is.
"""

import keras
import tensorflow as tf

from core.config.compression import Pruning
from core.engine.keras_internals import averages_of, steps_of

_CUTS = 20  # by which the sparsity rises
_HALVINGS = 30  # of the range of sizes, to find a bound


def kernels(model: keras.Model) -> list[keras.Variable]:
    """Weights that are pruned: those that are trained and multiply, not biases and the factors of normalisations."""
    return [weight for weight in model.trainable_variables if len(weight.shape) > 1 and "bias" not in weight.name]


class Pruner:
    """What each step does for it."""

    def __init__(self, options: Pruning, updates: int, *, fresh: bool = False) -> None:
        """
        Args:
            updates: those of the whole training.
            fresh: the network begins at random, some of it at zero: after the first update that counts no more.
        """
        self._options = options
        self._fresh = fresh
        self._ramp = options.ramp_steps(updates)
        self._every = max(1, self._ramp // _CUTS)

    def zeros(self, model: keras.Model) -> list[tf.Tensor]:
        """Before an update: what of each kernel is zero."""
        zeros = [tf.equal(tf.convert_to_tensor(weight), 0) for weight in kernels(model)]
        begun = tf.cast(steps_of(model.optimizer), tf.int32) > 0
        return [tf.logical_and(zero, begun) for zero in zeros] if self._fresh else zeros

    def hold(self, model: keras.Model, zeros: list[tf.Tensor]) -> None:
        """After an update: the same is zero again, and every few updates more of it; so are the means of weights."""
        weights = kernels(model)
        taken = tf.cast(steps_of(model.optimizer), tf.int32)
        values = [tf.where(zero, tf.zeros_like(weight), weight) for zero, weight in zip(zeros, weights, strict=True)]
        cuts = tf.logical_or(tf.equal(taken % self._every, 0), tf.equal(taken, self._ramp))
        values = tf.cond(cuts, lambda: self._cut(values, taken), lambda: values)
        means = {id(weight): mean for weight, mean in averages_of(model.optimizer)}
        for weight, value in zip(weights, values, strict=True):
            weight.assign(value)
            if (mean := means.get(id(weight))) is not None:
                mean.assign(tf.where(tf.equal(value, 0), tf.zeros_like(mean), mean))

    def _cut(self, values: list[tf.Tensor], taken: tf.Tensor) -> list[tf.Tensor]:
        left = 1 - tf.minimum(tf.cast(taken, tf.float32) / self._ramp, 1.0)
        share = self._options.sparsity * (1 - left**3)
        sizes = [tf.abs(value) for value in values]
        if self._options.scope == "network":
            bound = _bound(tf.concat([tf.reshape(tf.cast(size, tf.float32), [-1]) for size in sizes], 0), share)
            bounds = [tf.cast(bound, size.dtype) for size in sizes]
        else:
            bounds = [_bound(tf.reshape(size, [-1]), share) for size in sizes]
        return [
            tf.where(size > bound, value, tf.zeros_like(value))
            for value, size, bound in zip(values, sizes, bounds, strict=True)
        ]


def _bound(sizes: tf.Tensor, share: tf.Tensor) -> tf.Tensor:
    """The size up to which this share of them lies; below zero where that is none. Halved for: XLA sorts slowly."""
    wanted = tf.cast(tf.round(share * sizes.shape[0]), tf.int64)
    low, high = -tf.ones([], sizes.dtype), tf.reduce_max(sizes)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = tf.reduce_sum(tf.cast(sizes <= middle, tf.int64)) >= wanted
        low, high = tf.where(enough, low, middle), tf.where(enough, middle, high)
    return tf.where(wanted > 0, high, -tf.ones([], sizes.dtype))


def sparsity(model: keras.Model) -> tuple[int, int]:
    """How many weights of kernels are zero, and how many there are."""
    weights = [tf.convert_to_tensor(each) for each in kernels(model)]
    return sum(int(tf.reduce_sum(tf.cast(each == 0, tf.int64))) for each in weights), sum(map(_count, weights))


def _count(tensor: tf.Tensor) -> int:
    return int(tensor.shape.num_elements())
