"""Times of series: how often they come, where they lie on a grid, which season and calendar they have."""

import math
from collections.abc import Sequence

import numpy as np

from core.data.data_info import Array
from core.data.series_facts import CalendarPart, Frequency, SeriesFacts

IRREGULAR = Frequency()
NAMED: dict[str, Frequency] = {
    "every minute": Frequency("second", 60),
    "hourly": Frequency("second", 3600),
    "daily": Frequency("second", 86_400),
    "business days": Frequency("business day", 1),
    "weekly": Frequency("second", 604_800),
    "monthly": Frequency("month", 1),
    "quarterly": Frequency("month", 3),
    "yearly": Frequency("month", 12),
    "irregular": IRREGULAR,
}
_HOUR, _DAY, _WEEK, _YEAR = 3600, 86_400, 604_800, 31_556_952  # seconds
_USUAL = 0.5  # share of steps that are the most frequent one, and of the grid that is filled, at least
_BUSINESS = 8  # times, from which on none on a weekend is no chance
_SHORTEST_MONTH = 26 * _DAY  # between the times of two months, at least


def told(frequency: Frequency) -> str:
    """In words: daily, every 15 minutes."""
    for name, known in NAMED.items():
        if known == frequency:
            return name
    unit, every = frequency.unit, frequency.every
    if unit == "second":
        for size, name in ((_DAY, "days"), (_HOUR, "hours"), (60, "minutes")):
            if every % size == 0:
                return f"every {every // size:,} {name}"
        return f"every {every:,} seconds" if every > 1 else "every second"
    if unit == "step":
        return "numbered" if every == 1 else f"numbered, every {every:,}"
    return f"every {every:,} {unit}s"


def season_of(frequency: Frequency) -> int:
    """Steps of the season that such times mostly have: a day, a week of days, a year of weeks or months; 1 for none."""
    every = frequency.every
    match frequency.unit:
        case "second" if every < _DAY and _DAY % every == 0:
            return _DAY // every if every >= 60 else max(1, _HOUR // every)
        case "second":
            return {_DAY: 7, _WEEK: 52}.get(every, 1)
        case "business day":
            return 5
        case "month" if 12 % every == 0:
            return 12 // every
    return 1


