"""Params whose values a form set: a dataclass or a pydantic model of the script's own."""

import dataclasses
import json
import os
import typing
from typing import Any, TypeVar

Model = TypeVar("Model")


def params(model: type[Model]) -> Model:
    """The model with the values that the form set (`TRAINDECK_PARAMS`, JSON by dotted name), else its defaults.

    Raises:
        ValueError: a value that the model does not have, or does not take; all of a pydantic model's at once.
        TypeError: neither a dataclass nor a pydantic model, or a field without default was not set.
    """
    given = json.loads(os.environ.get("TRAINDECK_PARAMS") or "{}")
    values: dict[str, Any] = {}
    for name, value in given.items():
        *path, last = name.split(".")
        place = values
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    validated = getattr(model, "model_validate", None)  # pydantic's
    found: Model = validated(values) if validated is not None else _made(model, values, "")
    return found


def _made(model: Any, values: dict[str, Any], path: str) -> Any:
    if not dataclasses.is_dataclass(model):
        raise TypeError(f"{model!r} is neither a dataclass nor a pydantic model")
    hints = typing.get_type_hints(model)
    known = {field.name: hints[field.name] for field in dataclasses.fields(model) if field.init}
    unknown = [f"{path}{name}" for name in values if name not in known]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is not known; accepted are {', '.join(known)}")
    return model(**{name: _value(known[name], value, f"{path}{name}") for name, value in values.items()})  # type: ignore[operator]


def _value(kind: Any, value: Any, name: str) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(value, dict):
        return _made(kind, value, f"{name}.")
    if kind is float and type(value) is int:
        return float(value)
    if kind in (int, float, bool, str) and not isinstance(value, kind):
        raise ValueError(f"{name} is {kind.__name__}; received {value!r}")
    if typing.get_origin(kind) is tuple and isinstance(value, list):
        return tuple(value)
    return value
