"""Recurrent layers' steps over time for a CPU of few cores: Keras's own values and gradients, in less time.

Each core takes a part of the batch, as a step is too small to be shared otherwise; how a layer steps is in `cells`.
"""

import os
from itertools import pairwise
from typing import Any

import keras
import tensorflow as tf

from core.architectures.recurrent import Recurrent
from core.config.run import RunConfig
from core.engine import recurrent_cells
from core.engine.keras_internals import every_layer, is_plain, replace_inner_loop

MOST_CORES = 4  # with more, the parts of a batch become too small

_CELLS = {keras.layers.LSTM: recurrent_cells.lstm, keras.layers.GRU: recurrent_cells.gru}


def cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0))


def choose_threads(config: RunConfig) -> None:
    """One thread an operation where all cores have a part of each batch; only before TensorFlow's first operation."""
    if isinstance(config.architecture, Recurrent) and _pays():
        tf.config.threading.set_intra_op_parallelism_threads(1)


def share_recurrent(model: keras.Model) -> None:
    """Have the model's LSTM and GRU layers take these steps, where they are as Keras makes them by default."""
    if not _pays():
        return
    for layer in every_layer(model):
        if type(layer) in _CELLS and _is_default(layer):
            replace_inner_loop(layer, _inner_loop(layer))


def _pays() -> bool:
    return cores() <= MOST_CORES and not is_plain() and not tf.config.get_visible_devices("GPU")


def _is_default(layer: Any) -> bool:
    others = layer.dropout or layer.recurrent_dropout or layer.stateful or layer.return_state or layer.unroll
    return bool(
        layer.activation is keras.activations.tanh
        and layer.recurrent_activation is keras.activations.sigmoid
        and layer.use_bias
        and getattr(layer, "reset_after", True)
        and layer.compute_dtype == "float32"
        and not others
    )


def _inner_loop(layer: Any) -> Any:
    """In place of the layer's own: [batch, times, features] to the last output, all outputs and the last state."""
    cell, take = layer.cell, _CELLS[type(layer)]

    def inner_loop(sequences: Any, initial_state: Any, mask: Any, training: bool = False) -> Any:
        if mask is not None:
            return type(layer).inner_loop(layer, sequences, initial_state, mask, training)
        weights = [tf.convert_to_tensor(weight) for weight in (cell.kernel, cell.recurrent_kernel, cell.bias)]
        x = tf.reverse(sequences, [1]) if layer.go_backwards else sequences
        parts = [_split(tensor) for tensor in (x, *tf.nest.flatten(initial_state))]
        results = [take(*part, *weights) for part in zip(*parts, strict=True)]
        outputs, *state = (tf.concat(each, 0) for each in zip(*results, strict=True))
        return state[0], outputs, state

    return inner_loop


def _split(tensor: tf.Tensor) -> list[tf.Tensor]:
    bounds = [tf.shape(tensor)[0] * part // cores() for part in range(cores() + 1)]
    return [tensor[first:end] for first, end in pairwise(bounds)]
