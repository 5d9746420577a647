"""Every default of a config written out, also where other parts of it are wrong."""

import copy
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from core.config.edit import Raw, model_of, variants_of
from core.config.run import RunConfig


def complete(raw: Raw, *, examples: bool = False) -> Raw:
    """A copy in which every field that was left out has its default; what was given stays as it is, right or wrong.

    Args:
        examples: fields that must be given, and were not, get the first example that their definition names.
    """
    return _complete(RunConfig, raw, examples)


def unknown(raw: Raw) -> list[str]:
    """Paths that no form can show: fields that are not known, variants that are not, values where a section belongs."""
    return list(_unknown(RunConfig, raw, ""))


def nested_model(field: FieldInfo, value: Any) -> type[BaseModel] | None:
    """The model that a value of this field follows, by its discriminator where there are several; None for a leaf."""
    variants = variants_of(field)
    if variants:
        name = value.get(field.discriminator) if isinstance(value, dict) else None
        return variants.get(name) if isinstance(name, str) else None
    return model_of(field)


def _complete(model: type[BaseModel], raw: Raw, examples: bool) -> Raw:
    filled: Raw = {}
    for name, field in model.model_fields.items():
        if name in raw:
            value = raw[name]
            inner = nested_model(field, value)
            filled[name] = (
                _complete(inner, value, examples) if inner and isinstance(value, dict) else copy.deepcopy(value)
            )
        else:
            default = field.examples[0] if examples and field.examples and field.is_required() else _default(field)
            if default is not PydanticUndefined:
                filled[name] = default
    return filled | {name: value for name, value in raw.items() if name not in filled}


def _default(field: FieldInfo) -> Any:
    """As JSON data; PydanticUndefined for a field that must be given."""
    default = field.get_default(call_default_factory=True)
    if isinstance(default, BaseModel):
        return default.model_dump(mode="json")
    if isinstance(default, tuple):
        return [item.model_dump(mode="json") if isinstance(item, BaseModel) else item for item in default]
    return default


def _unknown(model: type[BaseModel], raw: Raw, prefix: str) -> Iterator[str]:
    for name, value in raw.items():
        path = f"{prefix}{name}"
        field = model.model_fields.get(name)
        if field is None:
            yield path
            continue
        inner = nested_model(field, value)
        if inner and isinstance(value, dict):
            yield from _unknown(inner, value, f"{path}.")
        elif (variants_of(field) or model_of(field)) and not (
            value is None and type(None) in typing.get_args(field.annotation)
        ):
            yield path
    yield from (f"{prefix}{name}" for name, field in model.model_fields.items() if _is_missing(field, name, raw))


def _is_missing(field: FieldInfo, name: str, raw: Raw) -> bool:
    """A form can show an empty leaf, but not a section of which it does not know the kind."""
    return name not in raw and field.is_required() and bool(variants_of(field) or model_of(field))
