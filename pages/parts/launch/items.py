"""Lists of models, such as a list of layers, as YAML that people edit: one item a line."""

import typing
from typing import Any

from pydantic import BaseModel

from core.common import strict_reader
from core.common.errors import ConfigError
from core.config.edit import from_text


def _call_fields(item: Any) -> tuple[str, str] | None:
    """The two fields of a model that is a name with a value, which YAML can say in short: `Dense: {units: 64}`."""
    if not (isinstance(item, type) and issubclass(item, BaseModel) and len(item.model_fields) == 2):
        return None
    (name, first), (arguments, second) = item.model_fields.items()
    is_value = second.annotation is float or typing.get_origin(second.annotation) is dict
    return (name, arguments) if first.annotation is str and is_value else None


def to_lines(values: Any, item: Any) -> str:
    """YAML, one line an item."""
    names = _call_fields(item)
    return "\n".join(f"- {_line(_item(value, names), names)}" for value in values)


def _line(value: Any, names: tuple[str, str] | None) -> str:
    if names and isinstance(value, dict) and set(value) <= set(names) and isinstance(value.get(names[0]), str):
        name, arguments = value[names[0]], value.get(names[1])
        return f"{_flow(name)}: {_flow(arguments)}" if arguments else _flow(name)
    return _flow(value)


def _flow(value: Any) -> str:
    return strict_reader.write(value, in_one_line=True).removesuffix("\n").removesuffix("\n...")


def from_lines(text: str, item: Any) -> Any:
    """The items, or the text itself where it is no YAML list (`trouble` says why)."""
    try:
        read = from_text("items:\n" + "\n".join(f" {line}" for line in text.split("\n")))
    except ConfigError:
        return text
    values = read["items"] if len(read) == 1 else text
    if values is None:
        return []
    names = _call_fields(item)
    return [_item(value, names) for value in values] if isinstance(values, list) else text


def _item(value: Any, names: tuple[str, str] | None) -> Any:
    if names and isinstance(value, str):
        return {names[0]: value}
    if names and isinstance(value, dict) and len(value) == 1 and names[0] not in value:
        name, arguments = next(iter(value.items()))
        return {names[0]: name, names[1]: {} if arguments is None else arguments}
    return value


def trouble(text: str) -> str:
    """Why a text is no list of items."""
    try:
        strict_reader.read(text)
    except ConfigError as error:
        problem = error.problems[0]
        return f"cannot be read: {problem}; write one item a line, each after a dash and a space"
    return "must be a list; write one item a line, each after a dash and a space"
