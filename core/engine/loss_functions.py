"""The loss of a run: Keras's own where it has one, of each class as much as it is to count."""

from typing import Any

import keras
import numpy as np

from core.config.losses import Balanced, CrossEntropy, Focal, Given, Huber, Quantile
from core.config.run import RunConfig
from core.data.base import Dataset


def loss_of(config: RunConfig, data: Dataset, outputs: int, *, mixed: bool) -> keras.losses.Loss:
    """The loss for a network of so many outputs. `mixed`: targets are shares of each class, not class numbers."""
    chosen = config.training.loss
    if data.info.predicts_numbers:
        variance = target_variance(data)
        if isinstance(chosen, Huber):
            return ScaledHuber(variance, chosen.delta)
        if isinstance(chosen, Quantile):
            return ScaledQuantile(variance, chosen.quantile)
        return ScaledSquaredError(variance)
    smoothing = chosen.label_smoothing if isinstance(chosen, CrossEntropy | Focal) else 0.0
    if data.info.task == "multilabel":  # the mean over the labels, each as of two classes
        return _focal(chosen, True, smoothing) if isinstance(chosen, Focal) else _cross_entropy(True, smoothing)
    weights = class_weights(config, data)
    if weights is None and not smoothing and not mixed and outputs > 1 and not isinstance(chosen, Focal):
        return keras.losses.SparseCategoricalCrossentropy()
    one = outputs == 1
    loss = _focal(chosen, one, smoothing) if isinstance(chosen, Focal) else _cross_entropy(one, smoothing)
    return loss if one and weights is None else ClassLoss(loss, weights, mixed)


def _cross_entropy(one: bool, smoothing: float) -> keras.losses.Loss:
    made = keras.losses.BinaryCrossentropy if one else keras.losses.CategoricalCrossentropy
    return made(label_smoothing=smoothing)


def _focal(chosen: Focal, one: bool, smoothing: float) -> keras.losses.Loss:
    alpha = chosen.alpha
    if one:
        balanced = {} if alpha is None else {"alpha": alpha, "apply_class_balancing": True}
        return keras.losses.BinaryFocalCrossentropy(gamma=chosen.gamma, label_smoothing=smoothing, **balanced)
    weights = 1.0 if alpha is None else [1 - alpha, alpha]
    return keras.losses.CategoricalFocalCrossentropy(weights, chosen.gamma, label_smoothing=smoothing)


def class_weights(config: RunConfig, data: Dataset) -> tuple[float, ...] | None:
    """By class number, None where all count alike.

    Balanced are n / (classes * examples of the class), as scikit-learn's compute_class_weight has them: their mean over
    the training examples is 1. A class without a training example counts 1.
    """
    chosen = config.training.class_weights
    if isinstance(chosen, Given):
        given = {each.class_name: each.weight for each in chosen.weights}
        return tuple(given.get(name, 1.0) for name in data.info.class_names)
    if not isinstance(chosen, Balanced):
        return None
    counts = np.bincount(data.y_train, minlength=data.info.classes)
    there = np.count_nonzero(counts)
    return tuple(len(data.y_train) / (there * count) if count else 1.0 for count in counts.tolist())


def is_cross_entropy(loss: keras.losses.Loss) -> bool:
    """Whether its values are cross-entropies as they are, neither weighted by class nor of smoothed labels."""
    if isinstance(loss, ClassLoss):
        return loss.weights is None and is_cross_entropy(loss.loss)
    kinds = keras.losses.BinaryCrossentropy, keras.losses.CategoricalCrossentropy
    smoothed = isinstance(loss, kinds) and loss.label_smoothing
    return isinstance(loss, (*kinds, keras.losses.SparseCategoricalCrossentropy)) and not smoothed


