"""How one plain value of a config is shown and edited, told from its type and bounds alone. Knows no Streamlit."""

import json
import math
import types
import typing
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Any, Literal

import annotated_types
from pydantic.fields import FieldInfo

from pages.parts.launch.items import from_lines, to_lines


class Kind(Enum):
    FLAG = auto()
    CHOICE = auto()
    INTEGER = auto()
    NUMBER = auto()
    TEXT = auto()
    SERIES = auto()  # of plain values, edited as "64, 32"
    ITEMS = auto()  # of models and whatever else, edited as YAML


@dataclass(frozen=True)
class Leaf:
    """One field of a config that holds a plain value or a list."""

    title: str
    help: str
    kind: Kind
    empty: str | None = None  # what an empty field stands for; None where it must not be empty
    choices: tuple[Any, ...] = ()
    step: float = 1
    item: Any = None  # type of a list's items
    is_share: bool = False  # a number from 0 to 1
    is_above: bool = False  # its lower bound is not allowed itself

    def to_widget(self, value: Any) -> Any:
        """What the widget holds for a raw value; None (an empty widget) where the value is not of the field's type."""
        match self.kind:
            case Kind.FLAG:
                return value is True
            case Kind.CHOICE:
                return value if value in self.choices else None
            case Kind.INTEGER:
                return _integer(value)
            case Kind.NUMBER:
                return _number(value)
            case Kind.SERIES:
                return ", ".join(map(str, value)) if isinstance(value, list | tuple) else _text(value)
            case Kind.ITEMS:
                return to_lines(value, self.item) if isinstance(value, list | tuple) else _text(value)
            case Kind.TEXT:
                return _text(value)

    def from_widget(self, value: Any) -> Any:
        """The raw value of what the widget holds. Text that cannot be read stays text: validation will say so."""
        if self.kind is Kind.SERIES:
            return [_plain(part) for part in str(value or "").replace(";", ",").split(",") if part.strip()]
        if self.kind is Kind.ITEMS:
            return from_lines(str(value or ""), self.item)
        if self.empty is not None and value == "":
            return None
        return value


def leaf(name: str, field: FieldInfo) -> Leaf:
    """What to draw for a field that is no nested model."""
    annotation, optional = _bare(field.annotation)
    low, high = _bounds(field)
    kind, item = _kind(annotation)
    choices = typing.get_args(annotation) if kind is Kind.CHOICE else ()
    step = _step(field, high) if kind is Kind.NUMBER else 1
    title = field.title or name.replace("_", " ").capitalize()
    empty = _empty(field) if optional else None
    is_share = low.endswith((" 0", " 0.0")) and high.endswith((" 1", " 1.0"))
    is_above = low.startswith("above")
    return Leaf(title, _help(field, low, high), kind, empty, choices, step, item, is_share, is_above)


def _empty(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    return str(extra.get("empty", "none")) if isinstance(extra, dict) else "none"


def _kind(annotation: Any) -> tuple[Kind, Any]:
    origin = typing.get_origin(annotation)
    if annotation is bool:
        return Kind.FLAG, None
    if origin is Literal:
        return Kind.CHOICE, None
    if annotation is int:
        return Kind.INTEGER, None
    if annotation is float:
        return Kind.NUMBER, None
    if origin in (tuple, list):
        item, _ = _bare(typing.get_args(annotation)[0])
        return (Kind.SERIES if item in (int, float, str) else Kind.ITEMS), item
    return Kind.TEXT, None


def _bare(annotation: Any) -> tuple[Any, bool]:
    """Without Annotated and None; whether None was allowed."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        members = [member for member in typing.get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return _bare(members[0])[0], len(members) < len(typing.get_args(annotation))
    return annotation, False


def _bounds(field: FieldInfo) -> tuple[str, str]:
    """As words: "from 1", "above 0", "to 100", "below 1"; empty where there is no bound."""
    low = high = ""
    for rule in field.metadata:
        match rule:
            case annotated_types.Ge(ge=bound):
                low = f"from {bound:,}"
            case annotated_types.Gt(gt=bound):
                low = f"above {bound:,}"
            case annotated_types.Le(le=bound):
                high = f"to {bound:,}"
            case annotated_types.Lt(lt=bound):
                high = f"below {bound:,}"
    return low, high


def _help(field: FieldInfo, low: str, high: str) -> str:
    bounds = " ".join(part for part in (low, high) if part)
    return f"{field.description or ''} {bounds.capitalize()}{'.' if bounds else ''}".strip()


def _step(field: FieldInfo, high: str) -> float:
    """One in the last decimal place of the default: 0.001 for a default of 0.001, 0.1 for 0.9."""
    default = field.default if isinstance(field.default, float) else 0.0
    exponent = Decimal(str(default)).normalize().as_tuple().exponent if default else 0
    if isinstance(exponent, int) and exponent < 0:
        return float(Decimal(1).scaleb(exponent))
    return 0.01 if high.endswith(" 1") or high.endswith(" 1.0") else 0.1


def _integer(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number == int(number) else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    # Beyond this the browser cannot hold whole numbers.
    return number if math.isfinite(number) and abs(number) < 2**53 else None


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(text: str) -> Any:
    text = text.strip()
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
