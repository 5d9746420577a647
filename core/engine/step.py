"""One training step and one step of validation: Keras's own, without metrics that are summed up over an epoch.

The values of each step are exact, whatever the length of the epoch; the caller sums them over an epoch, in float64.
AutoGraph looks into none of it, as in Keras: there is nothing to convert, and looking takes a tenth of a second.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import keras
import tensorflow as tf

from core.engine.augment import Augment
from core.engine.distilling import Teacher
from core.engine.pruning import Pruner
from core.engine.replicas import step_on

_Method = TypeVar("_Method", bound=Callable[..., Any])
_unconverted: Callable[[_Method], _Method] = tf.autograph.experimental.do_not_convert


class Step:
    """The steps of one compiled model, to be traced. `metric` is the one that is measured beside the loss."""

    def __init__(
        self,
        model: keras.Model,
        metric: keras.metrics.Metric,
        *,
        augment: Augment | None = None,
        after: Callable[[keras.Model], None] | None = None,
        pruner: Pruner | None = None,
        teacher: Teacher | None = None,
        seed: int = 0,
        strategy: tf.distribute.Strategy | None = None,
    ) -> None:
        """
        Args:
            augment: changes batches of training images by `seed`.
            after: what each step does to the weights after its update.
            pruner: what keeps weights at zero that are, and makes more of them so.
            teacher: whose answers are learned, too; on one device.
            strategy: the one that the model was built in.
        """
        self.model = model
        self.names = ("loss", str(metric.name))
        self._metric = metric
        self._augment = augment
        self._after = after
        self._pruner = pruner
        self._teacher = teacher
        self._seed = seed
        self._strategy = strategy or tf.distribute.get_strategy()

    @property
    def is_shared(self) -> bool:
        """Whether several devices share a batch."""
        return bool(self._strategy.num_replicas_in_sync > 1)

    @property
    def augments(self) -> bool:
        """Whether `augmented` changes anything."""
        return self._augment is not None

    @_unconverted
    def augmented(self, x: Any, y: tf.Tensor, number: tf.Tensor) -> tuple[Any, tf.Tensor]:
        """The batch as step `number` (int64) of the run sees it."""
        if self._augment is None:
            return x, y
        return self._augment(x, y, tf.stack([tf.constant(self._seed, tf.int64), number]))

    @_unconverted
    def train(self, x: Any, y: tf.Tensor, rate: tf.Tensor) -> tf.Tensor:
        """Learn from a batch; float32 [2]: mean loss, penalties included, and mean metric before the update."""
        model = self.model
        model.optimizer.learning_rate.assign(rate)
        zeros = self._pruner.zeros(model) if self._pruner else []
        if self.is_shared:
            values = self._shared(model.train_step, x, y)
            self._follow(zeros)
            return values
        with tf.GradientTape() as tape:
            predicted = model(x, training=True)
            loss = model.compute_loss(x=x, y=y, y_pred=predicted, training=True)
            if self._teacher is not None:
                loss = self._teacher.mixed(loss, x, predicted, sum(model.losses))
            scaled = model.optimizer.scale_loss(loss)
        weights = model.trainable_weights
        model.optimizer.apply_gradients(zip(tape.gradient(scaled, weights), weights, strict=True))
        self._follow(zeros)
        return self._values(loss, y, predicted)

    @_unconverted
    def test(self, x: Any, y: tf.Tensor) -> tf.Tensor:
        """The same values with the weights as they are, penalties left out; nothing is learned.

        What L1 and L2 add says nothing of the examples: networks with other penalties are compared by the rest.
        """
        model = self.model
        if self.is_shared:
            return self._shared(model.test_step, x, y) - [tf.add_n([0.0, *model.losses]), 0.0]
        predicted = model(x, training=False)
        loss = model.compute_loss(x=x, y=y, y_pred=predicted, training=False)
        return self._values(loss - sum(model.losses), y, predicted)

    def _follow(self, zeros: list[tf.Tensor]) -> None:
        if self._after is not None:
            self._after(self.model)
        if self._pruner is not None:
            self._pruner.hold(self.model, zeros)

    def _values(self, loss: tf.Tensor, y: tf.Tensor, predicted: tf.Tensor) -> tf.Tensor:
        empty = [tf.zeros(variable.shape, variable.dtype) for variable in self._metric.variables]
        measured = self._metric.stateless_result(self._metric.stateless_update_state(empty, y, predicted))
        return tf.stack([tf.cast(value, tf.float32) for value in (loss, measured)])

    def _shared(self, step: Any, x: Any, y: tf.Tensor) -> tf.Tensor:
        logs = step_on(self._strategy, self.model, step, x, y)
        values = tf.stack([tf.cast(logs[name], tf.float32) for name in self.names])
        self.model.reset_metrics()
        return values
