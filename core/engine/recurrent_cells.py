"""LSTM and GRU over a whole sequence, with the order of gates, the biases and the values of Keras's layers.

The gradients of the weights are one matrix product over all times, where TensorFlow's own gradient of a loop adds one
up in every step. Both take x [batch, times, features], the state before, [batch, units] each, and the layer's weights;
they return the outputs [batch, times, units] and the state after. Inside, the first axis is time.
"""

from collections.abc import Callable
from typing import Any

import tensorflow as tf


def _lstm(x: Any, hidden: Any, state: Any, kernel: Any, recurrent: Any, bias: Any) -> Any:
    """Hochreiter and Schmidhuber, 1997, with forget gates; and its gradient."""
    inputs, times = _swapped(x), _times(x)
    entered = _array(times, _product(inputs, kernel) + bias)

    def forward(time: Any, hidden: Any, state: Any, kept: Any) -> Any:
        enter, forget, new, leave = tf.split(entered.read(time) + hidden @ recurrent, 4, axis=1)
        enter, forget, new, leave = tf.sigmoid(enter), tf.sigmoid(forget), tf.tanh(new), tf.sigmoid(leave)
        after = forget * state + enter * new
        squashed = tf.tanh(after)
        kept = _written(kept, time, hidden, state, tf.concat([enter, forget, new, leave], 1), squashed)
        return time + 1, leave * squashed, after, kept

    _, last, after, (hiddens, states, gates, squasheds) = _loop(times, forward, hidden, state, _empty(times, 4))
    befores = hiddens.stack()

    def gradient(of_outputs: Any, of_last: Any, of_after: Any) -> Any:
        outer, transposed = _array(times, _swapped(of_outputs)), tf.transpose(recurrent)

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
            return done + 1, of_gates @ transposed, of_state * forget, _written(kept, time, of_gates)

        _, of_hidden, of_state, [kept] = _loop(times, backward, of_last, of_after, _empty(times, 1))
        of_gates = kept.stack()
        of_x, of_kernel, of_bias = _of_product(inputs, kernel, of_gates)
        return of_x, of_hidden, of_state, of_kernel, _of_weights(befores, of_gates), of_bias

    return (_outputs(befores, last), last, after), gradient


def _gru(x: Any, hidden: Any, kernel: Any, recurrent: Any, biases: Any) -> Any:
    """Cho et al., 2014, with the reset gate after the matrix product, as cuDNN has it; and its gradient."""
    inputs, times, units = _swapped(x), _times(x), recurrent.shape[0]
    entered = _array(times, _product(inputs, kernel) + biases[0])

    def forward(time: Any, hidden: Any, kept: Any) -> Any:
        to_gates, to_new = tf.split(entered.read(time), [2 * units, units], axis=1)
        of_before, remembered = tf.split(hidden @ recurrent + biases[1], [2 * units, units], axis=1)
        gates = tf.sigmoid(to_gates + of_before)
        keep, reset = tf.split(gates, 2, axis=1)
        new = tf.tanh(to_new + reset * remembered)
        return time + 1, new + keep * (hidden - new), _written(kept, time, hidden, gates, new, remembered)

    _, last, (hiddens, *inner) = _loop(times, forward, hidden, _empty(times, 4))
    befores = hiddens.stack()

    def gradient(of_outputs: Any, of_last: Any) -> Any:
        outer, transposed = _array(times, _swapped(of_outputs)), tf.transpose(recurrent)

        def backward(done: Any, of_hidden: Any, kept: Any) -> Any:
            time = times - 1 - done
            gates, new, remembered = (array.read(time) for array in inner)
            keep, reset = tf.split(gates, 2, axis=1)
            of_hidden += outer.read(time)
            of_new = of_hidden * (1 - keep) * (1 - new * new)
            of_keep = of_hidden * (hiddens.read(time) - new)
            of_gates = tf.concat([of_keep, of_new * remembered], 1) * gates * (1 - gates)
            of_inner = tf.concat([of_gates, of_new * reset], 1)
            kept = _written(kept, time, tf.concat([of_gates, of_new], 1), of_inner)
            return done + 1, of_hidden * keep + of_inner @ transposed, kept

        _, of_hidden, kept = _loop(times, backward, of_last, _empty(times, 2))
        of_entered, of_inner = (array.stack() for array in kept)
        of_x, of_kernel, of_bias = _of_product(inputs, kernel, of_entered)
        of_biases = tf.stack([of_bias, tf.reduce_sum(of_inner, [0, 1])])
        return of_x, of_hidden, of_kernel, _of_weights(befores, of_inner), of_biases

    return (_outputs(befores, last), last), gradient


lstm: Callable[..., Any] = tf.custom_gradient(_lstm)
gru: Callable[..., Any] = tf.custom_gradient(_gru)


def _times(x: Any) -> Any:
    return x.shape[1] or tf.shape(x)[1]


def _swapped(x: Any) -> Any:
    """[batch, times, features] to [times, batch, features], or back."""
    return tf.transpose(x, [1, 0, 2])


def _rows(x: Any) -> Any:
    """[times, batch, features] to [times * batch, features]."""
    return tf.reshape(x, [-1, x.shape[2]])


def _product(x: Any, weights: Any) -> Any:
    return tf.reshape(_rows(x) @ weights, [tf.shape(x)[0], tf.shape(x)[1], weights.shape[1]])


def _of_product(inputs: Any, weights: Any, of_result: Any) -> Any:
    """Gradients of x [batch, times, features], of the weights and of a bias that was added."""
    of_x = _swapped(_product(of_result, tf.transpose(weights)))
    return of_x, _of_weights(inputs, of_result), tf.reduce_sum(of_result, [0, 1])


def _of_weights(inputs: Any, of_result: Any) -> Any:
    return tf.matmul(_rows(inputs), _rows(of_result), transpose_a=True)


def _outputs(befores: Any, last: Any) -> Any:
    """Of what each step began with, and of the last one's end: [batch, times, units]."""
    return _swapped(tf.concat([befores[1:], last[tf.newaxis]], 0))


def _array(times: Any, values: Any) -> tf.TensorArray:
    """To be read time by time."""
    return tf.TensorArray(tf.float32, times).unstack(values)


def _empty(times: Any, count: int) -> list[tf.TensorArray]:
    return [tf.TensorArray(tf.float32, times) for _ in range(count)]


def _written(arrays: list[tf.TensorArray], time: Any, *values: Any) -> list[tf.TensorArray]:
    return [array.write(time, value) for array, value in zip(arrays, values, strict=True)]


def _loop(times: Any, body: Any, *first: Any) -> Any:
    return tf.while_loop(lambda time, *_: time < times, body, (0, *first), parallel_iterations=1)
