"""Columns of 0 and 1, each of which is a label."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from core.common.errors import DataError
from core.common.text import quoted, suggestion
from core.data.library.label_cells import TOGETHER
from core.data.library.read_options import TextOptions

_ON = {"1", "1.0", "true", "t", "yes", "y", "x", "on", "ja", "oui", "si", "sí", "是", "✓", "✔"}
_OFF = {"", "0", "0.0", "false", "f", "no", "n", "off", "nein", "non", "否", "-", "✗"}
_TOLD = 20  # columns in a message


def expanded(said: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that are meant by names, and by patterns in which * stands for any signs; each once, in order.

    Raises:
        DataError: one that is not there.
    """
    found: list[str] = []
    for name in said:
        meant = [name] if name in columns else [each for each in columns if "*" in name and fnmatchcase(each, name)]
        if not meant:
            raise DataError(
                f"There is no column {quoted(name)}{suggestion(name, columns)}. The columns are "
                f"{', '.join(columns[:_TOLD])}{', …' if len(columns) > _TOLD else ''}."
            )
        found += meant
    return tuple(dict.fromkeys(found))


def with_label_columns(options: TextOptions, columns: Sequence[str]) -> TextOptions:
    """With the columns that are meant by a pattern. Raises DataError: one that is not there."""
    if not options.more_targets and (options.label in columns or "*" not in options.label):
        return options
    first, *more = expanded((options.label, *options.more_targets), columns)
    return replace(options, label=first, more_targets=tuple(more))


def label_columns(options: TextOptions, guess: tuple[str, ...]) -> tuple[str, ...]:
    """Columns of a table of texts that are a label each: as said, or where nothing is said those that look so."""
    if options.more_targets:
        return (options.label, *options.more_targets)
    open_to_it = not options.label and options.task in ("auto", "multilabel") and not options.combinations
    return guess if open_to_it else ()


def is_on(cell: str, column: str) -> bool:
    """Whether a label is there; an empty cell says that it is not. Raises DataError for what is neither."""
    plain = cell.strip().lower()
    if plain in _ON:
        return True
    if plain in _OFF:
        return False
    raise DataError(
        f"The column {quoted(column)} is to be a label, and holds {quoted(cell)}; accepted are 1 and 0, true and "
        "false, yes and no, x and nothing. Correct it, leave such rows out, or take other columns."
    )


def as_cell(cells: Iterable[tuple[str, str]]) -> str:
    """What columns and their cells in a row say, as one cell."""
    return TOGETHER.join(column for column, cell in cells if is_on(cell, column))


def looks_like_label(values: Iterable[str]) -> bool:
    """Whether the distinct values of a column are those of a label, of which some are there."""
    plain = {value.strip().lower() for value in values}
    return bool(plain & _ON) and plain <= _ON | _OFF
