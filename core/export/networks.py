"""A version's network in a format: what formats without TensorFlow cannot hold is put in other terms first."""

import importlib
import json
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from core.common.errors import TraindeckError
from core.common.text import first_line
from core.config.run import Evaluation
from core.data.data_info import CATEGORIES, Array, DataInfo
from core.engine.ensemble import named_inputs
from core.engine.keras_internals import every_layer
from core.engine.picture_views import with_views
from core.export.onnx_operations import to_standard
from core.export.quantising import quantised
from core.inference.export_formats import Format
from core.models.version_manifest import Manifest
from core.training.checkpoints import load_network, read_position

_COARSE = {"float16": 5e-3, "bfloat16": 4e-2}  # by what a network computes in: ten times its rounding


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
        kind = "float32" if _computes_in(layer) in _COARSE else layer.dtype_policy
        return cls(mean.tolist(), deviation.tolist(), name=layer.name, dtype=kind)

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
    swap = _portable if form.engine in ("onnx", "litert") else _coded
    inputs: Any = None
    if isinstance(model.input, dict) and CATEGORIES in model.input:
        inputs = {
            name: keras.Input(each.shape[1:], name=name, dtype="int32" if name == CATEGORIES else each.dtype)
            for name, each in model.input.items()
        }
    return asked(keras.models.clone_model(model, input_tensors=inputs, clone_function=swap), manifest)


def after_columns(model: keras.Model, info: DataInfo, form: Format) -> tuple[keras.Model, dict[str, Any] | None]:
    """Of rows, in whole numbers: what of a portable network comes after they are normalised, and by how much they are.

    Whole numbers have one range for all columns of a row: those of a small one would all be the same. And what is
    missing is no number at all. So core.inference.inputs does it, in real numbers. None where the network does.
    """
    found = next((each for each in model.layers if isinstance(each, FixedNormalization)), None)
    if found is None or not form.by_range or info.kind not in ("rows", "table"):
        return model, None
    if info.kind == "rows" and found.input is not model.input:
        return model, None
    columns = model.get_layer("columns") if info.kind == "table" else found
    return keras.Model(columns.output, model.output), {"mean": found.mean, "deviation": found.deviation}


def _coded(layer: layers.Layer) -> layers.Layer:
    """The layer itself, which then is shared, or one in its place."""
    if isinstance(layer, layers.StringLookup):
        return layers.CategoryEncoding(layer.vocabulary_size(), output_mode="one_hot", name=layer.name)
    return layer


def _portable(layer: layers.Layer) -> layers.Layer:
    if isinstance(layer, layers.Normalization):
        return FixedNormalization.of(layer)
    if isinstance(layer, layers.Concatenate):  # one of its own, whose output is that of this network
        return layers.Concatenate.from_config(layer.get_config())
    return _in_float32(layer) if _computes_in(layer) in _COARSE else _coded(layer)


def _computes_in(layer: Any) -> str:
    """ "" of operations, which are among the layers of a network, too."""
    return str(getattr(layer, "compute_dtype", ""))


def _in_float32(layer: layers.Layer) -> layers.Layer:
    """The same weights, which are float32 already; runtimes without TensorFlow do not compute in 16 bits everywhere."""
    text = json.dumps(keras.saving.serialize_keras_object(layer))
    for kind in _COARSE:
        text = text.replace(f'"mixed_{kind}"', '"float32"')
    copy: layers.Layer = keras.saving.deserialize_keras_object(json.loads(text))
    if layer.weights:
        copy.set_weights(layer.get_weights())
    return copy


def tolerance(model: keras.Model, form: Format) -> float | None:
    """The largest difference that is taken: in 16 bits, other runtimes round in other places."""
    coarse = max((_COARSE.get(_computes_in(layer), 0.0) for layer in model.layers), default=0.0)
    return None if form.tolerance is None else max(form.tolerance, coarse)


