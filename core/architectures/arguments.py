"""Are a layer's arguments such as Keras takes them, and nothing but plain data? Without Keras."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.architectures import catalogue
from core.common.text import quoted, suggestion

_WHOLE = {"units", "filters", "input_dim", "output_dim", "n", "height", "width", "groups", "depth_multiplier"}
_SIZES = {"kernel_size", "pool_size", "strides", "dilation_rate", "size"}
_SHARES = {"rate", "dropout", "recurrent_dropout"}
_SWITCHES = {
    *("use_bias", "mask_zero", "center", "return_sequences", "go_backwards", "unit_forget_bias", "reset_after"),
    *("keepdims", "trainable", "crop_to_aspect_ratio", "pad_to_aspect_ratio"),
}


def problems(layer: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the arguments of a layer of the catalogue."""
    accepted = catalogue.ARGUMENTS[layer]
    for name in catalogue.required(layer):
        if name not in arguments:
            yield f"{name} is missing"
    for name, value in arguments.items():
        if name not in accepted:
            close = suggestion(name, accepted)
            yield f"{quoted(name)} is not a known argument{close}; accepted are {', '.join(accepted)}"
        elif wrong := _wrong(name, value):
            yield f"{name} must be {wrong}; received {quoted(value)}"


def _wrong(name: str, value: Any) -> str:
    """What the argument must be, "" when it is that."""
    kind = name.rpartition("_")[2]
    if value is None:
        return ""
    if name == "activation" or name == "recurrent_activation":
        return _one_of(value, catalogue.ACTIVATIONS)
    if kind == "initializer":
        return _one_of(value, catalogue.INITIALIZERS)
    if kind == "constraint":
        return _one_of(value, catalogue.CONSTRAINTS)
    if kind == "regularizer":
        return "" if _is_penalty(value) else f"one of {', '.join(catalogue.REGULARIZERS)}, or such as {{l2: 0.001}}"
    if name == "dtype":
        return _one_of(value, catalogue.DTYPES)
    return _wrong_value(name, value)


def _wrong_value(name: str, value: Any) -> str:
    if name in _WHOLE:
        return "" if _is_positive(value) else "a whole number of at least 1"
    if name in _SIZES:
        sizes = value if isinstance(value, list | tuple) and value else [value]
        return "" if all(map(_is_positive, sizes)) else "a whole number of at least 1, or a list of them"
    if name in _SHARES:
        return "" if _is_number(value) and 0 <= value < 1 else "a number from 0 to below 1"
    if name in _SWITCHES:
        return "" if isinstance(value, bool) else "true or false"
    # "scale" is a switch of normalisations and a number elsewhere: Keras tells.
    return "" if _is_plain(value) else "a number, a text, true or false, or a list of numbers"


def _one_of(value: Any, accepted: Iterable[str]) -> str:
    return "" if isinstance(value, str) and value in accepted else f"one of {', '.join(accepted)}"


def _is_penalty(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and set(value) <= {"l1", "l2"} and all(_is_number(v) and v >= 0 for v in value.values())
    return isinstance(value, str) and value in catalogue.REGULARIZERS


def _is_positive(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_plain(item) and not isinstance(item, str) for item in value)
    return isinstance(value, bool | int | float | str)
