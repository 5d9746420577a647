"""Dates and times as people write them: in one way a column; which, is told by all of its values together."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.data.data_info import Array
from core.data.library.tables.date_layouts import COMPACT, EITHER, LAYOUTS, SERIAL, Layout
from core.data.library.tables.month_names import NUMBER_OF_MONTH
from core.data.library.tables.plain_signs import plain

if TYPE_CHECKING:
    import pyarrow as pa

WORDS: dict[str, str] = {
    "dmy": "day, month, year",
    "mdy": "month, day, year",
    "time": "times of day",
    "epoch": "seconds since 1970",
    "season": "2020/21",
}
_SAMPLE = 500  # distinct values, by which ways of writing are ruled out
_CENTURY = 50  # years of two digits from here on are of 19.., as of people's births
_UNLIKELY = 3.0  # times the span of another way, from which one is not asked about
_HOURS = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Moments:
    """What a column is as dates: the layout that fits most of its values."""

    layout: Layout
    seconds: Array  # datetime64[s] [distinct], NaT where a value is none
    fits: Array  # bool [distinct]


def read(values: "pa.Array", order: str = "auto", compact: bool = False, serial: bool = False) -> Moments:
    """The values by the layout that fits most of them; where several do, the one that gives the more regular dates.

    Args:
        values: distinct texts.
        order: that of a layout where it was said, "" or "auto" where not.
        compact: whether digits alone may be dates, as 20210131.
        serial: whether they may be days as Excel counts them.
    """
    values = plain(values)
    possible = _possible(order, compact, serial)
    sample = values[:_SAMPLE]
    texts = [text for text in sample.to_pylist() if text is not None]
    seen = [each for each in possible if _looks(texts, each) and not np.isnat(parse(sample, each)).all()]
    found: list[Moments] = []
    for layout in seen or possible[:1]:
        seconds = parse(values, layout)
        found.append(Moments(layout, seconds, ~np.isnat(seconds)))
        if found[-1].fits.all() and layout.sure:
            break
    best = max(found, key=lambda each: int(each.fits.sum()))
    same = [each for each in found if each.fits.sum() == best.fits.sum() and not each.layout.sure]
    if len(same) > 1 and order == "auto" and not best.layout.sure:
        best = _likely(same)
    return _told(best, values)


def read_each(values: "pa.Array", order: str, utc: bool) -> Array:
    """datetime64[s] [values], NaT for what is no date: each by the first layout that reads it, whatever the others are.

    Args:
        order: that of the layout of their column, as in `Layout.key`; its layouts come first.
        utc: whether time zones are brought to UTC.
    """
    import pyarrow as pa

    found = np.full(len(values), np.datetime64("NaT"), "datetime64[s]")
    for layout in _possible(order, compact=True, serial=order == "epoch"):
        open_ = np.isnat(found)
        if not open_.any():
            break
        found[open_] = parse(values.filter(pa.array(open_)), replace(layout, utc=utc))
    return found


def _possible(order: str, compact: bool, serial: bool) -> list[Layout]:
    other = {"dmy": "mdy", "mdy": "dmy"}.get(order)
    digits = (*(COMPACT if compact else ()), *(SERIAL if serial else ()))
    possible = [each for each in (*EITHER, *LAYOUTS, *digits) if each.order != other or each.sure]
    return sorted(possible, key=lambda each: each.order != order)


def _looks(texts: Sequence[str], layout: Layout) -> bool:
    """Whether any has the form of such a date. Arrow would compile the pattern anew each time, which takes longer."""
    matches = _compiled(layout.pattern).fullmatch
    return any(matches(text) for text in texts)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(r"\pL", r"\w"))  # Python has no class of letters alone; this is wider


def parse(values: "pa.Array", layout: Layout) -> Array:
    """datetime64[s] [values], local time as written, or UTC where the layout says so; NaT for what is no such date."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = plain(values)
    parts = pc.extract_regex(values, rf"^(?:{layout.pattern})$")
    names = [field.name for field in parts.type]
    right = parts.is_valid().to_numpy(zero_copy_only=False)

    def number(name: str, default: int) -> Array:
        if name not in names:
            return np.full(len(values), default)
        texts = pc.struct_field(parts, name)
        known = pc.if_else(pc.equal(texts, ""), None, texts)
        found: Array = pc.fill_null(pc.cast(known, pa.int64()), default).to_numpy(zero_copy_only=False)
        return found

    def words(name: str) -> list[str]:
        return pc.fill_null(pc.struct_field(parts, name), "").to_pylist() if name in names else []

    if "epoch" in names:
        seconds = number("epoch", 0).astype("datetime64[s]")
        right &= (seconds >= np.datetime64("1980")) & (seconds < np.datetime64("2100"))
        return np.where(right, seconds, np.datetime64("NaT"))
    if "serial" in names:
        excel = np.datetime64("1899-12-30") + number("serial", 0)
        return np.where(right, excel.astype("datetime64[s]"), np.datetime64("NaT"))
    year, month, day = number("y", 1970), number("m", 1), number("d", 1)
    year = np.where(year < _CENTURY, year + 2000, np.where(year < 100, year + 1900, year))
    month = number("q", 1) * 3 - 2 if "q" in names else number("part", 1) * 6 - 5 if "part" in names else month
    if "name" in names:
        month = np.array([NUMBER_OF_MONTH.get(word.lower(), 0) for word in words("name")], np.int64)
    if "season" in names:
        season = number("season", 0)
        right &= (season == year + 1) | (season == (year + 1) % 100)
    hour, minute, second = number("H", 0), number("M", 0), number("S", 0)
    if half := words("half"):
        letters = np.array([word[:1].lower() for word in half])
        hour = np.where(letters == "", hour, hour % 12 + 12 * (letters == "p"))
    right &= (hour <= 24) & (minute < 60) & (second < 61)
    days, known = _days(year, month, day, right)
    right &= known
    if "w" in names:
        days = _day_of_week(days, number("w", 1), number("weekday", 1))
        right &= _year_of_week(days) == year
    seconds = days.astype("datetime64[s]") + (hour * 3600 + minute * 60 + second)
    if zones := words("zone"):
        offsets = {text: _zone(text) for text in set(zones)}
        east = np.array([offsets[text] for text in zones], np.float64)
        right &= ~np.isnan(east)
        seconds = seconds - np.nan_to_num(east * layout.utc).astype(np.int64)
    return np.where(right, seconds, np.datetime64("NaT"))


