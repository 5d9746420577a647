"""The paths of all values that the config of a network may have."""

import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

from core.config.edit import model_of, variants_of
from core.config.run import RunConfig


@cache
def network_paths() -> dict[str, str]:
    """Of all values that any config may have; each with "float" or "int" where it is a number or a list of them, or may
    be left out, and else "".
    """
    return dict(_paths(RunConfig, ""))


def _paths(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        below = variants_of(field).values() or filter(None, [model_of(field)])
        parts = [part for each in below for part in _paths(each, f"{prefix}{name}.")]
        yield from parts or [(f"{prefix}{name}", _number(field.annotation))]


def _number(annotation: Any) -> str:
    types = set(_types(annotation))
    return next((each.__name__ for each in (float, int) if each in types), "")


def _types(annotation: Any) -> Iterator[Any]:
    yield annotation
    for each in typing.get_args(annotation):
        yield from _types(each)
