"""The mode that XLA compiles."""

import errno
import math
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.engine.modes import ByStep, EngineError, Positions
from core.engine.step import Step

_XLA_STEPS = 1024  # of one compiled call, at most
_XLA_BYTES = 8 * 2**20  # of its examples, at most


class Compiled:
    """The loop compiled by XLA, for full batches; a smaller one, as ends an epoch, is a step by itself."""

    waited = 0.0

    def __init__(self, step: Step, x: Any, y: tf.Tensor, batch_size: int) -> None:
        """Compile it.

        Raises:
            EngineError: XLA has no such operation, as for categories that are text.
            OSError: no room for what XLA keeps of it. The next that is made is compiled anew.
        """
        self._batch_size = batch_size
        least = 4 if step.augments else 1  # bytes of a number: augmented images are float32
        width = sum(max(least, each.dtype.size) * math.prod(each.shape[1:]) for each in [*tf.nest.flatten(x), y])
        self._steps = max(1, min(_XLA_STEPS, _XLA_BYTES // max(1, batch_size * width)))
        self._single = ByStep(step, x, y) if len(y) % batch_size else None
        self._function = self._traced(step, x, y)
        nothing = np.zeros(0, np.int32)
        try:
            self._full(nothing, np.zeros(0, np.float32), 0)  # compiles, and takes no step
        except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError) as error:
            lines = str(error).strip().splitlines()
            text = next((line for line in lines if "unsupported" in line), lines[0])
            raise EngineError(f"XLA cannot compile this network: {text}. Take the engine auto or graph.") from error
        except tf.errors.ResourceExhaustedError as error:
            if "No space left" in error.message:  # on the disk, not in the memory
                raise OSError(errno.ENOSPC, f"No room for the code that XLA compiled: {error.message}") from error
            raise

    def _traced(self, step: Step, x: Any, y: tf.Tensor) -> Any:
        steps, batch = self._steps, self._batch_size

        # The examples of all steps are gathered before: what is compiled does not depend on how many there are. A range
        # would be a constant to XLA, which compiles again for another one.
        def loop(x: Any, y: tf.Tensor, rates: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
            values = tf.TensorArray(tf.float32, steps, element_shape=[len(step.names)])
            number = tf.constant(0)
            while number < count:
                part = tf.nest.map_structure(lambda tensor: tensor[number], x)  # noqa: B023
                values = values.write(number, step.train(part, y[number], rates[number]))
                number += 1
            return values.stack()

        compiled = tf.function(loop, jit_compile=True)

        def call(order: tf.Tensor, rates: tf.Tensor, count: tf.Tensor, first: tf.Tensor) -> tf.Tensor:
            def batches(tensor: tf.Tensor) -> tf.Tensor:
                return tf.reshape(tf.gather(tensor, order), [steps, batch, *tensor.shape[1:]])

            given_x, given_y = tf.nest.map_structure(batches, (x, y))
            if step.augments:
                given_x, given_y = self._augmented(step, given_x, given_y, count, first)
            return compiled(given_x, given_y, rates, count)

        whole = [tf.TensorSpec([steps * batch], tf.int32), tf.TensorSpec([steps], tf.float32)]
        signature = [*whole, tf.TensorSpec([], tf.int32), tf.TensorSpec([], tf.int64)]
        return tf.function(call, input_signature=signature).get_concrete_function()

    def _augmented(self, step: Step, x: tf.Tensor, y: tf.Tensor, count: tf.Tensor, first: tf.Tensor) -> Any:
        """The batches of so many steps, before the compiled loop: XLA cannot turn images. Of the others, zeros."""

        def one(number: tf.Tensor) -> Any:
            return step.augmented(x[number], y[number], first + tf.cast(number, tf.int64))

        def filled(made: tf.Tensor, like: tf.Tensor) -> tf.Tensor:
            return tf.scatter_nd(tf.range(count)[:, tf.newaxis], made, like.shape)

        signature = (tf.TensorSpec(x.shape[1:], tf.float32), tf.TensorSpec(y.shape[1:], y.dtype))
        made = tf.map_fn(one, tf.range(count), fn_output_signature=signature)
        return tf.nest.map_structure(filled, made, (x, y))

    def __call__(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int) -> Any:
        full = np.diff(bounds) == self._batch_size
        values, step = [], 0
        while step < len(rates):
            if not full[step]:
                assert self._single is not None
                values.append(self._single(order, bounds[step : step + 2], rates[step : step + 1], first + step))
                step += 1
                continue
            smaller = np.flatnonzero(~full[step : step + self._steps])
            end = min(step + (int(smaller[0]) if len(smaller) else self._steps), len(rates))
            values.append(self._full(order[bounds[step] : bounds[end]], rates[step:end], first + step))
            step = end
        return np.concatenate(values)

    def _full(self, order: Positions, rates: NDArray[np.float32], first: int) -> Any:
        """So many full batches, at most as one call takes; what is filled up with is not looked at."""
        count = len(rates)
        filled = np.pad(order, (0, self._steps * self._batch_size - len(order)))
        arguments = filled, np.pad(rates, (0, self._steps - count)), np.int32(count), np.int64(first)
        return self._function(*map(tf.constant, arguments)).numpy()[:count]
