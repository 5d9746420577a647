"""A value of JSON as the annotation of a field wants it, or why it is none such."""

import collections.abc
import dataclasses
import enum
import pathlib
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any

Problems = list[str]
Make = Callable[[Any, dict[str, Any], str, Problems], Any]  # of a class within a class
_LISTS: dict[Any, Any] = {
    **{list: list, set: set, frozenset: frozenset, tuple: tuple},
    **{collections.abc.Sequence: list, collections.abc.Iterable: list, collections.abc.Collection: list},
    **{collections.abc.MutableSequence: list, collections.abc.Set: set},
}
_MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "a text", type(None): "none"}


class _NotTakenError(Exception):
    """The value is none of this kind."""


def taken(kind: Any, value: Any, name: str, problems: Problems, make: Make) -> Any:
    """The value as the field has it; None where a sentence was added to the problems."""
    try:
        return _taken(kind, value, name, problems, make)
    except _NotTakenError:
        problems.append(f"{name} is {_told(kind)}; received {value!r:.80}")
        return None


def needed(name: str, kind: Any) -> str:
    """The sentence for a field without a default."""
    return f"{name} is needed: {_told(kind)}"


def _taken(kind: Any, value: Any, name: str, problems: Problems, make: Make) -> Any:
    """Raises _NotTakenError."""
    kind = getattr(kind, "__supertype__", kind)
    origin, inner = typing.get_origin(kind) or kind, typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _one_of(inner, value, name, make)
    if origin is typing.Literal:
        return _first(each for each in inner if each == value and isinstance(each, bool) == isinstance(value, bool))
    if origin in _LISTS:
        return _several(_LISTS[origin], inner, value, name, problems, make)
    if origin in _MAPPINGS:
        if not isinstance(value, dict):
            raise _NotTakenError
        each = inner[1] if len(inner) == 2 else Any
        return {key: taken(each, one, f"{name}.{key}", problems, make) for key, one in value.items()}
    if kind in _WORDS:
        return _plain(kind, value)
    return _of_class(kind, value, name, problems, make)


def _plain(kind: Any, value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is float and number:
        return float(value)
    if kind is int and number and float(value).is_integer():
        return int(value)
    if kind in (bool, str, type(None)) and isinstance(value, kind):
        return value
    raise _NotTakenError


def _of_class(kind: Any, value: Any, name: str, problems: Problems, make: Make) -> Any:
    if dataclasses.is_dataclass(kind) or hasattr(kind, "model_validate"):
        if not isinstance(value, dict):
            raise _NotTakenError
        return make(kind, value, f"{name}.", problems)
    if kind is Any or not isinstance(kind, type):  # a type variable, or what else only a type checker knows
        return value
    if issubclass(kind, enum.Enum):
        return _first(each for each in kind if value in (each.value, each.name))
    if issubclass(kind, pathlib.PurePath) and isinstance(value, str):
        return kind(value)
    if not isinstance(value, kind):
        raise _NotTakenError
    return value


def _first(found: Iterable[Any]) -> Any:
    """Raises _NotTakenError."""
    for each in found:
        return each
    raise _NotTakenError


def _one_of(kinds: tuple[Any, ...], value: Any, name: str, make: Make) -> Any:
    """By the first that takes it as it is, else by the first that takes it at all."""
    exact = [kind for kind in kinds if type(value) is kind]
    for kind in (*exact, *kinds):
        found: Problems = []
        try:
            made = _taken(kind, value, name, found, make)
        except _NotTakenError:
            continue
        if not found:
            return made
    raise _NotTakenError


def _several(made: Any, inner: tuple[Any, ...], value: Any, name: str, problems: Problems, make: Make) -> Any:
    if not isinstance(value, list):
        raise _NotTakenError
    fixed = made is tuple and inner and inner[-1] is not ...
    kinds = list(inner) if fixed else [inner[0] if inner else Any] * len(value)
    if len(kinds) != len(value):
        raise _NotTakenError
    return made(taken(*each, f"{name}[{at}]", problems, make) for at, each in enumerate(zip(kinds, value, strict=True)))


def _told(kind: Any) -> str:
    """A kind in words."""
    kind = getattr(kind, "__supertype__", kind)
    origin, inner = typing.get_origin(kind) or kind, typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_told(each) for each in inner)
    if origin is typing.Literal:
        return f"one of {', '.join(map(repr, inner))}"
    if origin in _LISTS:
        if origin is tuple and inner and inner[-1] is not ...:
            return f"a list of {', '.join(_told(each) for each in inner)}"
        return f"a list, each {_told(inner[0])}" if inner and inner[0] is not Any else "a list"
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return f"one of {', '.join(repr(each.value) for each in kind)}"
    if origin in _MAPPINGS or dataclasses.is_dataclass(kind):
        return "a mapping"
    return _WORDS.get(kind) or getattr(kind, "__name__", None) or str(kind)
