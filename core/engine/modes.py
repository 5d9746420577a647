"""The modes to execute many training steps. All take the same batches in the same order and give the same losses.

`step` returns to Python after every step, as Keras's `fit` does, without its callbacks and accumulated metrics.
`stream` does, too, and has tf.data gather, augment and prefetch the batches meanwhile. `fit` is Keras's own, over the
same batches of tf.data, with many steps an execution. Both read data in the host's memory, where they are decoded
arrays: there is nothing left to cache. `graph` runs many steps in one call of a TensorFlow graph over data on the
device; `xla` compiles that call.
"""

from typing import Any, Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.common.errors import TraindeckError
from core.engine.replicas import gather
from core.engine.step import Step

Positions = NDArray[np.int32]


class EngineError(TraindeckError):
    """A mode cannot execute this network."""


class Mode(Protocol):
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
        self._function = tf.function(one, input_signature=signature, autograph=False).get_concrete_function()

    def __call__(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int) -> Any:
        return np.stack([self._take(order, bounds, rates, first, step) for step in range(len(rates))])

    def _take(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int, step: int) -> Any:
        chosen = tf.constant(order[bounds[step] : bounds[step + 1]])
        return self._function(chosen, tf.constant(rates[step]), tf.constant(first + step, tf.int64))


class Graph:
    """As many steps a call as are asked for, in a loop in the graph."""

    waited = 0.0

    def __init__(self, step: Step, x: Any, y: tf.Tensor) -> None:
        def loop(order: tf.Tensor, bounds: tf.Tensor, rates: tf.Tensor, first: tf.Tensor) -> tf.Tensor:
            steps = tf.shape(rates)[0]
            values = tf.TensorArray(tf.float32, steps, element_shape=[len(step.names)])

            # Not a `for` that AutoGraph would make this of: to convert it takes longer than to trace many a network.
            def take(number: tf.Tensor, values: tf.TensorArray) -> tuple[tf.Tensor, tf.TensorArray]:
                chosen = order[bounds[number] : bounds[number + 1]]
                at = first + tf.cast(number, tf.int64)
                batch = step.augmented(gather(x, chosen), tf.gather(y, chosen), at)
                return number + 1, values.write(number, step.train(*batch, rates[number]))

            return tf.while_loop(lambda number, _: number < steps, take, (0, values))[1].stack()

        vector = tf.TensorSpec([None], tf.int32)
        signature = [vector, vector, tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.int64)]
        self._function = tf.function(loop, input_signature=signature, autograph=False).get_concrete_function()
        nothing = np.zeros(0, np.int32)
        self(nothing, np.zeros(1, np.int32), np.zeros(0, np.float32), 0)  # no step: TensorFlow optimises the graph

    def __call__(self, order: Positions, bounds: Positions, rates: NDArray[np.float32], first: int) -> Any:
        return self._function(*map(tf.constant, (order, bounds, rates)), tf.constant(first, tf.int64)).numpy()
