"""Learning from another network's answers, which is asked about each batch as the step sees it, augmented and all."""

from typing import Any

import keras
import tensorflow as tf

from core.config.compression import Distillation

_LEAST = 1e-7  # of a probability


class Teacher:
    """A network that learns nothing, and what its answers are to the loss of one that does."""

    def __init__(self, model: keras.Model, options: Distillation, *, labels: bool, variance: float | None) -> None:
        """
        Args:
            labels: its outputs are probabilities of labels, each by itself.
            variance: of the targets, where its outputs are numbers and no probabilities.
        """
        model.trainable = False
        self._model = model
        self._options = options
        self._labels = labels
        self._variance = variance

    def mixed(self, loss: tf.Tensor, x: Any, predicted: tf.Tensor, penalty: Any) -> tf.Tensor:
        """The loss to learn by: partly that to the labels, partly the distance to the answers, and the penalty."""
        weight = self._options.weight
        apart = tf.cast(self._apart(self._model(x, training=False), predicted), loss.dtype)
        return (1 - weight) * loss + weight * (apart + tf.cast(penalty, loss.dtype))

    def _apart(self, given: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
        """Mean over the batch: the squared difference as a share of the variance, or the divergence (KL) of what is
        expected from what is predicted, times the square of the temperature, so that gradients keep their size.
        """
        given, predicted = (tf.cast(each, tf.float32) for each in (given, predicted))
        if self._variance is not None:
            return tf.reduce_mean(tf.square(predicted - tf.reshape(given, tf.shape(predicted)))) / self._variance
        expected, found = self._logarithms(given), self._logarithms(predicted)
        divergence = tf.reduce_sum(tf.exp(expected) * (expected - found), axis=-1)
        return self._options.temperature**2 * tf.reduce_mean(divergence)

    def _logarithms(self, probabilities: tf.Tensor) -> tf.Tensor:
        """Of probabilities whose logits were divided by the temperature: [..., classes], [..., labels, 2]."""
        if self._labels:
            probabilities = tf.stack([1 - probabilities, probabilities], axis=-1)
        elif probabilities.shape[-1] == 1:
            probabilities = tf.concat([1 - probabilities, probabilities], axis=-1)
        logits = tf.math.log(tf.maximum(probabilities, _LEAST)) / self._options.temperature
        return tf.nn.log_softmax(logits)
