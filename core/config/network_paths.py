"""The paths of all values that the config of a network may have."""

from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel

from core.config.edit import model_of, variants_of
from core.config.run import RunConfig


@cache
def network_paths() -> tuple[str, ...]:
    """Of all values that any config may have."""
    return tuple(dict.fromkeys(_paths(RunConfig, "")))


def _paths(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        below = variants_of(field).values() or filter(None, [model_of(field)])
        parts = [part for each in below for part in _paths(each, f"{prefix}{name}.")]
        yield from parts or [f"{prefix}{name}"]
