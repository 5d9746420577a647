"""A parameter's value as one line of text, as a field of a form holds it and a shell gives it."""

import json
from typing import Any

from core.scripts.parameter import Parameter


def text_of(parameter: Parameter, value: Any) -> str:
    """Several with commas between, JSON as it is written; "" of None."""
    if value is None:
        return ""
    if parameter.type == "json" and not isinstance(value, str):
        return json.dumps(value)
    if parameter.several and isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def value_of(parameter: Parameter, text: str) -> Any:
    """What `text_of` wrote. Text that cannot be read stays text: the check of the values says so."""
    if parameter.several:
        return [_one(parameter, part.strip()) for part in text.split(",") if part.strip()]
    return _one(parameter, text)


def value_given(parameter: Parameter, value: Any) -> Any:
    """Of a shell, where `1,2,3`, `3` and `a` are lists of one that takes several, as they are in a form."""
    if not parameter.several or value is None or isinstance(value, list | tuple | dict):
        return value
    return value_of(parameter, value) if isinstance(value, str) else [value]


def _one(parameter: Parameter, text: str) -> Any:
    try:
        if parameter.type == "int":
            return int(text)
        if parameter.type == "float":
            return int(text) if text.lstrip("-").isdecimal() else float(text)
        if parameter.type == "json":
            return json.loads(text)
    except (ValueError, RecursionError):
        return text
    if parameter.type == "bool":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text
