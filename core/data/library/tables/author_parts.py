"""A column that says of each row which part its author put it in: split with train, val and test; is_test; folds."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from core.common.text import plural, quoted
from core.data.base import Array, Part
from core.data.library.part_names import WORDS, part_of
from core.data.library.tables.cells import Column

FEW = 20  # distinct values, at most
PARTS: tuple[Part, ...] = ("train", "validation", "test")
_NAMES = {"split", "set", "subset", "partition", "part", "fold", "kfold", "usage", "phase", "purpose"}
_FOLDS = {"fold", "folds", "kfold", "cvfold", "split", "subset", "partition"}
_FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("1", "true", "yes", "t", "y", "1.0"), True),
    **dict.fromkeys(("0", "false", "no", "f", "n", "0.0"), False),
}


def parts_said(name: str, values: Sequence[str], asked: bool = False) -> dict[str, Part]:
    """Which values say which part; none where the column says something else.

    Args:
        values: distinct ones.
        asked: whether the user says that it does: then one word that names a part is enough.
    """
    if not 1 < len(values) <= FEW and not asked:
        return {}
    flagged = _flagged(name, asked)
    if flagged and {value.lower() for value in values} <= set(_FLAGS):
        other: Part = "test" if flagged == "train" else "train"
        return {value: flagged if _FLAGS[value.lower()] else other for value in values}
    strict = {value: part for value in values if (part := part_of(value))}
    found = {value: part for value in values if (part := _within(value))}
    if asked:
        return found
    sure = found if _words(name) & _NAMES else strict if len(strict) == len(values) else {}
    return sure if "train" in sure.values() and len(set(sure.values())) > 1 else {}


def may_say_parts(name: str, values: Sequence[str]) -> bool:
    """Whether the first values of a column let it be one: the others may be of another part."""
    if not 0 < len(values) <= FEW:
        return False
    named = bool(_words(name) & _NAMES) and any(map(_within, values))
    return named or all(map(part_of, values)) or bool(parts_said(name, values))


def useless_parts(name: str, values: Sequence[str]) -> str:
    """Why a column that its author cut the data by is not learned from, though its parts cannot be taken; else ""."""
    words = _words(name)
    if words & _FOLDS and 1 < len(values) <= FEW and all(value.isdecimal() for value in values):
        numbers = sorted(map(int, values))
        if numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[-1] + 1)):
            return (
                "It numbers folds that the data's author made. To learn from it, take it as a number; to hold back "
                "whole folds, cut the parts by groups."
            )
    if words & _NAMES and values and all(part_of(value) for value in values):
        return "It names parts that the data's author made, but not both one to train on and another."
    return ""


def part_numbers(column: Column, asked: bool) -> Array:
    """int8 of each row: the place of its part among PARTS, -1 where it says none."""
    texts = column.texts()
    said = parts_said(column.name, texts, asked)
    found = np.array([PARTS.index(said[text]) if text in said else -1 for text in texts] + [-1], np.int8)
    numbers: Array = found[column.codes]
    return numbers


def told(column: Column, asked: bool) -> str:
    """How many rows it puts into which part."""
    numbers = part_numbers(column, asked)
    counts = [f"{int((numbers == at).sum()):,} {part}" for at, part in enumerate(PARTS) if (numbers == at).any()]
    return f"Parts as their author made them, not learned from: {', '.join(counts) or 'none'}"


def question(column: Column, asked: bool) -> str:
    """What becomes of rows that it puts into no part; and how to have it otherwise."""
    none = part_numbers(column, asked) < 0
    asking = [] if asked else [f"--column {quoted(f'{column.name}=ignore')} cuts the parts anew."]
    if none.any():
        words = [quoted(text, 30) for text in np.array([*column.texts(), ""], object)[np.unique(column.codes[none])]]
        words = ["an empty cell" if word == "''" else word for word in words]
        rows = int(none.sum())
        asking.insert(0, f"{plural(rows, 'row')} of no part ({', '.join(words[:3])}) {'is' if rows == 1 else 'are'} "
                         "left out, unless a file gives the part.")  # fmt: skip
    return " ".join(asking)


def _flagged(name: str, asked: bool) -> Part | None:
    """The part that a column of yes and no is about: is_test, in_train, test_flag."""
    words = _words(name)
    parts = {WORDS[word] for word in words if word in WORDS}
    if len(parts) != 1 or not (asked or words & {"is", "in", "for", "flag", "mask", "set", "split"}):
        return None
    return parts.pop()


def _within(text: str) -> Part | None:
    """The part that a word of a value names, as of PublicTest."""
    found = {WORDS[word] for word in _words(text) if word in WORDS}
    return found.pop() if len(found) == 1 else None


def _words(name: str) -> set[str]:
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()
    words = {word for word in re.split(r"[^a-z]+", apart) if word}
    return words | {word.removesuffix("set") for word in words if word != "set"}
