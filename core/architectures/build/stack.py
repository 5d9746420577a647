"""A Keras model from a list of layers, with errors that name the layer. Imports Keras: only builders import this."""

import re
from collections.abc import Sequence
from typing import Any

import keras

from core.architectures.build.parts import own_unit, whole_dtype
from core.architectures.catalogue import INPUT, WEIGHT_PENALTY
from core.architectures.layer import Layer
from core.common.text import plural
from core.data.base import DataInfo


def stack(layers: Sequence[Layer], data: DataInfo, *, linear: bool = False) -> keras.Model:
    """The layers applied in order. `linear`: they end in one whose output of a regression may be any number.

    Raises:
        ValueError: shapes or arguments that do not fit, in one sentence that names the layer and Keras's reason.
    """
    inputs = keras.Input(data.shape, name="input")
    x = inputs
    given = {layer.arguments.get("name") for layer in layers}
    for number, layer in enumerate(layers, start=1):
        if layer.layer == INPUT:  # the first, with the shape of the data
            continue
        own = f"{layer.layer.lower()}_{number}"
        name = layer.arguments.get("name") or (own if own not in given else f"{own}_unnamed")
        try:
            x = _make(layer, name)(x)
        except Exception as error:  # whatever Keras or TensorFlow raise for it
            raise ValueError(
                f"layer {number} ({layer.layer}) does not fit: it receives {_shape(x.shape)} and Keras says: "
                f"{reason(error)}"
            ) from error
    _check_end(x, data, layers[-1].layer, len(layers))
    # Loss and metrics are computed in float32 also when the layers compute in a shorter format.
    if x.dtype in ("float16", "bfloat16"):
        x = keras.layers.Activation("linear", dtype="float32", name="output_float32")(x)
    if data.predicts_numbers and linear:
        x = own_unit(x, "own_unit" if "own_unit" not in given else "own_unit_unnamed")
    return keras.Model(inputs, x, name="layers")


def _make(layer: Layer, name: str) -> keras.Layer:
    arguments = {key: _argument(key, value) for key, value in layer.arguments.items()}
    if layer.layer == "Normalization" and arguments.get("dtype") is None:
        arguments["dtype"] = whole_dtype()
    return getattr(keras.layers, layer.layer)(**{**arguments, "name": name})


def _argument(name: str, value: Any) -> Any:
    if name.endswith(WEIGHT_PENALTY) and isinstance(value, dict):
        return keras.regularizers.L1L2(**value)
    return tuple(value) if isinstance(value, list) else value


def _check_end(x: keras.KerasTensor, data: DataInfo, kind: str, count: int) -> None:
    shape = tuple(x.shape[1:])
    accepted, wanted = _ends(data)
    if shape in accepted:
        return
    flatten = "flatten before it, then " if len(shape) > 1 and data.task != "generation" else ""
    many = "labels" if data.task == "multilabel" else "classes"
    has = f"this data set has {data.classes} {many}" if data.classes else f"the task is {data.task}"
    raise ValueError(
        f"layer {count} ({kind}) is the last and gives {_shape(x.shape)} per example, but {has}: {flatten}end with a "
        f"Dense layer of {wanted}"
    )


def _ends(data: DataInfo) -> tuple[list[tuple[int, ...]], str]:
    """Shapes that a network may end in, and the last layers that give them."""
    if data.task == "generation":
        return [(*data.shape, data.outputs)], f"{data.outputs} units and softmax for each of the {data.shape[0]} tokens"
    if data.predicts_numbers:
        return [(data.outputs,)], f"{plural(data.outputs, 'unit')} without activation"
    if data.task == "multilabel":
        return [(data.classes,)], f"{data.classes} units and sigmoid"
    many = f"{data.classes} units and softmax"
    if data.task == "binary":
        return [(1,), (data.classes,)], f"1 unit and sigmoid or {many}"
    return [(data.classes,)], many


def reason(error: Exception) -> str:
    """Keras's reason in one sentence, without the lines around it that name internals."""
    plain = re.sub(r"\x1b\[\d*m", "", str(error))  # Keras prints some of its messages in bold
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("Exception encountered", "Arguments received", "•"))]
    text = told[0] if told else type(error).__name__
    text = re.sub(r"\s*for '\{\{node.*", "", text)  # TensorFlow's node of the graph
    text = re.sub(r"\{\{.*?\}\}\s*", "", text)
    text = re.sub(r"^Input \d+ .*? is incompatible with the layer: ", "", text)
    text = re.sub(r"expected (min_|max_|)ndim=(\d+), found ndim=(\d+)", _dimensions, text)
    text = re.split(r"(?<=[\w)\]'\"])\. (?=[A-Z])", text)[0]
    return text.rstrip(". ")


def _dimensions(match: re.Match[str]) -> str:
    """Keras counts the batch as a dimension; people do not."""
    bound, expected, found = {"min_": "at least ", "max_": "at most "}.get(match[1], ""), int(match[2]), int(match[3])
    return f"it expects {bound}{expected - 1} dimensions per example, not {found - 1}"


def _shape(shape: Sequence[int | None]) -> str:
    sizes = ["any" if size is None else str(size) for size in shape[1:]]
    return f"{sizes[0]} values" if len(sizes) == 1 else " x ".join(sizes) or "a single value"
