"""The engine: Keras's own training and test steps, many of them in one call of a TensorFlow graph.

`fit` returns to Python after every step, which costs more than a small network's step itself. Here k steps run in the
graph over data that stays on the device, and the loss of every step comes back with no extra pass. k is sized by time,
so that a request to stop is seen within a fraction of a second.
"""

import time
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.data.base import Array, Examples
from core.training.augment import Augment
from core.training.replicas import gather, step_on

CALL_SECONDS = 0.25  # of one call of the graph
VALIDATION_BATCH = 256  # at least: nothing is learned from these examples, so larger batches only save time


class Pace:
    """How many steps go into one call, so that it takes about CALL_SECONDS."""

    def __init__(self) -> None:
        self.steps = 1

    def took(self, steps: int, seconds: float) -> None:
        wanted = steps * CALL_SECONDS / max(seconds, 1e-6)
        self.steps = max(1, min(int(wanted), 8 * max(steps, self.steps)))


class Engine:
    """Trains and evaluates one compiled model with these metrics, the first of which is `loss`.

    Accumulated metrics are reset after every step in the graph, so that each step's values are exact whatever the
    length of the epoch; sums over an epoch are made in float64 by the caller.
    """

    def __init__(
        self,
        model: keras.Model,
        metrics: Sequence[str],
        x: Examples,
        y: Array,
        batch_size: int,
        *,
        augment: Augment | None = None,
        seed: int = 0,
        strategy: tf.distribute.Strategy | None = None,
    ) -> None:
        """`augment` changes batches of training images by `seed`; `strategy` is the one that the model was built in."""
        self.metrics = tuple(metrics)
        self._augment = augment
        self._seed = seed
        self._strategy = strategy or tf.distribute.get_strategy()
        self._model = model
        self._x = tensors(x)
        self._y = tf.convert_to_tensor(y)
        self._batch_size = batch_size
        self._pace = Pace()
        self._test_pace = Pace()
        # Traced here, not with the first step: then the time of training is that of steps, from the first one on.
        self._train_graph = self._build_train_graph()

    @property
    def chunk(self) -> int:
        """Steps that the next call should take."""
        return self._pace.steps

    @property
    def penalty(self) -> float:
        """What L1 and L2 add to the loss, by the weights as they are."""
        return float(sum(self._model.losses))

    def train(self, order: NDArray[np.int32], rates: NDArray[np.float32], first: int = 0) -> NDArray[np.float64]:
        """One step per learning rate, on the examples at these positions; the last batch may be smaller.

        Args:
            first: how many steps of the run came before.

        Returns:
            [steps, metrics]: the mean over each step's examples.
        """
        started = time.perf_counter()
        arguments = tf.constant(order), tf.constant(rates), tf.constant(first, tf.int64)
        values: NDArray[np.float64] = self._train_graph(*arguments).numpy().astype(float)
        self._pace.took(len(rates), time.perf_counter() - started)
        return values

    def evaluate(self, x: Any, y: tf.Tensor) -> dict[str, float]:
        """Means over all these examples, with the weights as they are."""
        batch = max(VALIDATION_BATCH, self._batch_size)
        sums = np.zeros(len(self.metrics))
        done, count_all = 0, len(y)
        while done < count_all:
            started = time.perf_counter()
            count = min(self._test_pace.steps * batch, count_all - done)
            sums += self._test_graph(x, y, *map(tf.constant, (done, done + count, batch))).numpy()
            self._test_pace.took(-(-count // batch), time.perf_counter() - started)
            done += count
        return dict(zip(self.metrics, (sums / count_all).tolist(), strict=True))

    def _build_train_graph(self) -> Any:
        model, batch_size = self._model, self._batch_size

        def train(order: tf.Tensor, rates: tf.Tensor, first: tf.Tensor) -> tf.Tensor:
            steps = tf.shape(rates)[0]
            values = tf.TensorArray(tf.float32, steps, element_shape=[len(self.metrics)])
            for step in tf.range(steps):
                chosen = order[step * batch_size : (step + 1) * batch_size]
                model.optimizer.learning_rate.assign(rates[step])
                x, y = gather(self._x, chosen), tf.gather(self._y, chosen)
                if self._augment is not None:
                    x, y = self._augment(x, y, tf.stack([self._seed, first + tf.cast(step, tf.int64)]))
                logs = step_on(self._strategy, model, model.train_step, x, y)
                values = values.write(step, self._values(logs))
                model.reset_metrics()
            return values.stack()

        signature = [tf.TensorSpec([None], tf.int32), tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.int64)]
        return tf.function(train, input_signature=signature).get_concrete_function()

    @cached_property
    def _test_graph(self) -> Any:
        model = self._model

        def test(x: Any, y: tf.Tensor, first: tf.Tensor, end: tf.Tensor, batch: tf.Tensor) -> tf.Tensor:
            sums = tf.zeros([len(self.metrics)], tf.float64)
            for start in tf.range(first, end, batch):
                stop = tf.minimum(start + batch, end)
                logs = step_on(self._strategy, model, model.test_step, _part(x, start, stop), y[start:stop])
                sums += tf.cast(self._values(logs), tf.float64) * tf.cast(stop - start, tf.float64)
                model.reset_metrics()
            return sums

        signature = [
            tf.nest.map_structure(_any_count, self._x),
            _any_count(self._y),
            *(tf.TensorSpec([], tf.int32) for _ in range(3)),
        ]
        return tf.function(test, input_signature=signature).get_concrete_function()

    def _values(self, logs: dict[str, Any]) -> tf.Tensor:
        return tf.stack([tf.cast(logs[name], tf.float32) for name in self.metrics])


def tensors(x: Examples) -> Any:
    """On the device: a tensor, or a dict of tensors for a table."""
    return (
        {name: tf.convert_to_tensor(array) for name, array in x.items()}
        if isinstance(x, dict)
        else tf.convert_to_tensor(x)
    )


def _part(x: Any, start: tf.Tensor, stop: tf.Tensor) -> Any:
    return tf.nest.map_structure(lambda tensor: tensor[start:stop], x)


def _any_count(tensor: tf.Tensor) -> tf.TensorSpec:
    return tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype)
