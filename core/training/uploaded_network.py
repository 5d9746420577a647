"""A network in a file that somebody gave, as one of Keras: loaded without its code, or asked through its runtime."""

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from core.common.errors import TraindeckError
from core.data.data_info import CATEGORIES, Array, DataInfo, Examples
from core.engine import keras_internals
from core.engine.ensemble import named_inputs
from core.inference.engines import ONLY, Engine, of_kind
from core.inference.inputs import coded

_MOST_BESIDE = 1_000_000  # weights that a network may have beside those in its file, such as states
_MOST_VALUES = 2**28  # in a tensor of one example; 1 GB in float32


class UploadError(TraindeckError):
    """A file whose network cannot be asked, or takes something else than was said."""


@dataclass(frozen=True)
class Tensor:
    """An input of a network, without the examples."""

    name: str
    shape: tuple[int | None, ...]
    kind: str  # as numpy calls it; string of texts


def loaded(path: Path, name: str, stored: int) -> keras.Model:
    """Uncompiled. Raises UploadError: its code would have to run, it cannot be read, or would be too large.

    Args:
        stored: how many numbers are in the file; a network with more weights is not built.
    """
    _require_size(path, name, stored)
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # whatever Keras raises
        raise UploadError(
            f"{name} cannot be loaded by Keras {keras.__version__} ({cause_of(error)}). Save it anew with this "
            "version, without code of your own, or export it as ONNX."
        ) from error
    if not isinstance(model, keras.Model) or not model.built or not getattr(model, "inputs", None):
        raise UploadError(f"{name} is no network whose inputs are known. Call it once before it is saved, or build it.")
    if isinstance(model, keras.Sequential):
        model = keras.Model(model.inputs[0], model.outputs[0])
    if isinstance(given := model.output, dict):
        raise UploadError(f"{name} gives its outputs by name ({', '.join(map(str, given))}); accepted is one "
                          "tensor of numbers. Save a network with the one: keras.Model(model.inputs, model.outputs[0])."
                          )  # fmt: skip
    if len(model.outputs) != 1:
        raise UploadError(f"{name} has {len(model.outputs)} outputs; accepted is one. Save a network with the one.")
    if model.outputs[0].dtype == "string" or not len(model.outputs[0].shape):
        shown = f"{model.outputs[0].dtype} of shape {list(model.outputs[0].shape)}"
        raise UploadError(f"{name} gives {shown}; accepted are numbers, of each example. Save it without what names "
                          "or sums up the answers.")  # fmt: skip
    if isinstance(model.input, dict) or not any(isinstance(each, list | tuple) for each in (model.input, given)):
        return model
    # Lists are asked by their names, as a table is.
    return keras.Model(named_inputs(model) if len(model.inputs) > 1 else model.inputs[0], model.outputs[0])


