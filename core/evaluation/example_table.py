"""Test examples with what was predicted for them, as people read them: a table, and one in words."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.common.text import percentage, quantity
from core.data.label_sets import BETWEEN, NONE
from core.evaluation.kept_texts import TEXT, UNSEEN
from core.evaluation.predictions import FEATURE, PROBABILITY

_DIGITS = 4  # of a number under a picture
_PROBABILITIES = 10  # columns at most
_BEFORE = 160  # characters that are shown of what the network did not see


def example_table(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The columns to show of rows of core.evaluation.predictions, named as people call them; of numbers no `names`."""
    shown = pd.DataFrame({"Example": frame["index"]})
    if TEXT in frame:
        shown["Text"], before = _texts(frame)
        if any(before):
            shown["Not seen, before it"] = before
    for column, title in (("label", "True"), ("predicted", "Predicted")):
        if column in frame:
            shown[title] = [class_told(names, number) for number in frame[column]] if names else frame[column]
    for column, title in (
        *(("wrong", "Wrong labels"), ("confidence", "Confidence"), ("residual", "Residual")),
        ("loss", "Loss"),
    ):
        if column in frame:
            shown[title] = frame[column]
    probabilities = [f"{PROBABILITY}{name}" for name in names if f"{PROBABILITY}{name}" in frame]
    if 2 < len(probabilities) <= _PROBABILITIES:
        for column in probabilities:
            shown[f"p({column.removeprefix(PROBABILITY)})"] = frame[column]
    for column in frame.columns:
        if str(column).startswith(FEATURE):
            name = str(column).removeprefix(FEATURE)
            shown[f"Feature {name}" if name.isdecimal() else name] = frame[column]
    return shown


def example_told(row: dict[Any, Any], names: Sequence[str]) -> str:
    if "confidence" not in row:
        return f"Test example {row['index']}: {_side(row['label'])}, predicted {_side(row['predicted'])}"
    guess = f"predicted {class_told(names, row['predicted'])} with {percentage(row['confidence'])}"
    return f"Test example {row['index']}: {names[row['label']]}, {guess}"


def class_told(names: Sequence[str], number: int) -> str:
    """The name of a class; below 0 the network gave no finite number for any."""
    return names[number] if number >= 0 else "no finite answer"


def told_apart(true: Any, predicted: Any) -> str:
    """Where the two differ: a minus before a label that is missed, a plus before one that is given wrongly."""
    if not isinstance(true, str):
        return f"{_side(true)} → {_side(predicted)}"
    has, given = (set(each.split(BETWEEN)) - {NONE} for each in (true, predicted))
    told = [f"−{name}" for name in sorted(has - given)] + [f"+{name}" for name in sorted(given - has)]
    return ", ".join(told) or true


def _side(value: Any) -> str:
    """Several labels, or a number."""
    return value if isinstance(value, str) else quantity(float(value), _DIGITS)


def _texts(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """What the network saw of each text, and what stands before that."""
    unseen = frame[UNSEEN] if UNSEEN in frame else [0] * len(frame)
    both = [(str(text), int(at)) for text, at in zip(frame[TEXT], unseen, strict=True)]
    before = [text[max(0, at - _BEFORE) : at] for text, at in both]
    return [f"{'…' if at else ''}{text[at:]}" for text, at in both], [
        f"{'…' if at > _BEFORE else ''}{each}" for each, (_, at) in zip(before, both, strict=True)
    ]
