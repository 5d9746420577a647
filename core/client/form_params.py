"""Params whose values a form set: a dataclass or a pydantic model of the script's own."""

import dataclasses
import json
import os
import typing
from typing import Any, TypeVar

from .field_values import Problems, needed, taken

Model = TypeVar("Model")
VARIABLE = "TRAINDECK_PARAMS"
_ACCEPTED = 'accepted is a JSON object of values by dotted name, such as {"optimizer.lr": 0.1}'


def params(model: type[Model]) -> Model:
    """The model with the values that the form set (`TRAINDECK_PARAMS`, JSON by dotted name), else its defaults.

    Raises:
        ValueError: every value that the model does not have, does not take, or needs; or the variable has no such JSON.
        TypeError: neither a dataclass nor a pydantic model.
    """
    values = _given(os.environ.get(VARIABLE) or "{}")
    problems: Problems = []
    found = _made(model, values, "", problems)
    if problems:
        raise ValueError(f"{model.__name__} cannot be filled: {'; '.join(problems)}")
    return typing.cast(Model, found)


def _given(text: str) -> dict[str, Any]:
    """Nested. Raises ValueError."""
    received = f"{VARIABLE} is {text[:80]!r}; {_ACCEPTED}"
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(received) from error
    if not isinstance(given, dict):
        raise ValueError(received)
    values: dict[str, Any] = {}
    for name, value in given.items():
        *path, last = name.split(".")
        place = values
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise ValueError(f"{part} has a value, and {name} one within it: {received}")
        if last in place:
            raise ValueError(f"{name} has a value, and others within it: {received}")
        place[last] = value
    return values


def _made(model: Any, values: dict[str, Any], path: str, problems: Problems) -> Any:
    """Of a dataclass or a pydantic model; None where something is wrong. Raises TypeError: it is neither."""
    if hasattr(model, "model_validate"):
        return _validated(model, values, path, problems)
    if not (dataclasses.is_dataclass(model) and isinstance(model, type)):
        raise TypeError(f"{model!r} is neither a dataclass nor a pydantic model")
    try:
        hints = typing.get_type_hints(model)
    except Exception:  # noqa: BLE001 - names that only a type checker knows
        hints = {}
    fields = {each.name: each for each in dataclasses.fields(model) if each.init}
    before = len(problems)
    _check_known(values, fields, path, problems)
    for name, field in fields.items():
        none = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if name not in values and none:
            problems.append(needed(f"{path}{name}", hints.get(name, Any)))
    made = {
        name: taken(hints.get(name, Any), value, f"{path}{name}", problems, _made)
        for name, value in values.items()
        if name in fields
    }
    return model(**made) if len(problems) == before else None


def _validated(model: Any, values: dict[str, Any], path: str, problems: Problems) -> Any:
    fields = getattr(model, "model_fields", {})
    if getattr(model, "model_config", {}).get("extra") in (None, "ignore"):  # it would leave them out without a word
        names = dict.fromkeys(fields) | {each.alias: None for each in fields.values() if each.alias}
        _check_known(values, names, path, problems)
    try:
        return model.model_validate(values)
    except ValueError as error:
        for each in error.errors() if hasattr(error, "errors") else [{"loc": (), "msg": str(error), "input": values}]:
            name = ".".join(map(str, each["loc"]))
            received = "" if each.get("type") == "missing" else f"; received {each['input']!r:.80}"
            problems.append(f"{path}{name}: {each['msg']}{received}")
        return None


def _check_known(values: dict[str, Any], known: dict[str, Any], path: str, problems: Problems) -> None:
    unknown = [f"{path}{name}" for name in values if name not in known]
    if unknown:
        problems.append(f"{', '.join(unknown)} is not known; accepted are {', '.join(known) or 'none'}")
