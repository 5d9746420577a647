"""What a date gives to learn from; the same when a row is asked about as when the table was added."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.common.errors import DataError
from core.common.text import quoted
from core.data.data_info import Array, Feature
from core.data.library.read_options import MISSING_AMONG_NUMBERS, DatePart
from core.data.library.tables import dates
from core.data.library.tables.missing import stands_for_missing

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Parts = Mapping[str, float | str | None]  # by feature
_DAY = np.timedelta64(1, "D")
_SINCE = " days since "


def parts_of(moments: Array, start: np.datetime64) -> dict[DatePart, Array]:
    """float64, NaN where there is no date; weekdays as words, "" there.

    Args:
        moments: datetime64[s].
        start: from which days are counted.
    """
    known = ~np.isnat(moments)
    days = moments.astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64)
    weekdays = np.where(known, (days.astype(np.int64) + 3) % 7, len(WEEKDAYS))
    numbers: dict[DatePart, Array] = {
        "year": months // 12 + 1970,
        "month": months % 12 + 1,
        "day": (days - days.astype("datetime64[M]")) / _DAY + 1,
        "hour": (moments - days) / np.timedelta64(1, "h"),
        "days": (moments - start) / _DAY,
    }
    found = {part: np.where(known, values, np.nan).astype(np.float64) for part, values in numbers.items()}
    return found | {"weekday": np.array([*WEEKDAYS, ""], object)[weekdays]}


def with_dates(features: Sequence[Feature], values: Mapping[str, float | str | None]) -> dict[str, float | str | None]:
    """What is asked, with the parts of each date that is given under the name of its column.

    Raises:
        DataError: it is no date.
    """
    asked = dict(values)
    for name, given in dated(features, list(values)).items():
        text = asked.pop(name)
        asked |= _parts(name, "" if text is None else str(text), given)
    return asked


def dated(features: Sequence[Feature], columns: Sequence[str]) -> dict[str, list[Feature]]:
    """Which of the columns are dates that these features, or some of them, are of."""
    known = {feature.name for feature in features}
    found = {name: [each for each in features if each.date_order and _column(each.name) == name] for name in columns}
    return {name: given for name, given in found.items() if given and name not in known}


def date_columns(features: Sequence[Feature]) -> dict[str, tuple[Feature, ...]]:
    """Columns of dates that can be asked for as one date each, with the features that they give.

    These are those whose features tell the date: `date_told`.
    """
    known = {feature.name for feature in features}
    found: dict[str, tuple[Feature, ...]] = {}
    for feature in features:
        name = _column(feature.name)
        if feature.date_order and name not in known:
            found[name] = (*found.get(name, ()), feature)
    return {name: given for name, given in found.items() if _tells(given)}


def _tells(features: Sequence[Feature]) -> bool:
    parts = {"days" if _SINCE in feature.name else _part(feature.name) for feature in features}
    return "days" in parts or {"year", "month", "day"} <= parts or features[0].date_order == "time"


def date_told(features: Sequence[Feature], values: Mapping[str, float | str | None]) -> str | None:
    """The date whose parts these are, "" where it is missing; None where no date has them.

    Args:
        features: of one column of `date_columns`.
    """
    if all(values.get(feature.name) is None for feature in features):
        return ""
    text = _told(features, values)
    again = _parts("", text, features)
    return text if all(_same(again[feature.name], values.get(feature.name)) for feature in features) else None


def _told(features: Sequence[Feature], values: Mapping[str, float | str | None]) -> str:
    start = np.datetime64("1970-01-01", "s")
    parts = {"year": 1970.0, "month": 1.0, "day": 1.0, "hour": 0.0, "days": 0.0}
    for feature in features:
        _, since, day = feature.name.rpartition(_SINCE)
        value = values.get(feature.name)
        if isinstance(value, float | int):
            parts["days" if since else _part(feature.name)] = float(value)
            start = np.datetime64(day, "s") if since else start
    if start != np.datetime64("1970-01-01", "s") or parts["days"]:
        moment = start + np.timedelta64(round(parts["days"] * 86_400), "s")
    else:
        month = np.datetime64(f"{int(parts['year']):04}-{int(parts['month']):02}", "s")
        moment = month + np.timedelta64(round((parts["day"] - 1) * 86_400 + parts["hour"] * 3600), "s")
    day, _, clock = str(moment).partition("T")
    if features[0].date_order == "time":
        return clock
    return day if clock == "00:00:00" else f"{day} {clock}"


def _same(one: float | str | None, other: float | str | None) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= 1e-6 * max(1.0, abs(other))
    return one == other


def _parts(name: str, text: str, features: Sequence[Feature]) -> Parts:
    """Raises DataError: it is no date."""
    (found,) = read_dates(name, [text], features)
    if isinstance(found, str):
        raise DataError(found)
    return found


def read_dates(name: str, texts: Sequence[str], features: Sequence[Feature]) -> list[Parts | str]:
    """Of each text alone, whatever the others are: what it gives, nothing where it is missing; or why it is no date.

    Args:
        name: of the column.
        features: that its dates give.
    """
    import pyarrow as pa

    order, _, utc = features[0].date_order.partition(" ")
    texts = [text.strip() for text in texts]
    seconds = dates.read_each(pa.array(texts, pa.string()), order, bool(utc))
    given: dict[str, list[float | str]] = {}
    for feature in features:
        _, since, day = feature.name.rpartition(_SINCE)
        parts = parts_of(seconds, np.datetime64(day if since else "1970-01-01"))
        given[feature.name] = parts["days" if since else _part(feature.name)].tolist()
    rows = [dict(zip(given, values, strict=True)) for values in zip(*given.values(), strict=True)]
    years = "" if order == "time" else ", in the years 1000 to 2999"
    usual = {word.lower() for word in MISSING_AMONG_NUMBERS}

    def told(text: str, is_date: bool, row: Parts) -> Parts | str:
        if not text or text.lower() in usual or stands_for_missing(text, features[0].missing):
            return {}
        return (
            row
            if is_date
            else (
                f"{name} must be a date, such as 2021-03-31, or as the table has it "
                f"({dates.WORDS.get(order, 'year, month, day')}){years}; received {quoted(text)}."
            )
        )

    return [told(*each) for each in zip(texts, (~np.isnat(seconds)).tolist(), rows, strict=True)]


def _part(feature: str) -> DatePart:
    part: DatePart = feature.rpartition(" ")[2]  # type: ignore[assignment]
    return part


def _column(feature: str) -> str:
    return feature.rpartition(_SINCE)[0] or feature.rpartition(" ")[0]
