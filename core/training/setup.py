"""Before the first operation: seeds, precision and devices; then the model, ready to train."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.config.optimizers import Optimizer
from core.config.run import RunConfig
from core.data.base import NUMBERS, Array, Dataset, Examples
from core.errors import TraindeckError

_OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
}


class DeviceError(TraindeckError):
    """The run asks for a device that its process does not have."""


def choose_devices(config: RunConfig) -> None:
    """Tell TensorFlow what to train on. Only before its first operation.

    Raises:
        DeviceError: a GPU was asked for and there is none.
    """
    gpus = tf.config.list_physical_devices("GPU")
    if config.resources.device == "cpu":
        tf.config.set_visible_devices([], "GPU")
    elif not gpus and config.resources.device == "gpu":
        raise DeviceError(
            "The run asks for a GPU, and TensorFlow finds none in this process. Choose the device auto or cpu, or "
            "check the driver and TensorFlow's GPU libraries (pip install tensorflow[and-cuda])."
        )
    else:
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)


def fix_numbers(config: RunConfig) -> None:
    """Precision, seeds, determinism; before anything is drawn at random."""
    keras.config.set_dtype_policy(config.training.precision)
    keras.utils.set_random_seed(config.seed)
    if config.deterministic:
        tf.config.experimental.enable_op_determinism()


def build(
    config: RunConfig, data: Dataset, first_weights: Callable[[keras.Model], object] | None = None
) -> keras.Model:
    """The model, fitted to the data where it normalises, given its first weights where they are not random; compiled.

    Raises:
        ValueError: shapes that do not fit, in one sentence.
    """
    model = config.architecture.build(data.info)
    fit_normalization(model, data.x_train)
    if data.info.task == "regression":
        fit_output(model, data.y_train)
    if first_weights is not None:
        first_weights(model)
    compile_model(model, config, data)
    return model


def compile_model(model: keras.Model, config: RunConfig, data: Dataset) -> None:
    """Loss and metrics (core.config.run.METRICS) by the task and by what the model gives: one probability or many."""
    loss: Any
    metric: Any
    if data.info.task == "regression":
        loss, metric = ScaledSquaredError(float(np.var(data.y_train)) or 1.0), keras.metrics.MeanAbsoluteError("mae")
    elif is_single_output(model):
        loss, metric = keras.losses.BinaryCrossentropy(), keras.metrics.BinaryAccuracy(name="accuracy")
    else:
        loss = keras.losses.SparseCategoricalCrossentropy()
        metric = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(optimizer(config.training.optimizer), loss, metrics=[metric], jit_compile=False)
    model.optimizer.build(model.trainable_variables)


@keras.saving.register_keras_serializable("traindeck")
class ScaledSquaredError(keras.losses.Loss):  # type: ignore[misc]
    """Mean squared error as a share of the target's variance: 1 is as bad as always guessing the mean."""

    def __init__(self, variance: float, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.variance = variance

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1) / self.variance

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "variance": self.variance}


def optimizer(config: Optimizer) -> keras.optimizers.Optimizer:
    arguments = config.model_dump(exclude={"name", "clip_norm"})
    return _OPTIMIZERS[config.name](**arguments, clipnorm=config.clip_norm)


def targets(model: keras.Model, y: Array) -> Array:
    """As the model's loss takes them: float32 [examples, 1] for a single output, otherwise as they are."""
    return y.astype(np.float32)[:, np.newaxis] if is_single_output(model) else y


def is_single_output(model: keras.Model) -> bool:
    return bool(model.output_shape[-1] == 1)


def fit_normalization(model: keras.Model, x: Examples) -> None:
    """Measure mean and variance of what reaches each Normalization layer, in order, on the training examples."""
    for layer in model.layers:
        if not isinstance(layer, keras.layers.Normalization) or layer.input_mean is not None:
            continue
        if isinstance(x, dict):
            _fit_columns(layer, x[NUMBERS])
            continue
        reached = x if layer.input is model.input else keras.Model(model.input, layer.input).predict(x, verbose=0)
        layer.adapt(reached)


def _fit_columns(layer: keras.layers.Normalization, numbers: Array) -> None:
    """Of the values that are there; a column without any stays as it is."""
    known = np.isfinite(numbers)
    counts = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, numbers, 0).sum(axis=0, dtype=np.float64) / counts
    variance = np.where(known, (numbers - mean) ** 2, 0).sum(axis=0, dtype=np.float64) / counts
    layer.adapt_mean.assign(mean)
    layer.adapt_variance.assign(variance)
    layer.finalize_state()


def fit_output(model: keras.Model, y: Array) -> None:
    """Have the last layer turn a number around zero into one in the target's own unit."""
    last = model.layers[-1]
    if isinstance(last, keras.layers.Rescaling):
        last.scale, last.offset = float(np.std(y)) or 1.0, float(np.mean(y))
