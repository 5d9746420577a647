"""Grad-CAM and Grad-CAM++: where the last convolution's features speak for a class."""

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


def grad_cam(model: keras.Model, picture: Array, output: ChosenOutput, *, plus: bool = False) -> Array:
    """Selvaraju et al., 2017, arXiv 1610.02391, equations 1 and 2, for the probability of a class.

    Args:
        picture: [height, width, channels].
        plus: Grad-CAM++, Chattopadhay et al., 2018, arXiv 1710.11063, equations 5 and 19: places whose gradients are
            above 0 weigh a map, by what they give it, where Grad-CAM takes the mean. A cause that covers few places, or
            is there more than once, is not lost in a mean over all.

    Returns:
        float64 [height, width], 0 or more, without a unit: the maps' weighted sum, enlarged bilinearly.

    Raises:
        DataError: the network has no convolution.
    """
    layer = last_features(model)
    with captured(layer) as outputs, tf.GradientTape() as tape:
        value = output.of(tf.cast(model(tf.constant(picture[np.newaxis], tf.float32), training=False), tf.float32))
    slopes = tf.cast(tape.gradient(value, outputs[0]), tf.float32).numpy()[0].astype(np.float64)
    maps = tf.cast(outputs[0], tf.float32).numpy()[0].astype(np.float64)
    weights = _weights(slopes, maps, float(value[0])) if plus else slopes.mean(axis=(0, 1))
    found = np.maximum((maps * weights).sum(axis=-1, keepdims=True), 0)
    # float32, which the smallest gradients are lost in: a map has no unit.
    found = found / (found.max() or 1.0) if plus else found
    enlarged: Array = tf.image.resize(found[np.newaxis], picture.shape[:2])[0, :, :, 0].numpy().astype(np.float64)
    return enlarged


def _weights(slopes: Array, maps: Array, value: float) -> Array:
    """[channels]. The paper's score S, of which exp(S) is differentiated, is the logarithm of the probability here."""
    of_score = slopes / max(abs(value), 1e-30)
    squared = of_score**2
    below = 2 * squared + maps.sum(axis=(0, 1)) * squared * of_score
    alphas = np.divide(squared, below, out=np.zeros_like(squared), where=np.abs(below) > 0)
    weights: Array = (alphas * np.maximum(of_score, 0)).sum(axis=(0, 1))
    return weights


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
