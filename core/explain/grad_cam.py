"""Grad-CAM: where the last convolution's features speak for a class."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.common.errors import DataError
from core.data.base import Array
from core.engine.keras_internals import every_layer
from core.explain.chosen_output import ChosenOutput


def last_features(model: keras.Model) -> keras.Layer:
    """The layer that gives the last feature maps larger than one place, before they are pooled.

    Raises:
        DataError: the network has no convolution.
    """
    found: keras.Layer | None = None
    for layer in every_layer(model):
        kind = type(layer).__name__
        if isinstance(layer, keras.Model) or "Pool" in kind or "Padding" in kind or kind == "InputLayer":
            continue
        shape = _output_shape(layer)
        if len(shape) == 4 and shape[1] and shape[1] > 1 and (found is not None or "Conv" in kind):
            found = layer
    if found is None:
        raise DataError("Grad-CAM looks at the maps of a convolution, and this network has none. Take another method.")
    return found


def _output_shape(layer: keras.Layer) -> tuple[Any, ...]:
    try:
        return tuple(layer.output.shape)
    except (AttributeError, ValueError):  # a layer inside another, or one with several outputs
        return ()


def grad_cam(model: keras.Model, picture: Array, output: ChosenOutput) -> Array:
    """Selvaraju et al., 2017, arXiv 1610.02391, equations 1 and 2, for the probability of a class.

    Args:
        picture: [height, width, channels].

    Returns:
        float64 [height, width], 0 or more, without a unit: the maps' weighted sum, enlarged bilinearly.

    Raises:
        DataError: the network has no convolution.
    """
    layer = last_features(model)
    with captured(layer) as outputs, tf.GradientTape() as tape:
        value = output.of(tf.cast(model(tf.constant(picture[np.newaxis], tf.float32), training=False), tf.float32))
    maps = outputs[0]
    weights = tf.reduce_mean(tf.cast(tape.gradient(value, maps), tf.float32), axis=(1, 2), keepdims=True)
    found = tf.nn.relu(tf.reduce_sum(weights * tf.cast(maps, tf.float32), axis=-1, keepdims=True))
    enlarged: Array = tf.image.resize(found, picture.shape[:2])[0, :, :, 0].numpy().astype(np.float64)
    return enlarged


@contextmanager
def captured(layer: keras.Layer) -> Iterator[list[tf.Tensor]]:
    """What the layer gives within, call by call."""
    original, outputs = layer.call, []

    def call(*arguments: Any, **options: Any) -> Any:
        given = original(*arguments, **options)
        outputs.append(given)
        return given

    layer.call = call
    try:
        yield outputs
    finally:
        layer.call = original
