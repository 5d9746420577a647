"""What panels are made of: charts, tables, words and pictures. Pages and files draw the same ones."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from core.common.errors import DataError

Tone = Literal["plain", "heading", "small", "warning"]


@dataclass(frozen=True)
class Words:
    """A sentence or more, as it is: no Markdown."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Chart:
    figure: go.Figure
    told: str  # what it shows, for who cannot see it


@dataclass(frozen=True)
class Legend:
    """Colours (#rrggbb) and what they stand for."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Texts by row. `right`: columns of numbers; `strong`: cells (row, column) that stand out."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    told: str
    right: tuple[int, ...] = ()
    strong: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Picture:
    """A file as it is, of a kind that browsers show. `is_small`: its pixels are to be seen, larger than they are."""

    data: bytes
    kind: str  # image/png
    told: str
    caption: str = ""
    is_small: bool = False


Block = Words | Chart | Legend | Table | Picture


def to_json(blocks: list[Block]) -> list[dict[str, Any]]:
    return [_told(block) for block in blocks]


def _told(block: Block) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    if isinstance(block, Chart):
        return {"is": kind, "figure": json.loads(block.figure.to_json()), "told": block.told}
    if isinstance(block, Picture):
        return {"is": kind, **vars(block), "data": base64.b64encode(block.data).decode("ascii")}
    return {"is": kind, **vars(block)}


def from_json(told: list[dict[str, Any]]) -> list[Block]:
    """Raises DataError: it is not as `to_json` writes it."""
    try:
        return [_block(dict(each)) for each in told]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"What was frozen cannot be read: {str(error)[:200]}.") from error


def _block(told: dict[str, Any]) -> Block:
    kind = told.pop("is")
    if kind == "chart":
        return Chart(go.Figure(told["figure"], skip_invalid=True), str(told["told"]))
    if kind == "picture":
        return Picture(**{**told, "data": base64.b64decode(told["data"])})
    if kind == "legend":
        return Legend(tuple((str(colour), str(name)) for colour, name in told["entries"]))
    if kind == "table":
        rows = tuple(tuple(map(str, row)) for row in told["rows"])
        strong = tuple((int(row), int(column)) for row, column in told["strong"])
        return Table(tuple(told["titles"]), rows, told["told"], tuple(told["right"]), strong)
    return Words(str(told["text"]), told["tone"])