def _days(year: Array, month: Array, day: Array, right: Array) -> tuple[Array, Array]:
    """datetime64[D], and which of them there are."""
    right = right & (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1000) & (year < 3000)
    months = ((np.where(right, year, 1970) - 1970) * 12 + np.where(right, month, 1) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(right, day, 1) - 1
    return days, right & (days.astype("datetime64[M]") == months)


def _day_of_week(january: Array, week: Array, weekday: Array) -> Array:
    """By ISO 8601: week 1 holds the fourth of January. Args: january: the first of it."""
    fourth = january + 3
    monday = fourth - (fourth.astype(np.int64) + 3) % 7
    found: Array = monday + (week - 1) * 7 + np.clip(weekday, 1, 7) - 1
    return found


def _year_of_week(days: Array) -> Array:
    """The ISO year: that of the week's Thursday."""
    thursday = days - (days.astype(np.int64) + 3) % 7 + 3
    found: Array = thursday.astype("datetime64[Y]").astype(np.int64) + 1970
    return found


def _zone(text: str) -> float:
    """Seconds east of Greenwich, 0 where nothing is said, NaN for a zone that is not known."""
    digits = text.upper().removeprefix("UTC").removeprefix("GMT") if text[-1:].isdigit() else ""
    if digits[:1] in ("+", "-"):
        hours, minutes = digits[1:3], digits[3:].lstrip(":")
        return (1 if digits[0] == "+" else -1) * (int(hours) * 3600 + int(minutes or 0) * 60)
    return _HOURS.get(text.upper(), np.nan) * 3600 if text else 0.0


def _told(found: Moments, values: "pa.Array") -> Moments:
    """With what there is to say of years of two digits and of time zones; several zones are brought to UTC."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not found.fits.any():
        return found
    layout, fitting = found.layout, values.filter(pa.array(found.fits))
    parts = pc.extract_regex(fitting, rf"^(?:{layout.pattern})$")
    names = [field.name for field in parts.type]
    if "y" in names and not layout.two_digits:
        layout = replace(layout, two_digits=pc.min(pc.utf8_length(pc.struct_field(parts, "y"))).as_py() == 2)
    zones = set(pc.struct_field(parts, "zone").to_pylist()) if "zone" in names else set()
    if len({_zone(zone) for zone in zones}) > 1:
        layout = replace(layout, utc=True)
        return Moments(layout, parse(values, layout), found.fits)
    return replace(found, layout=layout)


def _likely(same: list[Moments]) -> Moments:
    """Of ways that fit equally well: the more regular one within the shorter time. Asked about, unless it is clear."""
    spans = [float(np.ptp(each.seconds[each.fits].astype(np.int64))) for each in same]
    longest = max(*spans, 1.0)
    rank = sorted(range(len(same)), key=lambda at: _irregular(same[at].seconds[same[at].fits]) + spans[at] / longest)
    first, second = rank[:2]
    swapped = {same[first].layout.order, same[second].layout.order} == {"dmy", "mdy"}
    clear = spans[second] > _UNLIKELY * spans[first] and not swapped
    return replace(same[first], layout=replace(same[first].layout, open=not clear))


def _irregular(seconds: Array) -> float:
    """How much the steps between dates, in the order in which they were met, differ."""
    steps = np.diff(seconds.astype(np.int64))
    if not len(steps):
        return 0.0
    back = float((steps < 0).mean())
    return back + len(np.unique(steps)) / (len(steps) + 1)
