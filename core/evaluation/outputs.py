"""Predictions for many examples: in batches, by one graph, whatever the kind of the data."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.data.base import Array, Examples
from core.data.examples import count, take

BATCH = 256
_MOST_VALUES = 2**25  # that one batch gives: 128 MB in float32


def predict(model: keras.Model, x: Examples, before_batch: Callable[[], object]) -> Array:
    """What the model gives for these examples, float32 [examples, …]; what `before_batch` raises ends it."""

    def forward(part: Any) -> tf.Tensor:
        return tf.cast(model(part, training=False), tf.float32)

    parts = _by_batch(forward, x, None, BATCH, before_batch)
    return np.concatenate(parts) if parts else np.empty((0, *model.output_shape[1:]), np.float32)


def token_losses(model: keras.Model, x: Array, y: Array, before_batch: Callable[[], object]) -> tuple[Array, Array]:
    """Of a generator, both [windows, length]: the loss of each token in nats, and whether it was the most probable.

    Never more than a batch of the distributions is in memory: that of all would be [windows, length, vocabulary].
    """

    def forward(part: tf.Tensor, targets: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        probabilities = tf.cast(model(part, training=False), tf.float32)
        given = tf.gather(probabilities, targets, axis=-1, batch_dims=2)
        losses = -tf.math.log(tf.clip_by_value(given, keras.config.epsilon(), 1.0))
        return losses, tf.argmax(probabilities, axis=-1, output_type=targets.dtype) == targets

    fits = _MOST_VALUES // max(1, int(np.prod(model.output_shape[1:])))
    parts = _by_batch(forward, x, y, max(1, min(BATCH, fits)), before_batch)
    losses, right = zip(*parts, strict=True)
    return np.concatenate(losses), np.concatenate(right)


def _by_batch(
    function: Callable[..., Any], x: Examples, y: Array | None, batch: int, before_batch: Callable[[], object]
) -> list[Any]:
    graph = tf.function(function, reduce_retracing=True)
    found = []
    for start in range(0, count(x), batch):
        before_batch()
        part = slice(start, start + batch)
        inputs = [tf.nest.map_structure(tf.convert_to_tensor, take(x, part))]
        if y is not None:
            inputs.append(tf.convert_to_tensor(y[part]))
        found.append(tf.nest.map_structure(lambda tensor: tensor.numpy(), graph(*inputs)))
    return found
