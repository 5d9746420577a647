"""Before the first operation: seeds, precision and devices; then the model, ready to train."""

from collections.abc import Callable, Sequence
from typing import Any, TypeGuard

import keras
import numpy as np
import tensorflow as tf

from core.common.errors import TraindeckError
from core.config.run import RunConfig
from core.data.base import NUMBERS, Array, Dataset, Examples
from core.data.number_scaling import Target
from core.data.source_options import Augmentation, ImageSource
from core.engine.augment import Augment
from core.engine.averaging import begin_averages, look_back
from core.engine.distilling import Teacher
from core.engine.graph_optimizer import choose_graph_optimizer
from core.engine.label_metrics import ExampleF1
from core.engine.loss_functions import loss_of
from core.engine.pruning import Pruner
from core.engine.recurrent_sharing import share_recurrent
from core.engine.step import Step
from core.engine.updates import optimizer
from core.engine.whitening import is_whitening, some_images, whitening_kernel


class DeviceError(TraindeckError):
    """The run asks for a device that its process does not have."""


def choose_devices(config: RunConfig) -> list[str]:
    """Tell TensorFlow what to train on, and which devices that are. Only before its first operation.

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
    # A process sees the cards of the slots that its run was given. It has one CPU, whatever its cores.
    given = tf.config.list_logical_devices("GPU")[: config.resources.gpus] or tf.config.list_logical_devices("CPU")
    return [device.name for device in given]


def strategy(devices: Sequence[str]) -> tf.distribute.Strategy:
    """How these devices share a batch; one device needs nothing shared."""
    return tf.distribute.MirroredStrategy(list(devices)) if len(devices) > 1 else tf.distribute.get_strategy()


def fix_numbers(config: RunConfig) -> None:
    """Precision, seeds, determinism; before anything is drawn at random."""
    keras.config.set_dtype_policy(precision(config))
    keras.utils.set_random_seed(config.seed)
    if config.deterministic:
        tf.config.experimental.enable_op_determinism()


def precision(config: RunConfig) -> str:
    """The number format that is meant, "auto" resolved: a mixed one where every GPU has units for it."""
    if config.training.precision != "auto":
        return config.training.precision
    gpus = tf.config.get_visible_devices("GPU")
    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    return fastest_precision([each.get("compute_capability", (0, 0)) for each in details])


def fastest_precision(capabilities: Sequence[tuple[int, int]]) -> str:
    """Of NVIDIA's GPUs with these compute capabilities; float32 where there are none.

    They multiply matrices of float16 in hardware since 7.0, of bfloat16 since 8.0; that has the range of float32, so
    that no gradient vanishes.
    """
    least = tuple(min(capabilities, default=(0, 0)))
    return "mixed_bfloat16" if least >= (8, 0) else "mixed_float16" if least >= (7, 0) else "float32"


def build(
    config: RunConfig, data: Dataset, first_weights: Callable[[keras.Model], object] | None = None
) -> keras.Model:
    """The model, fitted to the data where it normalises, given its first weights where they are not random; compiled.

    Raises:
        ValueError: shapes that do not fit, in one sentence.
    """
    model = config.architecture.build(data.info)
    fit_normalization(model, data.x_train)
    if first_weights is not None:
        first_weights(model)
    compile_model(model, config, data)
    return model


def compile_model(model: keras.Model, config: RunConfig, data: Dataset) -> None:
    """Loss and metrics (core.config.run.METRICS) by config, task and what the model gives: one probability or many."""
    loss = loss_of(config, data, model.output_shape[-1], mixed=mixes(config))
    # Weighted, as several devices fill up the last batch with examples that do not count.
    measured = metric(model, config, data)
    model.compile(optimizer(config.training.optimizer, model), loss, weighted_metrics=[measured], jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    begin_averages(model)


def metric(model: keras.Model, config: RunConfig, data: Dataset) -> keras.metrics.Metric:
    """What is measured beside the loss, named as in core.config.run.METRICS; of a regression times `error_unit`."""
    if data.info.predicts_numbers:
        target = data.numbers.target if data.numbers else None
        return LogError(target.offset, target.scale) if is_log(target) else keras.metrics.MeanAbsoluteError("mae")
    if data.info.task == "multilabel":
        return ExampleF1()
    if is_single_output(model):
        return (RoundedAccuracy if mixes(config) else keras.metrics.BinaryAccuracy)(name="accuracy")
    if mixes(config):
        return keras.metrics.CategoricalAccuracy(name="accuracy")
    return keras.metrics.SparseCategoricalAccuracy(name="accuracy")


def error_unit(data: Dataset) -> float:
    """What the metric of a regression is to be multiplied by, to be in the target's unit."""
    return data.numbers.target.error_unit if data.numbers and data.numbers.target else 1.0


