"""What the cells of one column could be: numbers, dates, codes, words."""

import re
from dataclasses import dataclass

from core.data.base import Array
from core.data.library.read_options import TableOptions
from core.data.library.tables import dates, missing, numbers
from core.data.library.tables.cells import Column
from core.data.library.tables.dates import Moments
from core.data.library.tables.numbers import Reading

DATE_NAME = re.compile(
    r"dat[eou]|^data\b|day|time|stamp|fecha|jour|mont?h|monat|mois|\bmes\b|period|epoch|日期|年月|时间|日時|날짜",
    re.IGNORECASE,
)
_DAY_NAME = re.compile(r"\bdate|date\b|_date|datum|fecha|日期|날짜", re.IGNORECASE)  # days as Excel counts them


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
        compact = bool(DATE_NAME.search(column.name)) or asked == "date"
        if not reading.all_fit or compact:
            serial = bool(_DAY_NAME.search(column.name)) or asked == "date"
            moments = dates.read(rest.values, options.date_order, compact, serial)
    return Facts(column, words, rest, reading, moments, code, told)
