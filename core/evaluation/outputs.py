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


def predict(model: keras.Model, x: Examples, y: Array, before_batch: Callable[[], object]) -> tuple[Array, Array]:
    """What the model gives for these examples, float32 [examples, …], and the loss of each by what it gives.

    Args:
        model: compiled.
        y: as its loss takes them.
        before_batch: what it raises ends it.
    """

    def forward(part: Any, targets: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        given = model(part, training=False)
        return tf.cast(given, tf.float32), _losses(model, targets, given)

    parts = _by_batch(forward, x, y, BATCH, before_batch)
    outputs, losses = zip(*parts, strict=True)
    return np.concatenate(outputs), np.concatenate(losses)


def outputs(model: keras.Model, x: Examples, before_batch: Callable[[], object]) -> Array:
    """What the model gives for these examples, float32 [examples, …]."""

    def forward(part: Any, _: tf.Tensor) -> tf.Tensor:
        return tf.cast(model(part, training=False), tf.float32)

    return np.concatenate(_by_batch(forward, x, np.zeros(count(x)), BATCH, before_batch))


def token_losses(model: keras.Model, x: Array, y: Array, before_batch: Callable[[], object]) -> tuple[Array, Array]:
    """Of a generator, both [windows, length]: the loss of each token in nats, and whether it was the most probable.

    Never more than a batch of the distributions is in memory: that of all would be [windows, length, vocabulary].
    """

    def forward(part: tf.Tensor, targets: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        given = model(part, training=False)
        return _losses(model, targets, given), tf.argmax(given, axis=-1, output_type=targets.dtype) == targets

    fits = _MOST_VALUES // max(1, int(np.prod(model.output_shape[1:])))
    parts = _by_batch(forward, x, y, max(1, min(BATCH, fits)), before_batch)
    losses, right = zip(*parts, strict=True)
    return np.concatenate(losses), np.concatenate(right)


def _losses(model: keras.Model, targets: tf.Tensor, given: tf.Tensor) -> tf.Tensor:
    """By the probabilities, which Keras clips at 1e-7, and never by the logits that it finds behind a last softmax.

    So the same network has the same loss as .keras, as .onnx and as the one member of an ensemble.
    """
    return tf.cast(model.loss.call(targets, tf.identity(given)), tf.float32)


def _by_batch(
    function: Callable[..., Any], x: Examples, y: Array, batch: int, before_batch: Callable[[], object]
) -> list[Any]:
    of_all = tf.nest.map_structure(_any_count, (x, y))
    graph = tf.function(function, input_signature=of_all, autograph=False)
    found = []
    for start in range(0, count(x), batch):
        before_batch()
        part = slice(start, start + batch)
        inputs = tf.nest.map_structure(tf.convert_to_tensor, take(x, part))
        found.append(tf.nest.map_structure(lambda tensor: tensor.numpy(), graph(inputs, tf.convert_to_tensor(y[part]))))
    return found


def _any_count(array: Array) -> tf.TensorSpec:
    """One graph for every batch, the last one as well, which may be smaller."""
    return tf.TensorSpec([None, *array.shape[1:]], tf.convert_to_tensor(array[:1]).dtype)
