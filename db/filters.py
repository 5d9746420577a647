"""What a list of runs can be filtered by, as values; db.conditions makes SQL of them."""

from dataclasses import dataclass
from typing import Literal

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "~"]  # "~": contains
Among = Literal["any", "param", "metric"]  # where a key is looked for that is none of COLUMNS


@dataclass(frozen=True)
class Contains:
    """Text found anywhere in name, notes, preset, tags or the value of a param, letter case ignored."""

    text: str


@dataclass(frozen=True)
class Compare:
    """A value of the run against another: `training.epochs > 3`, `val_accuracy.best > 0.9`, `experiment = paper`.

    `key` is one of COLUMNS; or else a param, by its path or the end of it, or a metric's last, best, min or max value.
    "!=" finds what "=" does not, runs without the value included; only against NaN it means: has a number.
    """

    key: str
    operator: Operator
    value: str
    among: Among = "any"


@dataclass(frozen=True)
class Measure:
    """A number of the run itself, one of NUMBERS: its times in seconds since 1970, its duration in seconds."""

    key: str
    operator: Operator
    value: float


@dataclass(frozen=True)
class Missing:
    """The run has no such value: no tag, no notes, a param that is empty, a metric without a number."""

    key: str
    among: Among = "any"


@dataclass(frozen=True)
class AllOf:
    terms: tuple["Filter", ...]


@dataclass(frozen=True)
class AnyOf:
    terms: tuple["Filter", ...]


@dataclass(frozen=True)
class Not:
    term: "Filter"


Filter = Contains | Compare | Measure | Missing | AllOf | AnyOf | Not

# What Compare and Missing know beside params and metrics, and what Measure knows, as Missing does, too.
COLUMNS = ("name", "notes", "state", "preset", "user", "host", "reason", "experiment", "tag", "dataset")
NUMBERS = ("id", "parent", "created", "started", "ended", "duration")