def cause_of(error: BaseException) -> str:
    """What Keras met first, in a line: what it raises then repeats that, wrapped in what it was doing."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    _, example, rest = str(error).partition("Example error message")
    text = rest.partition("\n")[2].strip() if example else str(error).strip()
    sentence = " ".join(text.partition("\n")[0].split()).partition(". ")[0]
    return f"{type(error).__name__}: {sentence[:300].rstrip('.')}"


def _require_size(path: Path, name: str, stored: int) -> None:
    """Raises UploadError: the config tells of more weights than there are, or of larger tensors than are asked."""
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json"))
    weights, largest = keras_internals.sizes_of(config)
    if weights > stored + _MOST_BESIDE:
        raise UploadError(
            f"The config of {name} tells of {weights:,} weights, and {stored:,} are in the file, so it was not built. "
            "Save the network again, whole."
        )
    if largest > _MOST_VALUES:
        raise UploadError(
            f"{name} would compute {largest:,} numbers at once for an example; at most {_MOST_VALUES:,} are taken. "
            "Make it smaller."
        )


def inputs_of(model: keras.Model) -> list[Tensor]:
    return [Tensor(name, tuple(each.shape[1:]), str(each.dtype)) for name, each in named_inputs(model).items()]


def asked(model: keras.Model, inputs: Sequence[Tensor], x: Examples) -> Array:
    """What it gives, of arrays. Raises DataError: it takes whole numbers, and these are others."""
    one = next(iter(x.values())) if isinstance(x, dict) and len(inputs) == 1 else x
    given = one if isinstance(one, dict) else {inputs[0].name: one}
    typed = {each.name: _typed(given[each.name], each) for each in inputs}
    found = model(typed if isinstance(model.input, dict) else next(iter(typed.values())))
    return np.asarray(ops.convert_to_numpy(ops.cast(found, "float32")))


def _typed(x: Array, one: Tensor) -> Any:
    if x.dtype.kind in "OU" and one.kind != "string":
        raise UploadError(
            f"Its input {one.name} takes {one.kind}, which here are words (the categories themselves). Upload the "
            "network that takes words, or its export as ONNX or LiteRT."
        )
    return tf.constant(x if one.kind in ("string", "bfloat16") else of_kind(x, one.kind, one.name))


def around(model: keras.Model, scale: tuple[float, float] | None, ending: str) -> keras.Model:
    """With its input times the first number plus the second in front, and an activation behind.

    Args:
        scale: None for the input as it is.
        ending: name of an activation; "" for none.
    """
    inputs, given = model.input if isinstance(model.input, dict) else model.inputs[0], model.outputs[0]
    if scale is not None:
        (name, one), *_ = named_inputs(model).items()
        pixels = keras.Input(one.shape[1:], name=one.name, dtype="float32")
        seen = keras.layers.Rescaling(*scale, name="given_pixels", dtype="float32")(pixels)
        is_named = isinstance(model.input, dict)
        inputs = {name: pixels} if is_named else pixels
        given = keras.tree.flatten(keras_internals.through(model, {name: seen} if is_named else seen))[0]
    if ending:
        given = keras.layers.Activation(ending, name="given_probabilities", dtype="float32")(given)
    return keras.Model(inputs, given)


def through_runtime(engine: Engine, info: DataInfo, batch: int | None, units: tuple[int, ...]) -> keras.Model:
    """A network that asks the engine, raw but scaled, as a network of Keras would be asked; it cannot be trained.

    Args:
        batch: examples that the engine takes at a time; None for any number.
        units: shape of its answer for an example.
    """
    spec: dict[str, Any] = {ONLY: keras.Input(info.shape, name=ONLY, dtype="int32" if info.vocabulary else "float32")}
    if info.kind == "table":
        spec = {"numbers": keras.Input((len(info.numbers),), name="numbers")} if info.numbers else {}
        if info.categories:
            spec[CATEGORIES] = keras.Input((len(info.categories),), name=CATEGORIES, dtype="string")
    inputs: Any = spec if info.kind == "table" else spec[ONLY]
    return keras.Model(inputs, _Runtime(_asked(engine, info, batch), list(spec), units)(inputs))


def _asked(engine: Engine, info: DataInfo, batch: int | None) -> Callable[[Mapping[str, Array]], Array]:
    def ask(given: Mapping[str, Array]) -> Array:
        inputs = dict(given)
        if CATEGORIES in inputs:
            words = [[each.decode() for each in row] for row in inputs[CATEGORIES]]
            inputs[CATEGORIES] = coded(info, np.array(words, object).reshape(inputs[CATEGORIES].shape))
        count = len(next(iter(inputs.values())))
        step = batch or count
        parts = [
            engine({name: np.ascontiguousarray(each[at : at + step]) for name, each in inputs.items()})
            for at in range(0, count, step or 1)
        ]
        return np.concatenate([np.atleast_1d(each) for each in parts]).astype(np.float32)

    return ask


def _bytes(array: Array) -> Array:
    """Texts as TensorFlow has them."""
    return np.vectorize(str.encode, otypes=[object])(array) if array.dtype.kind in "OU" else array


class _Runtime(keras.layers.Layer):  # type: ignore[misc]
    def __init__(self, ask: Callable[[Mapping[str, Array]], Array], names: list[str], units: tuple[int, ...]) -> None:
        super().__init__(trainable=False, dtype="float32", autocast=False)
        self._ask, self._names, self._units = ask, names, units

    def asked(self, x: Any) -> Array:
        """Of arrays."""
        given = x if isinstance(x, dict) else {self._names[0]: x}
        return self._ask({name: _bytes(each) for name, each in given.items()})

    def call(self, x: Any) -> Any:
        given = [x[name] for name in self._names] if isinstance(x, dict) else [x]

        def asked(*arrays: Array) -> Array:
            return self._ask(dict(zip(self._names, arrays, strict=True)))

        found = tf.numpy_function(asked, given, tf.float32)
        found.set_shape([None, *self._units])
        return found
