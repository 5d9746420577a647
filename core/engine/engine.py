"""The engine: executes training steps in one of several modes, and evaluates.

How many steps one call takes is sized by time, so that a request to stop is seen within a fraction of a second.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.data.base import Array, Examples
from core.engine.averaging import averaged
from core.engine.compiled import Compiled
from core.engine.modes import ByStep, Graph, Mode, Positions
from core.engine.pipelines import Fit, Stream
from core.engine.step import Step

CALL_SECONDS = 0.25  # of one call
VALIDATION_BATCH = 256  # at least: nothing is learned from these examples, so larger batches only save time


class Pace:
    """How many steps go into one call, so that it takes about CALL_SECONDS."""

    def __init__(self) -> None:
        self.steps = 1
        self.seconds = 0.0  # of a step, in the last call

    def took(self, steps: int, seconds: float) -> None:
        self.seconds = seconds / steps
        wanted = steps * CALL_SECONDS / max(seconds, 1e-6)
        self.steps = max(1, min(int(wanted), 8 * max(steps, self.steps)))


class Engine:
    """Trains and evaluates one compiled model."""

    def __init__(
        self,
        step: Step,
        x: Examples,
        y: Array,
        batch_size: int,
        mode: str = "graph",
        home: str | None = None,
        metric_unit: float = 1.0,
    ) -> None:
        """Traces the mode, so that the time of training is that of steps, from the first one on.

        Args:
            home: the device that keeps examples, where it is not the one that trains.
            metric_unit: what the metric beside the loss is multiplied by, in float64.

        Raises:
            EngineError: this mode cannot execute this network.
            OSError: no room for what was compiled.
        """
        self.metrics = step.names
        self._step = step
        self._x = x
        self._y = y
        self._batch_size = batch_size
        self._home = home
        self._units = np.array([1.0, metric_unit])
        self._test_pace = Pace()
        self.evaluation_setup_seconds = 0.0
        self.use(mode)

    def use(self, mode: str) -> None:
        """Execute steps in this mode from now on. Raises EngineError, OSError, and goes on as before."""
        started = time.perf_counter()
        self._mode = self._made(mode)
        self.mode, self.setup_seconds = mode, time.perf_counter() - started
        self._pace = Pace()

    def _made(self, mode: str) -> Mode:
        if mode in ("stream", "fit"):
            return (Stream if mode == "stream" else Fit)(self._step, self._x, self._y)
        if mode == "xla":
            return Compiled(self._step, *self._on_device, min(self._batch_size, len(self._y)))
        return (ByStep if mode == "step" else Graph)(self._step, *self._on_device)

    @cached_property
    def _on_device(self) -> tuple[Any, tf.Tensor]:
        return self.tensors(self._x, self._y)

    def tensors(self, x: Examples, y: Array) -> tuple[Any, tf.Tensor]:
        """On the device that keeps examples: a tensor, or a dict of tensors for a table, and the targets."""
        with tf.device(self._home):
            return tf.nest.map_structure(tf.convert_to_tensor, x), tf.convert_to_tensor(y)

    @property
    def penalty(self) -> float:
        """What L1 and L2 add to the loss, by the weights as they are."""
        return float(sum(self._step.model.losses))

    @property
    def chunk(self) -> int:
        """Steps that the next call should take."""
        return self._pace.steps

    @property
    def step_seconds(self) -> float:
        """What a step of the last call took."""
        return self._pace.seconds

    @property
    def waited(self) -> float:
        """Seconds in all that steps had to wait for their batches."""
        return self._mode.waited

    def train(
        self, order: Positions, rates: NDArray[np.float32], first: int = 0, bounds: Positions | None = None
    ) -> NDArray[np.float64]:
        """One step per learning rate, on the examples at these positions.

        Args:
            first: how many steps of the run came before.
            bounds: where in `order` each step's examples begin, and where the last one's end. Without it every step
                takes a batch; the last may be smaller.

        Returns:
            [steps, metrics]: the mean over each step's examples.
        """
        if bounds is None:
            bounds = np.minimum(np.arange(len(rates) + 1) * self._batch_size, len(order))
        started = time.perf_counter()
        values: NDArray[np.float64] = self._mode(order, bounds.astype(np.int32), rates, first) * self._units
        self._pace.took(len(rates), time.perf_counter() - started)
        return values

    def prepare_evaluation(self) -> None:
        """Trace it, so that the first validation takes no longer than a later one."""
        started = time.perf_counter()
        self._test_graph(*tf.nest.map_structure(_none, (self._x, self._y)), *map(tf.constant, (0, 0, 1)))
        self.evaluation_setup_seconds = time.perf_counter() - started

    def evaluate(self, x: Any, y: tf.Tensor, before_call: Callable[[], object] = lambda: None) -> dict[str, float]:
        """Means over all these examples, with the weights as they are, or where they are averaged, with their means.

        What `before_call` raises ends it.
        """
        with self.averaged():
            return self._evaluate(x, y, before_call)

    def averaged(self) -> AbstractContextManager[None]:
        """Within, the model has the means of its weights where they are averaged."""
        return averaged(self._step.model)

    def _evaluate(self, x: Any, y: tf.Tensor, before_call: Callable[[], object]) -> dict[str, float]:
        batch = max(VALIDATION_BATCH, self._batch_size)
        sums = np.zeros(len(self.metrics))
        done, count_all = 0, len(y)
        while done < count_all:
            before_call()
            started = time.perf_counter()
            count = min(self._test_pace.steps * batch, count_all - done)
            sums += self._test_graph(x, y, *map(tf.constant, (done, done + count, batch))).numpy()
            self._test_pace.took(-(-count // batch), time.perf_counter() - started)
            done += count
        return dict(zip(self.metrics, (sums / count_all * self._units).tolist(), strict=True))

    @cached_property
    def _test_graph(self) -> Any:
        def test(x: Any, y: tf.Tensor, first: tf.Tensor, end: tf.Tensor, batch: tf.Tensor) -> tf.Tensor:
            def add(start: tf.Tensor, sums: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
                stop = tf.minimum(start + batch, end)
                with tf.device(self._home):
                    part, targets = _part(x, start, stop), y[start:stop]
                values = self._step.test(part, targets)
                return stop, sums + tf.cast(values, tf.float64) * tf.cast(stop - start, tf.float64)

            sums = tf.zeros([len(self.metrics)], tf.float64)
            return tf.while_loop(lambda start, _: start < end, add, (first, sums), parallel_iterations=1)[1]

        examples = tf.nest.map_structure(lambda array: tf.convert_to_tensor(array[:1]), (self._x, self._y))
        signature = [*tf.nest.map_structure(_any_count, examples), *(tf.TensorSpec([], tf.int32) for _ in range(3))]
        return tf.function(test, input_signature=signature, autograph=False).get_concrete_function()


def _none(array: Array) -> tf.Tensor:
    return tf.convert_to_tensor(array[:0])


def _part(x: Any, start: tf.Tensor, stop: tf.Tensor) -> Any:
    return tf.nest.map_structure(lambda tensor: tensor[start:stop], x)


def _any_count(tensor: tf.Tensor) -> tf.TensorSpec:
    return tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype)
