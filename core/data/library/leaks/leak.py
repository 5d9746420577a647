"""A leak, as it is stored with a data set."""

from dataclasses import dataclass
from typing import Literal

LeakKind = Literal["target", "id", "copies", "near copies"]


@dataclass(frozen=True)
class Leak:
    kind: LeakKind
    text: str  # a sentence
    examples: int  # that it is about
    instances: tuple[str, ...] = ()  # some of them
