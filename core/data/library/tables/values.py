"""A column's cells as what it was decided to be: numbers, moments or texts, one a row."""

import numpy as np

from core.common.errors import DataError
from core.common.text import plural, quoted
from core.data.base import Array
from core.data.library.read_options import TableOptions
from core.data.library.tables import dates, missing, numbers
from core.data.library.tables.cells import Column
from core.data.library.tables.decide import Decision
from core.data.number_scaling import MOST


def as_numbers(column: Column, decision: Decision, options: TableOptions) -> tuple[Array, int]:
    """float64 [rows], NaN where missing; and how many were infinite or beyond MOST, and are missing now.

    Raises:
        DataError: a value that is no number, with its row.
    """
    rest = _without_words(column, options)
    if not len(rest.values):
        return np.full(column.rows, np.nan), 0
    reading = numbers.read(rest.values, decision.style.decimal, unit=decision.style.currency)
    _check(rest, reading.fits, "number")
    values = np.append(reading.numbers, np.nan)[rest.codes]
    infinite = np.abs(values) > MOST
    values[infinite] = np.nan
    return values, int(infinite.sum())


def as_moments(column: Column, decision: Decision, options: TableOptions) -> Array:
    """datetime64[s] [rows], NaT where missing. Raises DataError as `as_numbers`."""
    rest = _without_words(column, options)
    if not len(rest.values) or decision.layout is None:
        return np.full(column.rows, np.datetime64("NaT"), "datetime64[s]")
    seconds = dates.parse(rest.values, decision.layout)
    _check(rest, ~np.isnat(seconds), "date")
    found: Array = np.append(seconds, np.datetime64("NaT"))[rest.codes]
    return found


def as_texts(column: Column, options: TableOptions, words: bool = True) -> Array:
    """str objects [rows], "" where missing.

    Args:
        words: whether words that are missing among numbers stay as texts.
    """
    column = column.without(missing.said(column, options)) if words else _without_words(column, options)
    texts = np.empty(len(column.values) + 1, object)
    texts[:-1] = column.texts()
    texts[-1] = ""
    found: Array = texts[column.codes]
    return found


def _without_words(column: Column, options: TableOptions) -> Column:
    column = column.without(missing.said(column, options))
    return column.without(missing.among_numbers(column, options.missing_among_numbers))


def _check(column: Column, fits: Array, what: str) -> None:
    if fits.all():
        return
    rows = np.flatnonzero(column.rows_of(~fits))
    first = column.values[int(column.codes[rows[0]])].as_py()
    raise DataError(
        f"The column {quoted(column.name)} is to hold {what}s; {plural(len(rows), 'row')} have others, the first of "
        f"them row {rows[0] + 1:,} with {quoted(first)}. Take it as a category, leave it out, correct them, or count "
        f"such a word as missing: --missing {quoted(f'{column.name}={first}')}."
    )
