"""Numbers, durations and times as people write them in a search."""

import math
import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

DURATIONS = "90 s, 15 min, 2 h 30, 1:30:00, 3 days"
TIMES = "2026-11-01, 2026-11-01 14:30, 2026-11, today, yesterday, 3 days ago"
MOST_WORDS = 6  # of one value: 2026-11-01 14:30, 2 h 30 min 10 s; 3 days and 2 hours have no "and"

_UNITS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "wk", "week", "weeks"), 7 * 86400.0),
}
_PART = re.compile(r"\s*([0-9]{1,12}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})\s*([a-z]{1,12})", re.ASCII)
_LAST = re.compile(r"\s*([0-9]{1,2})", re.ASCII)  # of 2 h 30, and 2 min 30
_BELOW = {3600.0: 60.0, 60.0: 1.0}
_CLOCK = re.compile(r"([0-9]{1,6}):([0-5][0-9]):([0-5][0-9](?:\.[0-9]{1,6})?)", re.ASCII)
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[t ]\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"\s*(z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)


class Span(NamedTuple):
    """What is written means all from `low` up to, not including, `high`; less and more than it are told by the ends."""

    low: float
    high: float
    exact: float | None = None  # where less and more than it are told by, in place of the ends


def number(text: str) -> float | None:
    """0.01, 1e-3, 90% (0.9), nan, inf."""
    share = text.endswith("%")
    try:
        return float(text.removesuffix("%")) / (100 if share else 1)
    except ValueError:
        return None


def duration(text: str) -> Span | None:
    """In seconds; as exact as it is written: "2 h" is all that rounds to it. None where it is none."""
    text = text.strip().lower()
    if clock := _CLOCK.fullmatch(text):
        seconds = 3600 * int(clock[1]) + 60 * int(clock[2]) + float(clock[3])
        return Span(seconds - 0.5, seconds + 0.5, seconds)
    bare = number(text)
    if bare is not None and not text.endswith("%") and math.isfinite(bare) and bare >= 0:
        return Span(bare - 0.5, bare + 0.5, bare)
    seconds, finest, place, unit = 0.0, math.inf, 0, 0.0
    while place < len(text):
        part = _PART.match(text, place)
        if part is None and unit in _BELOW and (last := _LAST.fullmatch(text, place)) and int(last[1]) < 60:
            unit, place = _BELOW[unit], len(text)
            seconds, finest = seconds + int(last[1]) * unit, min(finest, unit)
            continue
        if part is None or part[2] not in _UNITS:
            return None
        unit, place = _UNITS[part[2]], part.end()
        decimals = len(part[1].partition(".")[2])
        seconds, finest = seconds + float(part[1]) * unit, min(finest, unit / 10**decimals)
    return Span(seconds - finest / 2, seconds + finest / 2, seconds) if place else None


def moment(text: str, now: float, zone: tzinfo | None) -> Span | None:
    """In seconds since 1970: a day, a month, a year, a minute, or so long ago. None where it is none of these.

    Days and hours are those of the zone, None for that of this process.
    """
    try:
        return _moment(text.strip().lower(), now, zone)
    except (ValueError, OverflowError, OSError):  # the 31st of February, the year 0
        return None


def _moment(text: str, now: float, zone: tzinfo | None) -> Span | None:
    here = datetime.fromtimestamp(now, zone)
    if text == "now":
        return Span(now, now)
    if text in ("today", "yesterday"):
        return _days(here - timedelta(days=text == "yesterday"), zone)
    if found := _DAY.fullmatch(text):
        year, month, day = found.groups()
        return _calendar(int(year), int(month) if month else None, int(day) if day else None, zone)
    if found := _MOMENT.fullmatch(text):
        return _minute(found, zone)
    ago = duration(text.removesuffix("ago").rstrip().removeprefix("-"))
    if ago is None or ago.exact is None or number(text) is not None:
        return None
    exact = now - ago.exact
    day = _days(datetime.fromtimestamp(exact, zone), zone)
    half = (ago.high - ago.low) / 2
    return Span(*(day[:2] if half >= 43_200 else (exact - half, exact + half)), exact)


def _calendar(year: int, month: int | None, day: int | None, zone: tzinfo | None) -> Span:
    if month is not None and day is not None:
        return _days(datetime(year, month, day), zone)
    following = (year + 1, 1) if month is None or month == 12 else (year, month + 1)
    return Span(_at(datetime(year, month or 1, 1), zone), _at(datetime(*following, 1), zone))


def _days(day: datetime, zone: tzinfo | None) -> Span:
    begin = datetime(day.year, day.month, day.day)
    return Span(_at(begin, zone), _at(begin + timedelta(days=1), zone))


def _minute(found: re.Match[str], zone: tzinfo | None) -> Span:
    year, month, day, hour, minute = (int(found[place]) for place in range(1, 6))
    wall = datetime(year, month, day, hour, minute, int(found[6] or 0))
    if found[7]:
        hours = timedelta(0) if found[7] == "z" else _offset(found[7])
        begin = (wall.replace(tzinfo=UTC) - hours).timestamp()
    else:
        begin = _at(wall, zone)
    return Span(begin, begin + (1.0 if found[6] else 60.0))


def _offset(text: str) -> timedelta:
    digits = text[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if text[0] == "-" else size


def _at(wall: datetime, zone: tzinfo | None) -> float:
    return wall.replace(tzinfo=zone).timestamp()
