"""A Keras network as explanations ask it: many inputs at once, and gradients of one of its answers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.common.errors import DataError
from core.data.base import Array, DataInfo, Examples
from core.data.number_scaling import Numbers, Target
from core.data.vocabulary import PADDING
from core.engine.keras_internals import every_layer
from core.explain.chosen_output import ChosenOutput
from core.explain.grad_cam import grad_cam
from core.explain.random_weights import random_weights
from core.explain.subject import Subject

_MANY, _SEEDS, _FOR_FEW = 12, 3, 10  # parts of an input; networks with random weights, and those where parts are few

Outputs = Callable[[Examples], Array]


class KerasSubject(Subject):
    """The graphs are traced once, whatever is explained of how many inputs."""

    def __init__(self, model: keras.Model, info: DataInfo, numbers: Numbers, outputs: Outputs) -> None:
        """
        Args:
            outputs: examples as the data have them -> [examples, outputs] in the target's unit; of `model`.
        """
        super().__init__(info)
        self._model, self._target, self._outputs = model, numbers.target, outputs
        scalars = [tf.TensorSpec([], tf.int32)] * 2
        points = tf.TensorSpec([None, *info.shape], tf.float32)
        self._of_inputs = tf.function(self._slopes_of_inputs, input_signature=[points, *scalars])
        ids, embedded = tf.TensorSpec(info.shape, tf.int32), tf.TensorSpec([None, *info.shape, None], tf.float32)
        self._of_embedded = tf.function(self._slopes_of_embedded, input_signature=[ids, embedded, *scalars])

    def outputs(self, x: Examples) -> Array:
        return self._outputs(x)

    def random_networks(self, parts: int) -> int:
        """Of few parts a single network would agree by chance, so more are asked."""
        return _FOR_FEW if parts < _MANY else _SEEDS

    def random_weights(self, seed: int) -> AbstractContextManager[None]:
        return random_weights(self._model, seed)

    def gradients(self, output: ChosenOutput, x: Array) -> tuple[Array, Array]:
        self.budget.check()
        values, slopes = self._of_inputs(tf.constant(x, tf.float32), *_as_tensors(output))
        return values.numpy(), slopes.numpy()

    def gradients_of_embedded(self, output: ChosenOutput, ids: Array, embedded: Array) -> tuple[Array, Array]:
        self.budget.check()
        given = tf.constant(ids), tf.constant(embedded, tf.float32)
        values, slopes = self._of_embedded(*given, *_as_tensors(output))
        return values.numpy(), slopes.numpy()

    def embedded(self, ids: Array) -> tuple[Array, Array]:
        table = np.asarray(self._embedding().embeddings, np.float64)
        return table[ids], table[PADDING]

    def grad_cam(self, output: ChosenOutput, picture: Array, *, plus: bool = False) -> Array:
        return grad_cam(self._model, picture, output, plus=plus)

    def _embedding(self) -> keras.layers.Embedding:
        """That of the tokens. Raises DataError: a network without one."""
        for layer in every_layer(self._model):
            if isinstance(layer, keras.layers.Embedding) and layer.input_dim == self.info.vocabulary:
                return layer
        raise DataError("This network has no embedding of tokens to follow gradients to. Take another method.")

    def _slopes_of_inputs(self, x: tf.Tensor, column: tf.Tensor, sign: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            values = self._value(x, column, sign)
        return values, tape.gradient(values, x, unconnected_gradients="zero")

    def _slopes_of_embedded(
        self, ids: tf.Tensor, embedded: tf.Tensor, column: tf.Tensor, sign: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        layer = self._embedding()
        embedded = tf.ensure_shape(embedded, [None, *self.info.shape, layer.output_dim])
        with tf.GradientTape() as tape, given_instead(layer, embedded):
            tape.watch(embedded)
            texts = tf.repeat(ids[tf.newaxis], tf.shape(embedded)[0], axis=0)
            values = self._value(texts, column, sign)
        return values, tape.gradient(values, embedded, unconnected_gradients="zero")

    def _value(self, x: Any, column: tf.Tensor, sign: tf.Tensor) -> tf.Tensor:
        given = tf.cast(self._model(x, training=False), tf.float32)
        value = in_unit(tf.gather(given, column, axis=1), self._target)
        return value if self.info.predicts_numbers else tf.where(sign > 0, value, 1.0 - value)


def _as_tensors(output: ChosenOutput) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.constant(output.column), tf.constant(-1 if output.flipped else 1)


def in_unit(given: tf.Tensor, target: Target | None) -> tf.Tensor:
    """What a network gave, in the target's unit but for the offset, which no difference has and float32 may not hold.

    core.data.number_scaling.Target.undo is the same for arrays.
    """
    if target is None:
        return given
    if target.kind == "log":
        return tf.math.expm1(given * target.scale + target.offset) * target.unit
    return given * target.scale


@contextmanager
def given_instead(layer: keras.Layer, embedded: tf.Tensor) -> Iterator[None]:
    """Within, the layer gives this whatever it is asked: networks whose masks hang on the ids keep them."""
    original = layer.call
    layer.call = lambda *_, **__: tf.cast(embedded, layer.compute_dtype)
    try:
        yield
    finally:
        layer.call = original
