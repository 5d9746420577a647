"""Which cells count as missing: the empty ones, and words that say so."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from core.data.data_info import Array
from core.data.library.read_options import MISSING_AMONG_NUMBERS, TableOptions
from core.data.library.tables.cells import Column

_ENDS = (-32768.0, 32767.0, 65535.0, -2147483648.0, 2147483647.0, 4294967295.0)  # of whole numbers
_SENTINELS = (0.0, -1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0, 99.0, 999.0, 9999.0, 99999.0, *_ENDS)
_FAR = 3.0  # times the range of the others
_FAR_BY_SIZE = 1000.0  # times what 99 of 100 of the others are below
_FEWEST = 5  # others, beside which a number can be far off
_MOST = 3  # numbers that may mean missing


def said(column: Column, options: TableOptions) -> Array:
    """Which values are missing because the user says so, bool [distinct]. Numbers match however they are written."""
    words = (*options.missing, *options.missing_in.get(column.name, ()))
    if not words or not len(column.values):
        return np.zeros(len(column.values), bool)
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.is_in(column.values, value_set=pa.array([word.strip() for word in words]))
    mask: Array = found.to_numpy(zero_copy_only=False).astype(bool)
    for number in filter(None, map(_whole_pattern, words)):
        mask = mask | pc.match_substring_regex(column.values, number).to_numpy(zero_copy_only=False).astype(bool)
    return mask


def words_of(name: str, options: TableOptions, among_numbers: bool) -> tuple[str, ...]:
    """What the user says is missing in a column; among numbers and dates with words that are not the usual ones."""
    more = set(options.missing_among_numbers) - set(MISSING_AMONG_NUMBERS) if among_numbers else set()
    return (*options.missing, *options.missing_in.get(name, ()), *sorted(more))


def stands_for_missing(text: str, words: Sequence[str]) -> bool:
    """Whether a cell alone is one of the words, as `said` would find it in a column."""
    text = text.strip()
    patterns = filter(None, map(_whole_pattern, words))
    return text in (word.strip() for word in words) or any(re.search(pattern, text) for pattern in patterns)


def among_numbers(column: Column, words: Sequence[str]) -> Array:
    """Which values are words that are missing in a column of numbers or dates, bool [distinct]."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pa.array(sorted({word.lower() for word in words}), pa.string())
    found: Array = pc.is_in(pc.utf8_lower(column.values), value_set=known).to_numpy(zero_copy_only=False)
    return found.astype(bool)


def counted(column: Column, mask: Array) -> tuple[tuple[str, int], ...]:
    """The words, and how many rows hold each; the most frequent first."""
    if not mask.any():
        return ()
    counts = column.counts()
    found = [(column.values[int(place)].as_py(), int(counts[place])) for place in np.flatnonzero(mask)]
    return tuple(sorted(found, key=lambda each: -each[1]))


def sentinels(numbers: Array, counts: Array) -> list[tuple[int, int]]:
    """Numbers such as -999 that lie far from all others and stand in several rows: they may mean missing.

    Returns:
        Their places among the values, each with its rows; at most three.
    """
    found: list[tuple[int, int]] = []
    known = np.isfinite(numbers)
    while len(found) < _MOST and (number := _sentinel(numbers, counts, known)) is not None:
        here = known & (numbers == number)
        found.append((int(np.argmax(here)), int(counts[here].sum())))
        known &= ~here
    return found


def _sentinel(numbers: Array, counts: Array, known: Array) -> float | None:
    for number in _SENTINELS:
        here = known & (numbers == number)
        rows, others = int(counts[here].sum()), numbers[known & ~here]
        if rows < 2 or len(others) < (2 if number <= -99 else 5):
            continue
        low, high = float(others.min()), float(others.max())
        span = max(high - low, 1e-12)
        if number == 0 and low > span:  # a blood pressure of 0 beside 60 to 100
            return number
        alone = number < 0 <= low if abs(number) < 99 else number < low - span * _FAR or number > high + span * _FAR
        if alone or (number <= -99 and low >= 0):
            return number
    return _fill(numbers[known], counts[known])


def _fill(numbers: Array, counts: Array) -> float | None:
    """The largest number by far, in several rows, as NetCDF and C programs write what is missing."""
    if len(numbers) <= _FEWEST:
        return None
    order = np.argsort(np.abs(numbers))
    number, rows = float(numbers[order[-1]]), int(counts[order[-1]])
    below = np.cumsum(counts[order[:-1]])
    usual = abs(float(numbers[order[int(np.searchsorted(below, 0.99 * below[-1]))]]))
    return number if rows > 1 and usual > 0 and abs(number) > _FAR_BY_SIZE * usual else None


def shown(words: Iterable[tuple[str, int]], most: int = 3) -> str:
    """`?` in 5 rows, `NA` in 1 row"""
    told = [f"{word} in {count:,} {'row' if count == 1 else 'rows'}" for word, count in words]
    return ", ".join(told[:most]) + (", …" if len(told) > most else "")


def _whole_pattern(word: str) -> str:
    """Of a number and what is the same number: -999 and -999.00; "" for words."""
    match = re.fullmatch(r"\s*([-+]?)(0|[1-9]\d*)(?:\.0*)?\s*", word)
    return rf"^{'-' if match[1] == '-' else '[+]?'}{match[2]}([.,]0*)?$" if match else ""
