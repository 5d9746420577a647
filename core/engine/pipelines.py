"""Ways whose batches tf.data makes ready, from examples in the host's memory."""

import contextlib
import time
from queue import SimpleQueue
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.data.base import Array, Examples
from core.engine.modes import Positions
from core.engine.replicas import gather
from core.engine.step import Step

_FIT_STEPS = 1024  # of one execution of `fit`, at most; it ends with the data


class Stream:
    """As `ByStep`, with batches that tf.data makes ready beside the steps."""

    def __init__(self, step: Step, x: Examples, y: Array) -> None:
        self.waited = 0.0
        self._wanted: SimpleQueue[tuple[Positions, int] | None] = SimpleQueue()
        batches = _batches(self._wanted, step, x, y)
        signature = [*batches.element_spec, tf.TensorSpec([], tf.float32)]
        self._function = tf.function(step.train, input_signature=signature).get_concrete_function()
        self._batches = iter(batches)

    def __call__(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int) -> Any:
        for step in range(len(rates)):
            self._wanted.put((order[bounds[step] : bounds[step + 1]], first + step))
        values = []
        for rate in rates:
            started = time.perf_counter()
            x, y = next(self._batches)
            self.waited += time.perf_counter() - started
            values.append(self._function(x, y, tf.constant(rate)))
        return np.stack(values)

    def __del__(self) -> None:
        self._wanted.put(None)  # the pipeline's thread waits for more


def _batches(wanted: "SimpleQueue[tuple[Positions, int] | None]", step: Step, x: Examples, y: Array) -> tf.data.Dataset:
    """Batches of the positions and for the steps that are wanted, until None is."""
    with tf.device("CPU"):
        all_x, all_y = tf.nest.map_structure(tf.convert_to_tensor, (x, y))

    def batch(chosen: tf.Tensor, number: tf.Tensor) -> Any:
        return step.augmented(gather(all_x, chosen), tf.gather(all_y, chosen), number)

    signature = (tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.int64))
    steps = tf.data.Dataset.from_generator(lambda: iter(wanted.get, None), output_signature=signature)
    return steps.map(batch, tf.data.AUTOTUNE, deterministic=True).prefetch(tf.data.AUTOTUNE)


class Fit:
    """Keras's `fit` with `steps_per_execution`."""

    waited = 0.0

    def __init__(self, step: Step, x: Examples, y: Array) -> None:
        with tf.device("CPU"):
            self._order, self._bounds = (tf.Variable(np.zeros(1, np.int32), shape=[None]) for _ in range(2))
            self._rates = tf.Variable(np.zeros(0, np.float32), shape=[None])
            self._first = tf.Variable(0, dtype=tf.int64)
            self._batches = self._pipeline(step, x, y)
        self._model = _Fitted(step)
        with contextlib.suppress(StopIteration):  # of no rates, no steps: it is only traced
            self._model.make_train_function()
            self._model.train_function(iter(self._batches))

    def _pipeline(self, step: Step, x: Examples, y: Array) -> tf.data.Dataset:
        all_x, all_y = tf.nest.map_structure(tf.convert_to_tensor, (x, y))

        def batch(number: tf.Tensor) -> Any:
            chosen = self._order[self._bounds[number] : self._bounds[number + 1]]
            batch = step.augmented(gather(all_x, chosen), tf.gather(all_y, chosen), self._first + number)
            return *batch, self._rates[number], number

        steps = tf.data.Dataset.range(2**62).take_while(lambda number: number < tf.size(self._rates, tf.int64))
        return steps.map(batch, tf.data.AUTOTUNE, deterministic=True).prefetch(tf.data.AUTOTUNE)

    def __call__(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int) -> Any:
        given = zip((self._order, self._bounds, self._rates, self._first), (order, bounds, rates, first), strict=True)
        for variable, value in given:
            variable.assign(value)
        return self._model.taken(self._batches, len(rates))


class _Fitted(keras.Model):  # type: ignore[misc]
    """What `fit` is called on: its training step is ours, and leaves the values of each step in a variable."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._step = step
        self._values = tf.Variable(tf.zeros([0, len(step.names)]), shape=[None, len(step.names)])
        self.compile(step.model.optimizer, jit_compile=False, steps_per_execution=_FIT_STEPS)

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y, rate, number = data
        values = self._step.train(x, y, rate)
        self._values.scatter_nd_update([[number]], [values])
        return {"loss": values[0]}

    def taken(self, batches: tf.data.Dataset, count: int) -> Any:
        """Take so many steps; [steps, metrics]."""
        self._values.assign(tf.zeros([count, self._values.shape[1]]))
        self.fit(batches, verbose=0)
        return self._values.numpy()
