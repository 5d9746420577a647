"""Which values, and which configs, are the same."""

import json
from collections.abc import Iterable, Mapping
from typing import Any


def as_told(value: Any) -> str:
    """By which values are told apart: numbers by what they are worth, 16 and 16.0 are one."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [*map(_plain, value)]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def is_among(value: Any, values: Iterable[Any]) -> bool:
    return as_told(value) in map(as_told, values)


def config_key(params: Mapping[str, Any]) -> str:
    """By which configs are told apart."""
    return as_told(params)
