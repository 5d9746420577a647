"""Columns that may be dates and are not read as such: digits alone, and ways of writing that are not known."""

import re
from typing import TYPE_CHECKING

import numpy as np

from core.common.text import quoted
from core.data.library.tables import dates
from core.data.library.tables.cells import Column
from core.data.library.tables.column_facts import called_date
from core.data.library.tables.date_layouts import COMPACT
from core.data.library.tables.month_names import NUMBER_OF_MONTH

if TYPE_CHECKING:
    import pyarrow as pa

_SAMPLE = 200  # distinct values
_FEWEST = 5  # distinct values, from which on numbers that could all be dates are asked about
_LONGEST = 45  # characters of a date
_EPOCHS = np.datetime64("2000-01-01", "s"), np.datetime64("2036-01-01", "s")
_DIGITS = {each.pattern for each in COMPACT}
_LIKE = re.compile(
    r"\b\d{1,3}:\d{2}\b"  # a clock, or a duration
    r"|\b(?:19|20)\d{2}[-/.]\s?\d{1,2}\b|\b\d{2}[-/.](?:0[1-9]|1[0-2])\.?$|^(?:0[1-9]|1[0-2])[-/]\d{2}$"
    r"|\d\s?[年月日时時]"
    r"|\b\d+\s?(?:h|hrs?|hours?|std|d|days?)\b.{0,4}\b\d+\s?(?:m|min|minutes?|h|hrs?)\b|^-?P(?:\d+[YMWD])*(?:T[\dHMS.]+)?$",
    re.IGNORECASE,
)


def of_digits(column: Column) -> str:
    """Of numbers, or codes, of which each could be a date; "" for others."""
    found = _read(column.values[:_SAMPLE])
    if found is None or _read(column.values) is None:
        return ""
    return (
        f"{column.values[0].as_py()} may be a date, {str(found.seconds[0]).removesuffix('T00:00:00')}: "
        f"--column {quoted(f'{column.name}=date')} reads it so."
    )


def _read(values: "pa.Array") -> "dates.Moments | None":
    if len(values) < _FEWEST:
        return None
    found = dates.read(values, compact=True)
    if not found.fits.all() or found.layout.pattern not in _DIGITS:
        return None
    if found.layout.order != "epoch":
        return found
    recent = ((found.seconds > _EPOCHS[0]) & (found.seconds < _EPOCHS[1])).all()
    return found if recent and "." not in values[0].as_py() else None


def of_words(column: Column) -> str:
    """Of words that look like dates, times or durations; "" for others."""
    texts = column.values[:_SAMPLE].to_pylist()
    named = called_date(column.name)
    if len(texts) < _FEWEST or not all(_like(text, named) for text in texts):
        return ""
    return (
        f"{quoted(texts[0], _LONGEST)} may be a date, a time or a duration in a way that is not read: kept as words. "
        "Write dates as 2024-03-31, times as 14:30, and durations as a number."
    )


def _like(text: str, named: bool) -> bool:
    """Args: named: whether its column is called date and the like."""
    if len(text) > _LONGEST or not any(sign.isdigit() for sign in text):
        return False
    if named and not any(sign.isalpha() for sign in text):
        return True
    return bool(_LIKE.search(text)) or any(
        word in NUMBER_OF_MONTH for word in re.findall(r"[^\W\d_]{3,}", text.lower())
    )
