"""Adam and AdamW as Keras has them, number for number, with what is the same for all weights computed once a step.

Keras computes it for each weight anew: a third of what it executes for a small network's update, and half of the time
that tracing the update takes.
"""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from core.engine.keras_internals import moments_of, replace_update


def share_scalars(adam: keras.optimizers.Adam) -> None:
    """Have it update weights that way, on one device.

    With the gradient g and step t: m += (1 - beta_1) (g - m), v += (1 - beta_2) (g ** 2 - v), and the weight
    -= m * alpha / (sqrt(v) + epsilon), alpha = rate * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t), in float32 and in this
    order (Kingma and Ba, 2015, at the end of section 2).
    """

    def update(gradients: Sequence[Any], weights: Sequence[keras.Variable], rate: tf.Tensor) -> None:
        step = tf.cast(adam.iterations + 1, tf.float32)
        power_1, power_2 = tf.pow(tf.constant(adam.beta_1), step), tf.pow(tf.constant(adam.beta_2), step)
        alpha = tf.cast(rate, tf.float32) * tf.sqrt(1 - power_2) / (1 - power_1)
        for gradient, weight in zip(gradients, weights, strict=True):
            if isinstance(gradient, tf.IndexedSlices) or weight.dtype != "float32":  # Keras has its own way for these
                adam.update_step(gradient, weight.value, rate)
                continue
            mean, square = (each.value for each in moments_of(adam, weight))
            gradient = tf.cast(gradient, tf.float32)
            mean.assign_add((gradient - mean) * (1 - adam.beta_1))
            square.assign_add((tf.square(gradient) - square) * (1 - adam.beta_2))
            weight.value.assign_sub(mean * alpha / (tf.sqrt(square) + adam.epsilon))

    replace_update(adam, update)
