"""A version's network in a format: what formats without TensorFlow cannot hold is put in other terms first."""

import traceback
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from core.common.errors import TraindeckError
from core.common.text import first_line
from core.config.run import Evaluation
from core.data.data_info import CATEGORIES
from core.engine.picture_views import with_views
from core.inference.export_formats import Format
from core.models.version_manifest import Manifest
from core.training.checkpoints import load_network, read_position


class ExportError(TraindeckError):
    """A network that cannot be exported in a format; the text says why and what can."""


class FixedNormalization(layers.Layer):  # type: ignore[misc]
    """(x - mean) / deviation by constants: those of `Normalization` become inputs of an ONNX file."""

    def __init__(self, mean: list[Any], deviation: list[Any], **options: Any) -> None:
        super().__init__(**options)
        self.mean, self.deviation = mean, deviation  # never saved by Keras

    @classmethod
    def of(cls, layer: layers.Normalization) -> "FixedNormalization":
        deviation = np.maximum(np.sqrt(np.asarray(layer.variance)), keras.config.epsilon())
        mean = np.broadcast_to(np.asarray(layer.mean), deviation.shape)
        return cls(mean.tolist(), deviation.tolist(), name=layer.name, dtype=layer.dtype_policy)

    def call(self, x: Any) -> Any:
        x = ops.cast(x, self.compute_dtype)
        mean, deviation = (ops.convert_to_tensor(np.array(each, self.compute_dtype)) for each in
                           (self.mean, self.deviation))  # fmt: skip
        return (x - mean) / deviation


def load(path: Path, run_uid: str) -> keras.Model:
    """The network as the product asks it, numbers scaled. Raises CheckpointError, ExportError."""
    position = read_position(path, run_uid)
    if position is None:
        raise ExportError(f"{path} is not the checkpoint that was registered. Register the run again.")
    return load_network(path, position)


def asked(model: keras.Model, manifest: Manifest) -> keras.Model:
    """With the views in which a picture is asked about."""
    return with_views(model, Evaluation.model_validate({"test_time_augmentation": manifest.views}))


def portable(model: keras.Model, manifest: Manifest, form: Format) -> keras.Model:
    """The same network without what only TensorFlow has: its categories come as codes, int32, 0 for unknown ones."""
    swap = _portable if form.name in ("onnx", "litert") else _coded
    inputs: Any = None
    if isinstance(model.input, dict) and CATEGORIES in model.input:
        inputs = {
            name: keras.Input(each.shape[1:], name=name, dtype="int32" if name == CATEGORIES else each.dtype)
            for name, each in model.input.items()
        }
    return asked(keras.models.clone_model(model, input_tensors=inputs, clone_function=swap), manifest)


def _coded(layer: layers.Layer) -> layers.Layer:
    """The layer itself, which then is shared, or one in its place."""
    if isinstance(layer, layers.StringLookup):
        return layers.CategoryEncoding(layer.vocabulary_size(), output_mode="one_hot", name=layer.name)
    return layer


def _portable(layer: layers.Layer) -> layers.Layer:
    return FixedNormalization.of(layer) if isinstance(layer, layers.Normalization) else _coded(layer)


def write(model: keras.Model, form: Format, target: Path) -> int | None:
    """Put a portable network into a file; returns how many examples it takes at a time, None for any number.

    Raises:
        ExportError: the format cannot hold this network.
    """
    example = {each.name: np.zeros((1, *each.shape[1:]), each.dtype) for each in model.inputs}
    model(example if isinstance(model.input, dict) else next(iter(example.values())))  # Keras exports what was called
    try:
        if form.name == "keras":
            model.save(target)
        else:
            model.export(target, format="tf_saved_model" if form.name == "saved_model" else form.name, verbose=False)
    except Exception as error:  # whatever converters raise
        traceback.print_exc()
        raise refused(model, form, error) from error
    return None


def refused(model: keras.Model, form: Format, error: Exception) -> ExportError:
    """Why, and what can: of a network that cannot be written, or that its runtime cannot run."""
    recurrent = [layer.name for layer in model.layers if isinstance(layer, layers.RNN | layers.Bidirectional)]
    text = first_line(error)[:300].rstrip(".")
    why = text if isinstance(error, TraindeckError) else f"{type(error).__name__}: {text}"
    if recurrent and form.name == "litert":
        why = f"its recurrent layer {recurrent[0]} is a loop, which {form.title} cannot hold ({why})"
    others = "Export it as SavedModel or Keras" if form.name == "onnx" else "Export it as ONNX"
    return ExportError(f"This network cannot be exported as {form.title}: {why}. {others}.")
