"""A network in a file that somebody gave, as one of Keras: loaded without its code, or asked through its runtime."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.common.errors import TraindeckError
from core.common.text import first_line
from core.data.data_info import CATEGORIES, Array, DataInfo
from core.engine.ensemble import named_inputs
from core.inference.engines import ONLY, Engine
from core.inference.inputs import coded


class UploadError(TraindeckError):
    """A file whose network cannot be asked, or takes something else than was said."""


@dataclass(frozen=True)
class Tensor:
    """An input of a network, without the examples."""

    name: str
    shape: tuple[int | None, ...]
    kind: str  # as numpy calls it; string of texts


def loaded(path: Path, name: str) -> keras.Model:
    """Uncompiled. Raises UploadError: its code would have to run, or it cannot be read."""
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # whatever Keras raises
        traceback.print_exc()
        raise UploadError(
            f"{name} cannot be loaded by Keras {keras.__version__} ({type(error).__name__}: "
            f"{first_line(error)[:300]}). Save it anew with this version, without code "
            "of your own, or export it as ONNX."
        ) from error
    if not isinstance(model, keras.Model) or not model.built or not getattr(model, "inputs", None):
        raise UploadError(f"{name} is no network whose inputs are known. Call it once before it is saved, or build it.")
    if len(model.outputs) != 1:
        raise UploadError(f"{name} has {len(model.outputs)} outputs; accepted is one. Save a network with the one.")
    return keras.Model(model.inputs, model.outputs[0]) if isinstance(model, keras.Sequential) else model


def inputs_of(model: keras.Model) -> list[Tensor]:
    return [Tensor(name, tuple(each.shape[1:]), str(each.dtype)) for name, each in named_inputs(model).items()]


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
        return np.concatenate(parts).astype(np.float32)

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
