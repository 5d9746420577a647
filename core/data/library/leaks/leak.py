"""A leak, as it is stored with a data set."""

from dataclasses import dataclass
from typing import Literal

from core.common.text import percentage, plural
from core.data.base import Part

LeakKind = Literal["target", "id", "copies", "near copies"]


@dataclass(frozen=True)
class Leak:
    kind: LeakKind
    text: str  # a sentence
    examples: int  # that it is about
    instances: tuple[str, ...] = ()  # some of them
    slight: bool = False  # too few examples to change a result by much


PART_NAMES: dict[Part, str] = {"train": "training", "validation": "validation", "test": "test"}
_SLIGHT = 0.01  # share of the examples of a part


def between(
    kind: LeakKind, parts: tuple[Part, Part], found: int, looked_at: int, how: tuple[str, str], some: tuple[str, ...]
) -> Leak:
    """Of examples of the first part that are in the second, too.

    Args:
        how: what they are called, and the rest of the sentence.
    """
    part, _ = parts
    share, slight = found / looked_at, found < _SLIGHT * looked_at
    told = percentage(share, 1) if share >= 0.001 else f"under {percentage(0.001, 1)}"
    matters = (
        f"too few to change a result of the {PART_NAMES[part]} part by much"
        if slight
        else f"the {PART_NAMES[part]} part flatters a network that learned them by heart"
    )
    is_are = "is" if found == 1 else "are"
    text = f"{plural(found, f'{PART_NAMES[part]} {how[0]}')} ({told}) {is_are} {how[1]}: {matters}."
    return Leak(kind, text, found, some, slight)
