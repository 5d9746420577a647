"""The time of each row: a column of dates, years or numbers, and what further columns say of it, as month or hour."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.common.errors import DataError
from core.common.text import quoted
from core.data.base import Array
from core.data.library.gathered import Gathered
from core.data.library.series_options import SeriesOptions
from core.data.library.tables.cells import Column
from core.data.library.tables.decide import Decision, decide_column
from core.data.library.tables.month_names import NUMBER_OF_MONTH
from core.data.library.tables.values import as_moments, as_numbers

_YEAR = re.compile(r"year|jahr|année|annee|año|anno|^yr$|^y$", re.I)
_DAY, _HOUR = 86_400, 3600
# Columns that make a time finer, from the coarsest: with the least and the greatest that they hold.
_FINER: tuple[tuple[str, "re.Pattern[str]", int, int], ...] = (
    ("quarter", re.compile(r"^(quarter|qtr|q|quartal|trimestre)$", re.I), 1, 4),
    ("month", re.compile(r"^(month|mnth|monat|mes|mois|mese)$", re.I), 1, 12),
    ("day", re.compile(r"^(day|tag|día|dia|jour|giorno)$", re.I), 1, 31),
    ("hour", re.compile(r"^(hour|hr|stunde|hora|heure|ora)$", re.I), 0, 24),
)
_QUARTERS = {text: number for number in range(1, 5) for text in (f"q{number}", f"{number}q", f"qtr{number}")}


def says_part(name: str) -> bool:
    """Whether a column of this name may hold a part of the time."""
    return any(pattern.match(name) for _, pattern, _, _ in _FINER) or bool(
        re.match(r"^week(day)?$|^minute$", name, re.I)
    )


def moments_of(column: Column, decision: Decision, options: SeriesOptions) -> tuple[Array, Array, bool, list[str]]:
    """int64 times (seconds since 1970 or plain numbers), which rows have none, whether they are dates, and notes.

    Raises:
        DataError: neither dates nor numbers.
    """
    name = column.name
    if decision.layout is not None and decision.layout.order == "time":
        raise DataError(f"{quoted(name)} holds times of day without a date. Take a column of dates, or join both.")
    if decision.kind == "date":
        notes = [f"{name}: {decision.guess.question}"] if decision.guess.question else []
        return *_of_seconds(as_moments(column, decision, options)), True, notes
    try:
        return _of_numbers(name, _numbers(column, options))
    except DataError as error:
        as_date = decide_column(column, replace(options, columns={**options.columns, name: "date"}))
        if as_date.layout is None:
            raise DataError(f"{quoted(name)} is no time: it holds {decision.guess.how or 'words'}. Take a column of "
                            "dates or numbers.") from error  # fmt: skip
        return *_of_seconds(as_moments(column, as_date, options)), True, []


def finer(
    table: Gathered, decisions: Mapping[str, Decision], options: SeriesOptions, times: Array, series: Array
) -> tuple[Array, tuple[str, ...]]:
    """Times that are there several times, made finer by columns of their quarter, month, day or hour; and these."""
    used: list[str] = []
    for part, pattern, low, high in _FINER:
        if not _doubled(times, series):
            break
        taken = (options.time, options.target, *options.id, *options.known)
        for name in [each for each in decisions if pattern.match(each) and each not in taken]:
            with contextlib.suppress(DataError):
                values = _of_part(table.cells.column(name), options, part)
                fits = (
                    np.isfinite(values).all()
                    and (values % 1 == 0).all()
                    and low <= values.min() <= values.max() <= high
                )
                moved = _moved(times, values.astype(np.int64), part) if fits else None
                if moved is not None:
                    times = moved
                    used.append(name)
                    break
    return times, tuple(used)


def _doubled(times: Array, series: Array) -> bool:
    return len(np.unique(np.column_stack([series, times]), axis=0)) < 0.95 * len(times)


def _moved(times: Array, values: Array, part: str) -> Array | None:
    """None where the times say as much already."""
    moments = times.astype("datetime64[s]")
    if part == "hour":
        return times + values * _HOUR if (times % _DAY == 0).all() else None
    if part == "day":
        months = moments.astype("datetime64[M]").astype("datetime64[s]").astype(np.int64)
        return times + (values - 1) * _DAY if (times == months).all() else None
    years = moments.astype("datetime64[Y]")
    if not (times == years.astype("datetime64[s]").astype(np.int64)).all():
        return None
    months = years.astype("datetime64[M]") + (values - 1) * (3 if part == "quarter" else 1)
    return np.asarray(months.astype("datetime64[s]").astype(np.int64))


def _of_part(column: Column, options: SeriesOptions, part: str) -> Array:
    """Of months also by their names, of quarters as Q1. Raises DataError."""
    words = [text.strip(". ").lower() for text in column.texts()]
    named = {"month": NUMBER_OF_MONTH, "quarter": _QUARTERS}.get(part, {})
    if not words or any(word not in named for word in words):
        return _numbers(column, options)
    return np.array([*(float(named[word]) for word in words), np.nan])[column.codes]


def _numbers(column: Column, options: SeriesOptions) -> Array:
    decision = decide_column(column, replace(options, columns={**options.columns, column.name: "number"}))
    return as_numbers(column, decision, options)[0]


def _of_seconds(moments: Array) -> tuple[Array, Array]:
    gone: Array = np.isnat(moments)
    return np.where(gone, 0, moments.astype("datetime64[s]").astype(np.int64)), gone


def _of_numbers(name: str, values: Array) -> tuple[Array, Array, bool, list[str]]:
    gone = np.isnan(values)
    known = values[~gone]
    if not len(known):
        raise DataError(f"{quoted(name)} is empty; it was to hold the time.")
    low, high, whole = known.min(), known.max(), bool((known % 1 == 0).all())
    plain = np.where(gone, 0, values)
    if whole and low >= 1000 and high < 3000 and _YEAR.search(name):
        years = (plain - 1970).astype(np.int64).astype("datetime64[Y]")
        return *_of_seconds(np.where(gone, np.datetime64("NaT"), years.astype("datetime64[s]"))), True, []
    if whole and low >= 10_000_101 and high < 30_000_000:
        days = _compact(plain.astype(np.int64))
        if not np.isnat(days[~gone]).any():
            return *_of_seconds(np.where(gone, np.datetime64("NaT"), days)), True, []
    for unit, factor in (("seconds", 1), ("milliseconds", 1000)):
        if 3e8 * factor <= low and high < 5e9 * factor:
            note = f"{name}: taken as {unit} since 1970."
            return np.floor(plain / factor).astype(np.int64), gone, True, [note]
    if whole:
        return plain.astype(np.int64), gone, False, []
    note = f"{name}: numbers with decimals only say the order of the rows."
    return np.unique(plain, return_inverse=True)[1].astype(np.int64), gone, False, [note]


def _compact(numbers: Array) -> Array:
    """20210131 as a date; NaT for what is none."""
    month, day = numbers // 100 % 100, numbers % 100
    fine = (month >= 1) & (month <= 12) & (day >= 1)
    months = ((numbers // 10_000 - 1970) * 12 + np.where(fine, month, 1) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(fine, day, 1) - 1
    return np.where(fine & (days.astype("datetime64[M]") == months), days.astype("datetime64[s]"), np.datetime64("NaT"))