def step(
    model: keras.Model,
    config: RunConfig,
    data: Dataset,
    strategy: tf.distribute.Strategy | None = None,
    teacher: Teacher | None = None,
) -> Step:
    """The training step of a model that `build` made, in this strategy."""
    if strategy is None or strategy.num_replicas_in_sync == 1:
        share_recurrent(model)
    choose_graph_optimizer(model)
    training, examples = config.training, len(data.y_train)
    updates = max(1, training.steps(examples) // training.optimizer.gradient_accumulation_steps)
    options = training.optimizer.lookahead
    return Step(
        model,
        metric(model, config, data),
        augment=augmentation(config, training.steps_per_epoch(examples)),
        after=look_back(options, updates) if options else None,
        pruner=Pruner(config.pruning, updates, fresh=config.fine_tune is None) if config.pruning else None,
        teacher=teacher,
        seed=config.seed,
        strategy=strategy,
    )


@keras.saving.register_keras_serializable("traindeck")
class RoundedAccuracy(keras.metrics.BinaryAccuracy):  # type: ignore[misc]
    """Of mixed labels, the one with the larger share is the right one."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        super().update_state(keras.ops.round(y_true), y_pred, sample_weight)


@keras.saving.register_keras_serializable("traindeck")
class LogError(keras.metrics.MeanAbsoluteError):  # type: ignore[misc]
    """Mean absolute error of what core.data.network_numbers.Target of the kind log is undone to, before its unit."""

    def __init__(self, offset: float, scale: float, name: str = "mae", **arguments: Any) -> None:
        super().__init__(name=name, **arguments)
        self.offset, self.scale = offset, scale

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        super().update_state(self._undone(y_true), self._undone(y_pred), sample_weight)

    def _undone(self, values: Any) -> Any:
        return keras.ops.expm1(values * self.scale + self.offset)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "offset": self.offset, "scale": self.scale}


def is_log(target: Target | None) -> TypeGuard[Target]:
    return target is not None and target.kind == "log"


def targets(model: keras.Model, y: Array) -> Array:
    """As the model's loss takes them: float32 [examples, 1] for a single output, or [examples, outputs] for a loss of
    probabilities and for several labels; otherwise as they are.
    """
    if getattr(model.loss, "mixed", False) and not is_single_output(model):
        return np.eye(model.output_shape[-1], dtype=np.float32)[y]
    if y.ndim == 2 and y.dtype == np.uint8:  # several labels
        return y.astype(np.float32)
    return y.astype(np.float32).reshape(-1, 1) if is_single_output(model) else y


def mixes(config: RunConfig) -> bool:
    """Whether labels are mixed, and so probabilities in place of class numbers."""
    options = _augments(config)
    return options is not None and options.mixup > 0


def augmentation(config: RunConfig, steps_per_epoch: int) -> Augment | None:
    """What changes training images, None where nothing does."""
    options = _augments(config)
    return None if options is None else Augment(options, steps_per_epoch)


def _augments(config: RunConfig) -> Augmentation | None:
    return config.data.augmentation if isinstance(config.data, ImageSource) else None


def is_single_output(model: keras.Model) -> bool:
    return bool(model.output_shape[-1] == 1)


def fit_normalization(model: keras.Model, x: Examples) -> None:
    """Measure mean and variance of what reaches each Normalization layer, in order, on the training examples; and the
    kernel of a layer that whitens.
    """
    for layer in model.layers:
        if is_whitening(layer) and not isinstance(x, dict):
            reached = keras.Model(model.input, layer.input).predict(some_images(x), verbose=0)
            layer.kernel.assign(whitening_kernel(reached, layer.kernel_size[0]))
        if not isinstance(layer, keras.layers.Normalization) or layer.input_mean is not None:
            continue
        if isinstance(x, dict):
            _fit_columns(layer, x[NUMBERS])
            continue
        reached = x if layer.input is model.input else keras.Model(model.input, layer.input).predict(x, verbose=0)
        layer.adapt(reached)
        # Keras would divide by 1e-7 what is constant here, and not in the examples to come.
        _assign(layer, *map(keras.ops.convert_to_numpy, (layer.adapt_mean, layer.adapt_variance)))


def _fit_columns(layer: keras.layers.Normalization, numbers: Array) -> None:
    """Of the values that are there; a column without any stays as it is."""
    known = np.isfinite(numbers)
    counts = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, numbers, 0).sum(axis=0, dtype=np.float64) / counts
    variance = np.where(known, (numbers - mean) ** 2, 0).sum(axis=0, dtype=np.float64) / counts
    _assign(layer, mean, variance)


def _assign(layer: keras.layers.Normalization, mean: Array, variance: Array) -> None:
    """A variance of nothing, of values that are all the same, counts as 1."""
    layer.adapt_mean.assign(mean)
    layer.adapt_variance.assign(np.where(variance > 0, variance, 1))
    layer.finalize_state()