def loss_facts(config: RunConfig, data: Dataset) -> dict[str, Any]:
    """What the loss is, where it is not what the task alone says, as JSON data (core.runs.loss_note reads it)."""
    chosen, weights = config.training.loss, class_weights(config, data)
    facts: dict[str, Any] = {}
    if chosen.model_dump(exclude={"name"}):
        facts["loss"] = chosen.model_dump(mode="json")
    if weights is not None:
        facts["class_weights"] = dict(zip(data.info.class_names, weights, strict=True))
    return facts


def target_variance(data: Dataset) -> float:
    """Of the training targets as the network learns them; 1 where they are all the same."""
    return float(np.var(data.y_train, dtype=np.float64)) or 1.0


@keras.saving.register_keras_serializable("traindeck")
class ClassLoss(keras.losses.Loss):  # type: ignore[misc]
    """Another loss, times the weight of each example's class, as Keras's `fit` has it with `class_weight`.

    Of one output it takes [..., 1] probabilities of the second class, else class numbers, or where labels are `mixed`
    [..., classes] shares.
    """

    def __init__(
        self,
        loss: keras.losses.Loss,
        weights: tuple[float, ...] | None = None,
        mixed: bool = False,
        **arguments: Any,
    ) -> None:
        super().__init__(**arguments)
        self.loss = loss
        self.weights = None if weights is None else tuple(weights)
        self.mixed = mixed

    def call(self, y_true: Any, y_pred: Any) -> Any:
        ops, classes = keras.ops, y_pred.shape[-1]
        if classes > 1 and not self.mixed:
            numbers = ops.reshape(ops.cast(y_true, "int32"), ops.shape(y_pred)[:-1])
            y_true = ops.one_hot(numbers, classes, dtype=y_pred.dtype)
        losses = self.loss.call(y_true, y_pred)
        if self.weights is None:
            return losses
        shares = y_true if classes > 1 else ops.concatenate([1 - y_true, y_true], axis=-1)
        return losses * ops.cast(ops.sum(shares * ops.cast(self.weights, shares.dtype), axis=-1), losses.dtype)

    def get_config(self) -> dict[str, Any]:
        inner = keras.saving.serialize_keras_object(self.loss)
        return {**super().get_config(), "loss": inner, "weights": self.weights, "mixed": self.mixed}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "ClassLoss":
        return cls(**{**config, "loss": keras.saving.deserialize_keras_object(config["loss"])})


class _Scaled(keras.losses.Loss):  # type: ignore[misc]
    """Of a regression. Target and variance are the scaled ones; where that is linear, the loss is the same in the
    target's own unit.
    """

    def __init__(self, variance: float, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.variance = variance

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "variance": self.variance}


@keras.saving.register_keras_serializable("traindeck")
class ScaledSquaredError(_Scaled):
    """Mean squared error as a share of the target's variance: 1 is as bad as always guessing the mean."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1) / self.variance


@keras.saving.register_keras_serializable("traindeck")
class ScaledHuber(_Scaled):
    """Keras's Huber loss of errors in standard deviations of the target: half the square of those up to `delta`."""

    def __init__(self, variance: float, delta: float, **arguments: Any) -> None:
        super().__init__(variance, **arguments)
        self.delta = delta

    def call(self, y_true: Any, y_pred: Any) -> Any:
        deviation = self.variance**0.5
        return keras.losses.huber(y_true / deviation, y_pred / deviation, self.delta)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "delta": self.delta}


@keras.saving.register_keras_serializable("traindeck")
class ScaledQuantile(_Scaled):
    """Errors in standard deviations of the target: those of values above the prediction count `quantile`, of values
    below it 1 - quantile (the check function of Koenker and Bassett, "Regression Quantiles", 1978).
    """

    def __init__(self, variance: float, quantile: float, **arguments: Any) -> None:
        super().__init__(variance, **arguments)
        self.quantile = quantile

    def call(self, y_true: Any, y_pred: Any) -> Any:
        errors = (y_true - y_pred) / self.variance**0.5
        return keras.ops.mean(keras.ops.maximum(self.quantile * errors, (self.quantile - 1) * errors), axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "quantile": self.quantile}
