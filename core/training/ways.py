"""The ways to execute many training steps. All take the same batches in the same order and give the same losses.

`step` returns to Python after every step, as Keras's `fit` does, without its callbacks and accumulated metrics.
`stream` does, too, and has tf.data gather, augment and prefetch the batches meanwhile. `fit` is Keras's own, over the
same batches of tf.data, with many steps an execution. Both read data in the host's memory, where they are decoded
arrays: there is nothing left to cache. `graph` runs many steps in one call of a TensorFlow graph over data on the
device; `xla` compiles that call.
"""

import contextlib
import math
import time
from queue import SimpleQueue
from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.data.base import Array, Examples
from core.errors import TraindeckError
from core.training.replicas import gather
from core.training.step import Step

Positions = NDArray[np.int32]

_FIT_STEPS = 1024  # of one execution of `fit`, at most; it ends with the data
_XLA_STEPS = 1024  # of one compiled call, at most
_XLA_BYTES = 8 * 2**20  # of its examples, at most


class EngineError(TraindeckError):
    """The way that a user chose cannot execute this network."""


class Way(Protocol):
    """`order` are positions of examples; those of step n are `order[bounds[n]:bounds[n + 1]]`."""

    waited: float  # seconds in all that a step had to wait for its batch

    def __call__(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int) -> Any:
        """Take the steps; [steps, metrics]. `first` is how many steps of the run came before."""


class ByStep:
    """One call of the graph a step."""

    waited = 0.0

    def __init__(self, step: Step, x: Any, y: tf.Tensor) -> None:
        def one(order: tf.Tensor, rate: tf.Tensor, number: tf.Tensor) -> tf.Tensor:
            return step.train(*step.augmented(gather(x, order), tf.gather(y, order), number), rate)

        signature = [tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.float32), tf.TensorSpec([], tf.int64)]
        self._function = tf.function(one, input_signature=signature).get_concrete_function()

    def __call__(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int) -> Any:
        return np.stack([self._take(order, bounds, rates, first, step) for step in range(len(rates))])

    def _take(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int, step: int) -> Any:
        chosen = tf.constant(order[bounds[step] : bounds[step + 1]])
        return self._function(chosen, tf.constant(rates[step]), tf.constant(first + step, tf.int64))


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


class Graph:
    """As many steps a call as are asked for, in a loop in the graph."""

    waited = 0.0

    def __init__(self, step: Step, x: Any, y: tf.Tensor) -> None:
        def loop(order: tf.Tensor, bounds: tf.Tensor, rates: tf.Tensor, first: tf.Tensor) -> tf.Tensor:
            steps = tf.shape(rates)[0]
            values = tf.TensorArray(tf.float32, steps, element_shape=[len(step.names)])
            for number in tf.range(steps):
                chosen = order[bounds[number] : bounds[number + 1]]
                at = first + tf.cast(number, tf.int64)
                batch = step.augmented(gather(x, chosen), tf.gather(y, chosen), at)
                values = values.write(number, step.train(*batch, rates[number]))
            return values.stack()

        vector = tf.TensorSpec([None], tf.int32)
        signature = [vector, vector, tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.int64)]
        self._function = tf.function(loop, input_signature=signature).get_concrete_function()
        nothing = np.zeros(0, np.int32)
        self(
            nothing, np.zeros(1, np.int32), np.zeros(0, np.float32), 0
        )  # takes no step: TensorFlow optimises the graph

    def __call__(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int) -> Any:
        return self._function(*map(tf.constant, (order, bounds, rates)), tf.constant(first, tf.int64)).numpy()


class Compiled:
    """The loop compiled by XLA, for full batches; a smaller one, as ends an epoch, is a step by itself."""

    waited = 0.0

    def __init__(self, step: Step, x: Any, y: tf.Tensor, batch_size: int) -> None:
        """Raises EngineError: XLA has no such operation, as for categories that are text."""
        self._batch_size = batch_size
        width = sum(tensor.dtype.size * math.prod(tensor.shape[1:]) for tensor in [*tf.nest.flatten(x), y])
        self._steps = max(1, min(_XLA_STEPS, _XLA_BYTES // max(1, batch_size * width)))
        self._single = ByStep(step, x, y) if len(y) % batch_size else None
        self._function = self._traced(step, x, y)
        nothing = np.zeros(0, np.int32)
        try:
            self._full(nothing, np.zeros(0, np.float32), 0)  # compiles, and takes no step
        except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError) as error:
            text = str(error).strip().partition("\n")[0]
            raise EngineError(f"XLA cannot compile this network: {text}. Take the engine auto or graph.") from error

    def _traced(self, step: Step, x: Any, y: tf.Tensor) -> Any:
        steps, batch = self._steps, self._batch_size

        # The examples of all steps are gathered before: what is compiled does not depend on how many there are. A range
        # would be a constant to XLA, which compiles again for another one.
        def loop(x: Any, y: tf.Tensor, rates: tf.Tensor, count: tf.Tensor, first: tf.Tensor) -> tf.Tensor:
            values = tf.TensorArray(tf.float32, steps, element_shape=[len(step.names)])
            number = tf.constant(0)
            while number < count:
                part = tf.nest.map_structure(lambda tensor: tensor[number], x)  # noqa: B023
                augmented = step.augmented(part, y[number], first + tf.cast(number, tf.int64))
                values = values.write(number, step.train(*augmented, rates[number]))
                number += 1
            return values.stack()

        compiled = tf.function(loop, jit_compile=True)

        def call(order: tf.Tensor, rates: tf.Tensor, count: tf.Tensor, first: tf.Tensor) -> tf.Tensor:
            def batches(tensor: tf.Tensor) -> tf.Tensor:
                return tf.reshape(tf.gather(tensor, order), [steps, batch, *tensor.shape[1:]])

            return compiled(tf.nest.map_structure(batches, x), batches(y), rates, count, first)

        whole = [tf.TensorSpec([steps * batch], tf.int32), tf.TensorSpec([steps], tf.float32)]
        signature = [*whole, tf.TensorSpec([], tf.int32), tf.TensorSpec([], tf.int64)]
        return tf.function(call, input_signature=signature).get_concrete_function()

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
