"""An LSTM layer's steps over time for a CPU of few cores: Keras's own values and gradients, in less time.

Each core takes a part of the batch, as a step is too small to be shared otherwise; and the gradients of the weights are
one matrix product over all times, where TensorFlow's own gradient of a loop adds one up in every step.
"""

import os
from itertools import pairwise
from typing import Any

import keras
import tensorflow as tf

from core.config.run import RunConfig
from core.models.recurrent import Recurrent

MOST_CORES = 4  # with more, the parts of a batch become too small


def cores() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0))


def choose_threads(config: RunConfig) -> None:
    """One thread an operation where all cores have a part of each batch; only before TensorFlow's first operation."""
    network = config.architecture
    if isinstance(network, Recurrent) and network.cell == "lstm" and _pays():
        tf.config.threading.set_intra_op_parallelism_threads(1)


def share_lstm(model: keras.Model) -> None:
    """Have the model's LSTM layers take these steps, where they are as Keras makes them by default."""
    if not _pays():
        return
    for layer in model._flatten_layers():
        if type(layer) is keras.layers.LSTM and _is_plain(layer):
            layer.inner_loop = _inner_loop(layer)


def _pays() -> bool:
    return cores() <= MOST_CORES and not tf.config.get_visible_devices("GPU")


def _is_plain(layer: keras.layers.LSTM) -> bool:
    others = layer.dropout or layer.recurrent_dropout or layer.stateful or layer.return_state or layer.unroll
    return bool(
        layer.activation is keras.activations.tanh
        and layer.recurrent_activation is keras.activations.sigmoid
        and layer.use_bias
        and layer.compute_dtype == "float32"
        and not others
    )


def _inner_loop(layer: keras.layers.LSTM) -> Any:
    """In place of the layer's own: [batch, times, features] to the last output, all outputs and the last state."""

    def inner_loop(sequences: Any, initial_state: Any, mask: Any, training: bool = False) -> Any:
        if mask is not None:
            return type(layer).inner_loop(layer, sequences, initial_state, mask, training)
        cell = layer.cell
        weights = [tf.convert_to_tensor(weight) for weight in (cell.kernel, cell.recurrent_kernel, cell.bias)]
        x = tf.reverse(sequences, [1]) if layer.go_backwards else sequences
        parts = [_split(tensor) for tensor in (x, *initial_state)]
        results = [_lstm(*part, *weights) for part in zip(*parts, strict=True)]
        outputs, hidden, state = (tf.concat(each, 0) for each in zip(*results, strict=True))
        return hidden, outputs, [hidden, state]

    return inner_loop


def _split(tensor: tf.Tensor) -> list[tf.Tensor]:
    bounds = [tf.shape(tensor)[0] * part // cores() for part in range(cores() + 1)]
    return [tensor[first:end] for first, end in pairwise(bounds)]


def _values_and_gradient(x: Any, hidden: Any, state: Any, kernel: Any, recurrent: Any, bias: Any) -> Any:
    """Hochreiter and Schmidhuber, 1997, with forget gates; the order of gates is Keras's.

    Returns:
        outputs [batch, times, units], the last of them, the last state; and their gradient.
    """
    times, features, units = x.shape[1] or tf.shape(x)[1], x.shape[2], recurrent.shape[0]
    by_time = tf.reshape(tf.transpose(x, [1, 0, 2]), [-1, features])
    from_input = _array(times).unstack(tf.reshape(by_time @ kernel + bias, [times, -1, 4 * units]))

    def forward(time: Any, hidden: Any, state: Any, kept: Any) -> Any:
        at = from_input.read(time) + hidden @ recurrent
        enter, forget, new, leave = tf.split(at, 4, axis=1)
        enter, forget, new, leave = tf.sigmoid(enter), tf.sigmoid(forget), tf.tanh(new), tf.sigmoid(leave)
        after = forget * state + enter * new
        squashed = tf.tanh(after)
        values = hidden, state, tf.concat([enter, forget, new, leave], 1), squashed
        kept = [array.write(time, value) for array, value in zip(kept, values, strict=True)]
        return time + 1, leave * squashed, after, kept

    first = (0, hidden, state, [_array(times) for _ in range(4)])
    _, last, after, (hiddens, states, gates, squasheds) = _loop(times, forward, first)
    befores = hiddens.stack()  # [times, batch, units]: what each step began with
    outputs = tf.transpose(tf.concat([befores[1:], last[tf.newaxis]], 0), [1, 0, 2])

    def gradient(of_outputs: Any, of_last: Any, of_after: Any) -> Any:
        outer = _array(times).unstack(tf.transpose(of_outputs, [1, 0, 2]))
        transposed = tf.transpose(recurrent)

        def backward(done: Any, of_hidden: Any, of_state: Any, kept: Any) -> Any:
            time = times - 1 - done
            enter, forget, new, leave = tf.split(gates.read(time), 4, axis=1)
            squashed = squasheds.read(time)
            of_hidden += outer.read(time)
            of_state += of_hidden * leave * (1 - squashed * squashed)
            parts = (
                of_state * new * enter * (1 - enter),
                of_state * states.read(time) * forget * (1 - forget),
                of_state * enter * (1 - new * new),
                of_hidden * squashed * leave * (1 - leave),
            )
            of_gates = tf.concat(parts, 1)
            return done + 1, of_gates @ transposed, of_state * forget, kept.write(time, of_gates)

        _, of_hidden, of_state, kept = _loop(times, backward, (0, of_last, of_after, _array(times)))
        of_gates = tf.reshape(kept.stack(), [-1, 4 * units])
        of_x = tf.reshape(tf.matmul(of_gates, kernel, transpose_b=True), [times, -1, features])
        of_kernel = tf.matmul(by_time, of_gates, transpose_a=True)
        of_recurrent = tf.matmul(tf.reshape(befores, [-1, units]), of_gates, transpose_a=True)
        of_x = tf.transpose(of_x, [1, 0, 2])
        return of_x, of_hidden, of_state, of_kernel, of_recurrent, tf.reduce_sum(of_gates, 0)

    return (outputs, last, after), gradient


_lstm = tf.custom_gradient(_values_and_gradient)


def _array(times: Any) -> tf.TensorArray:
    return tf.TensorArray(tf.float32, times)


def _loop(times: Any, body: Any, first: Any) -> Any:
    return tf.while_loop(lambda time, *_: time < times, body, first, parallel_iterations=1)
