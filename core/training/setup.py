"""Before the first operation: seeds, precision and devices; then the model, ready to train."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.config.optimizers import Optimizer
from core.config.run import RunConfig
from core.data.base import Array, Dataset
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


def build(config: RunConfig, data: Dataset) -> keras.Model:
    """The model, fitted to the data where it normalises, and compiled.

    Raises:
        ValueError: shapes that do not fit, in one sentence.
    """
    model = config.architecture.build(data.info)
    fit_normalization(model, data.x_train)
    compile_model(model, config)
    return model


def compile_model(model: keras.Model, config: RunConfig) -> None:
    """Loss and accuracy by what the model gives: one probability, or one per class."""
    loss: Any
    accuracy: Any
    if is_single_output(model):
        loss, accuracy = keras.losses.BinaryCrossentropy(), keras.metrics.BinaryAccuracy(name="accuracy")
    else:
        loss = keras.losses.SparseCategoricalCrossentropy()
        accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(optimizer(config.training.optimizer), loss, metrics=[accuracy], jit_compile=False)
    model.optimizer.build(model.trainable_variables)


def optimizer(config: Optimizer) -> keras.optimizers.Optimizer:
    arguments = config.model_dump(exclude={"name", "clip_norm"})
    return _OPTIMIZERS[config.name](**arguments, clipnorm=config.clip_norm)


def targets(model: keras.Model, y: Array) -> Array:
    """Class numbers as the model's loss takes them: [examples, 1] of 0.0 or 1.0 for a single output."""
    return y.astype(np.float32)[:, np.newaxis] if is_single_output(model) else y


def is_single_output(model: keras.Model) -> bool:
    return bool(model.output_shape[-1] == 1)


def fit_normalization(model: keras.Model, x: Array) -> None:
    """Measure mean and variance of what reaches each Normalization layer, in order, on the training examples."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            reached = x if layer.input is model.input else keras.Model(model.input, layer.input).predict(x, verbose=0)
            layer.adapt(reached)
