"""What the cells of one column could be: numbers, dates, codes, words."""

import re
from dataclasses import dataclass

from core.data.base import Array
from core.data.library.read_options import TableOptions
from core.data.library.tables import dates, missing, numbers
from core.data.library.tables.cells import Column
from core.data.library.tables.dates import Moments
from core.data.library.tables.numbers import Reading

_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]")  # split at _ - blank, digits and within camelCase
_OF_WHAT = (
    "(?:start|end|begin|order|birth|ship|sales?|trade|due|invoice|purchase|hire|issue|entry|event|pickup|dropoff)?"
)
# Words that say days, as Excel counts them; and further ones that say dates or times. Runtime and candidate are others.
_DAYS = re.compile(rf"{_OF_WHAT}dates?|dated|dob|\w*datum|fechas?")
_MOMENTS = re.compile(
    rf"{_OF_WHAT}(?:times?|days?)|data|datetimes?|(?:time|date)?stamps?|jours?|(?:year)?months?|monate?|mois|"
    r"mes(?:es)?|m[eê]s|period[es]?s?|epochs?"
)
_CJK_DAYS, _CJK_MOMENTS = re.compile("日期|날짜"), re.compile("年月|时间|時間|日時")  # written without blanks around


def called_days(name: str) -> bool:
    """Whether a whole word of a column's name says that it holds days."""
    return any(_DAYS.fullmatch(word) for word in _words(name)) or bool(_CJK_DAYS.search(name))


def called_date(name: str) -> bool:
    """Whether a whole word of a column's name says that it holds dates or times: created_at, but no runtime."""
    words = _words(name)
    named = any(_MOMENTS.fullmatch(word) for word in words) or (len(words) > 1 and words[-1] == "at")
    return named or called_days(name) or bool(_CJK_MOMENTS.search(name))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


@dataclass(frozen=True, eq=False)
class Facts:
    column: Column  # without what the user says is missing
    words: Array  # bool [distinct]: missing if these are numbers or dates
    rest: Column  # without those
    reading: Reading | None
    moments: Moments | None
    code: str
    said: tuple[tuple[str, int], ...]


def facts_of(column: Column, options: TableOptions, hint: str, fallback: str) -> Facts:
    gone = missing.said(column, options)
    told = missing.counted(column, gone)
    column = column.without(gone)
    words = missing.among_numbers(column, options.missing_among_numbers)
    rest = column.without(words)
    asked = options.columns.get(column.name)
    reading = moments = None
    code = ""
    if (
        len(rest.values) and column.declared == "text" and asked is None
    ):  # numbers in texts may be codes, dates are none
        moments = dates.read(rest.values, options.date_order)
    elif len(rest.values) and (column.declared not in ("text", "nested") or asked in ("number", "date")):
        decimal = options.decimal_in.get(column.name, options.decimal)
        reading = numbers.read(rest.values, decimal, hint, fallback)
        if reading.all_fit:
            code = numbers.is_code(rest.values)
        compact = called_date(column.name) or asked == "date"
        if not reading.all_fit or compact:
            serial = called_days(column.name) or asked == "date"
            moments = dates.read(rest.values, options.date_order, compact, serial)
    return Facts(column, words, rest, reading, moments, code, told)