def lengths_of(frequency: Frequency, positions: int) -> tuple[int, int]:
    """Window and horizon to begin with, in steps: some seasons and about one, as far as so many positions allow."""
    every = frequency.every
    window, horizon = 20, 5
    match frequency.unit:
        case "second" if every < _HOUR:
            window, horizon = 96, 24
        case "second" if every < _DAY:
            window, horizon = 7 * (_DAY // every), max(1, _DAY // every)
        case "second" if every == _DAY:
            window, horizon = 28, 7
        case "second" if every == _WEEK:
            window, horizon = 52, 4
        case "month" if every == 1:
            window, horizon = 24, 12
        case "month" if every == 3:
            window, horizon = 12, 4
    horizon = max(1, min(horizon, positions // 12))
    return max(horizon, min(window, positions // 4)), horizon


def frequency_of(series: Sequence[Array], dated: bool) -> Frequency:
    """The frequency that all these series have, each a sorted int64 array of seconds or plain numbers without doubles.

    Irregular where the times lie on no grid, or fill less than half of theirs.
    """
    steps = np.concatenate([np.diff(times) for times in series]) if series else np.empty(0, np.int64)
    if not len(steps):
        return IRREGULAR
    values, counts = np.unique(steps, return_counts=True)
    usual = int(values[counts.argmax()])
    if not dated:
        every = int(np.gcd.reduce(steps))
        return Frequency("step", every) if _fills(series, Frequency("step", every)) else IRREGULAR
    if usual == _DAY and sum(map(len, series)) >= _BUSINESS and (values > _DAY).any():
        days = np.concatenate(series).astype("datetime64[s]").astype("datetime64[D]")
        if np.is_busday(days).all() and (steps % _DAY == 0).all():
            return Frequency("business day", 1)
    if counts.max() >= _USUAL * len(steps) and all(_on_grid(times, usual, series[0][0]) for times in series):
        return Frequency("second", usual) if _fills(series, Frequency("second", usual)) else IRREGULAR
    if values.min() >= _SHORTEST_MONTH:
        months = np.concatenate([np.diff(_months(times)) for times in series])
        every = int(np.gcd.reduce(months)) if (months > 0).all() else 0
        if every and _fills(series, Frequency("month", every)):
            return Frequency("month", every)
    return IRREGULAR


def positions_of(times: Array, frequency: Frequency, start: int) -> Array:
    """int64 places on the grid that begins with `start`. Not of irregular times, which have none."""
    match frequency.unit:
        case "business day":
            first = np.datetime64(start, "s").astype("datetime64[D]")
            days = times.astype("datetime64[s]").astype("datetime64[D]")
            return np.asarray(np.busday_count(first, days), np.int64)
        case "month":
            return (_months(times) - int(_months(np.array([start]))[0])) // frequency.every
    return (times - start) // frequency.every


def times_of(positions: Array, frequency: Frequency, start: int) -> Array:
    """int64 seconds or numbers at these places; of months on the day of `start`, or the last that a month has."""
    match frequency.unit:
        case "business day":
            first = np.datetime64(start, "s")
            days = np.busday_offset(first.astype("datetime64[D]"), positions, roll="forward")
            rest = start - int(first.astype("datetime64[D]").astype("datetime64[s]").astype(np.int64))
            return np.asarray(days.astype("datetime64[s]").astype(np.int64) + rest)
        case "month":
            month = np.datetime64(start, "s").astype("datetime64[M]")
            into = start - int(month.astype("datetime64[s]").astype(np.int64))
            months = month + positions * frequency.every
            ends = (months + 1).astype("datetime64[s]").astype(np.int64) - _DAY
            return np.asarray(np.minimum(months.astype("datetime64[s]").astype(np.int64) + into, ends))
    return np.asarray(start + positions * frequency.every)


def written(times: Array, facts: SeriesFacts) -> list[str]:
    """As people write them: 2021-03-31, with the time of day where there are any; plain numbers as such."""
    if not facts.dated:
        return [f"{time:,}" for time in times.tolist()]
    unit = "m" if facts.clock else "D"
    if facts.frequency.unit == "month":
        unit = "Y" if facts.frequency.every % 12 == 0 else "M"
    texts: list[str] = np.datetime_as_string(times.astype("datetime64[s]"), unit=unit).tolist()  # type: ignore[call-overload]
    return [text.replace("T", " ") for text in texts]


def calendar_of(frequency: Frequency, dated: bool, clock: bool, span: int) -> tuple[CalendarPart, ...]:
    """Cycles of the calendar that such times can tell: longer than a step, and met at least once in a span of seconds.

    Args:
        clock: whether some are not at midnight.
    """
    if not dated or frequency.unit == "step":
        return ()
    sizes = {"second": 1, "business day": _DAY, "month": 30 * _DAY}
    step = sizes.get(frequency.unit, 0) * frequency.every
    lengths: dict[CalendarPart, int] = {"hour": _DAY, "weekday": _WEEK, "year": _YEAR}
    found = [part for part, length in lengths.items() if step < length * 0.9 and span >= length]
    return tuple(part for part in found if part != "hour" or clock)


def calendar(seconds: Array, parts: Sequence[CalendarPart]) -> Array:
    """Each part as a point on its circle, float64 [times, 2 * parts]: the end of a cycle lies beside its beginning."""
    moments = seconds.astype("datetime64[s]")
    years = moments.astype("datetime64[Y]")
    shares = {
        "hour": (seconds % _DAY) / _DAY,
        "weekday": ((seconds + 3 * _DAY) % _WEEK) / _WEEK,  # 1970 began on a Thursday
        "year": (seconds - years.astype("datetime64[s]").astype(np.int64)) / _YEAR,
    }
    angles = [2 * math.pi * shares[part] for part in parts]
    columns = [function(angle) for angle in angles for function in (np.sin, np.cos)]
    return np.stack(columns, axis=1) if columns else np.empty((len(seconds), 0))


def _months(times: Array) -> Array:
    found: Array = times.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    return found


def _on_grid(times: Array, every: int, start: int) -> bool:
    return bool(((times - start) % every == 0).all())


def _fills(series: Sequence[Array], frequency: Frequency) -> bool:
    """Whether the times are at least half of their grid, each at a place of its own."""
    places = [positions_of(times, frequency, int(times[0])) for times in series if len(times)]
    if any((np.diff(each) < 1).any() for each in places):
        return False
    return sum(map(len, places)) >= _USUAL * sum(int(each[-1]) + 1 for each in places)