def write(model: keras.Model, form: Format, target: Path, examples: Mapping[str, Array]) -> int | None:
    """Put a portable network into a file; returns how many examples it takes at a time, None for any number.

    Args:
        examples: by input, as the network takes them, by which the ranges of numbers in 8 bits are set.

    Raises:
        ExportError: the format cannot hold this network.
    """
    example = {name: np.zeros((1, *each.shape[1:]), each.dtype) for name, each in named_inputs(model).items()}
    model(example if isinstance(model.input, dict) else next(iter(example.values())))  # Keras exports what was called
    try:
        batch = 1 if form.engine == "litert" and not form.by_range and _recurrent(model) else None
        _write(model, form, target, examples, batch)
    except Exception as error:  # whatever converters raise
        traceback.print_exc()
        raise refused(model, form, error) from error
    return batch


def _recurrent(model: keras.Model) -> list[str]:
    """Names of layers whose loop LiteRT unrolls only where it knows how many examples come."""
    return [layer.name for layer in model.layers if isinstance(layer, layers.RNN | layers.Bidirectional)]


def _write(model: keras.Model, form: Format, target: Path, examples: Mapping[str, Array], batch: int | None) -> None:
    if form.engine == "keras":
        if form.variant:
            _in_few_bits(model, form.variant)
        model.save(target)
    elif form.engine == "saved_model":
        model.export(target, format="tf_saved_model", verbose=False)
    elif form.engine == "litert":
        options = _of_converter(form.variant, examples)
        if batch:
            one = model.inputs[0]
            options["input_signature"] = [keras.InputSpec(dtype=one.dtype, shape=(batch, *one.shape[1:]))]
        model.export(target, format="litert", verbose=False, **options)
    elif not form.variant:
        model.export(target, format="onnx", verbose=False)
        to_standard(target)
    else:
        with tempfile.TemporaryDirectory(dir=target.parent.parent) as folder:
            whole = Path(folder) / target.name
            model.export(whole, format="onnx", verbose=False)
            to_standard(whole)
            quantised(whole, target, form.variant, examples)


def _in_few_bits(model: keras.Model, kind: str) -> None:
    """By Keras's own means, `int8` or `int4`. Raises ExportError: it has none for any of the layers."""
    with warnings.catch_warnings():  # one of each layer without weights
        warnings.simplefilter("ignore", UserWarning)
        model.quantize(kind)
    if not any(getattr(layer, "quantization_mode", None) for layer in every_layer(model)):
        raise ExportError(f"it has no dense layer or embedding, which are all that Keras keeps in {kind}")


def _of_converter(variant: str, examples: Mapping[str, Array]) -> dict[str, Any]:
    """What LiteRT's converter is set to."""
    if not variant:
        return {}
    lite: Any = importlib.import_module("tensorflow").lite
    found: dict[str, Any] = {"optimizations": [lite.Optimize.DEFAULT]}
    if variant == "float16":
        found["target_spec"] = {"supported_types": [importlib.import_module("tensorflow").float16]}
    if variant in ("int8", "full-int8"):

        def one_by_one() -> Iterator[Any]:
            for place in range(len(next(iter(examples.values())))):
                one = {name: each[place : place + 1] for name, each in examples.items()}
                yield one if len(one) > 1 else list(one.values())

        found["representative_dataset"] = one_by_one
        operations = lite.OpsSet
        found["target_spec"] = {"supported_ops": [operations.TFLITE_BUILTINS_INT8, operations.TFLITE_BUILTINS]}
    if variant == "full-int8":
        whole = importlib.import_module("tensorflow").int8  # token ids stay what they are
        found |= {"inference_input_type": whole, "inference_output_type": whole}
        found["target_spec"] = {"supported_ops": [lite.OpsSet.TFLITE_BUILTINS_INT8]}
    return found


def refused(model: keras.Model, form: Format, error: Exception) -> ExportError:
    """Why, and what can: of a network that cannot be written, or that its runtime cannot run."""
    text = first_line(error)[:300].rstrip(".")
    why = text if isinstance(error, TraindeckError) else f"{type(error).__name__}: {text}"
    others = "Export it as SavedModel or Keras" if form.name == "onnx" else "Export it as ONNX"
    if (names := _recurrent(model)) and form.engine == "litert" and form.by_range:
        why = f"its recurrent layer {names[0]} is a loop, which LiteRT cannot hold in whole numbers"
        others = "Export it as LiteRT, dynamic int8, or as ONNX"
    return ExportError(f"This network cannot be exported as {form.title}: {why}. {others}.")
