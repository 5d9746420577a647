"""Filters and orders over what is few and read as a whole: experiments, logged models, registered models."""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.mlflow.mlflow_error import MlflowError
from db.run_filters import Either, Every, Node, Order, Term

T = TypeVar("T")


@dataclass(frozen=True)
class Values:
    """Of one thing: attributes, and by key its metrics, params and tags."""

    attributes: Mapping[str, Any]
    tags: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)

    def of(self, entity: str, key: str) -> Any:
        kinds = {"attribute": self.attributes, "tag": self.tags, "parameter": self.params, "metric": self.metrics}
        return kinds[entity].get(key)


def matches(node: Node | None, values: Values) -> bool:
    match node:
        case None:
            return True
        case Every(terms):
            return all(matches(term, values) for term in terms)
        case Either(terms):
            return any(matches(term, values) for term in terms)
        case Term(entity, key, operator, wanted):
            return _compare(values.of(entity, key), operator, wanted)


def _compare(value: Any, operator: str, wanted: Any) -> bool:
    if operator in ("IS NULL", "IS NOT NULL"):
        return (value is None) == (operator == "IS NULL")
    if value is None:
        return False
    return bool(_COMPARISONS[operator](value, wanted))


def _like(flags: int) -> Callable[[str, str], bool]:
    def found(value: str, pattern: str) -> bool:
        parts = (".*" if part == "%" else "." if part == "_" else re.escape(part) for part in pattern)
        return re.fullmatch("".join(parts), value, flags | re.DOTALL) is not None

    return found


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "!=": lambda value, wanted: value != wanted,
    "<": lambda value, wanted: value < wanted,
    "<=": lambda value, wanted: value <= wanted,
    ">": lambda value, wanted: value > wanted,
    ">=": lambda value, wanted: value >= wanted,
    "LIKE": _like(0),
    "ILIKE": _like(re.IGNORECASE),
    "IN": lambda value, wanted: value in wanted,
    "NOT IN": lambda value, wanted: value not in wanted,
}


def sort(found: list[T], order: Sequence[Order], values: Callable[[T], Values]) -> list[T]:
    """What has no value comes last, either way."""
    for each in reversed(order):
        with_value = [one for one in found if values(one).of(each.entity, each.key) is not None]
        without = [one for one in found if values(one).of(each.entity, each.key) is None]
        with_value.sort(key=lambda one, by=each: values(one).of(by.entity, by.key), reverse=each.descending)  # type: ignore[misc]
        found = with_value + without
    return found


def paged(found: Sequence[T], token: str, most: int) -> tuple[list[T], str]:
    """A page, and the token of the next, "" after the last. Raises MlflowError for a token that is none."""
    start = offset_of(token)
    return list(found[start : start + most]), token_of(start + most) if start + most < len(found) else ""


def token_of(offset: int) -> str:
    return base64.b64encode(json.dumps({"offset": offset}).encode()).decode()


def offset_of(token: str) -> int:
    """Raises MlflowError."""
    if not token:
        return 0
    try:
        offset = json.loads(base64.b64decode(token, validate=True))["offset"]
    except (ValueError, KeyError, TypeError) as error:
        raise MlflowError("Invalid page token, could not base64-decode") from error
    if type(offset) is not int or not 0 <= offset < 2**62:
        raise MlflowError(f"Invalid page token, its offset is {offset!r}"[:200])
    return offset
