"""What to look for among runs that clients of MLflow ask for: conditions on what a run has, joined by AND and OR."""

from dataclasses import dataclass
from typing import Literal

Entity = Literal["attribute", "metric", "parameter", "tag", "dataset"]
Value = str | float | tuple[str, ...] | None


@dataclass(frozen=True)
class Term:
    """`operator`: = != < <= > >= LIKE ILIKE IN "NOT IN" "IS NULL" "IS NOT NULL". Without the key, a run matches only
    "IS NULL"."""

    entity: Entity
    key: str
    operator: str
    value: Value = None


@dataclass(frozen=True)
class Every:
    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    terms: tuple["Node", ...]


Node = Term | Every | Either


@dataclass(frozen=True)
class Order:
    entity: Entity
    key: str
    descending: bool = False
