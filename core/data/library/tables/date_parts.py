"""What a date gives to learn from; the same when a row is asked about as when the table was added."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.common.errors import DataError
from core.common.text import quoted
from core.data.base import Array, Feature
from core.data.library.read_options import DatePart
from core.data.library.tables import dates

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
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
    known = {feature.name for feature in features}
    asked = dict(values)
    for name in [each for each in values if each not in known]:
        given = [each for each in features if each.date_order and _column(each.name) == name]
        if given:
            text = asked.pop(name)
            asked |= _parts(name, "" if text is None else str(text).strip(), given)
    return asked


def _parts(name: str, text: str, features: Sequence[Feature]) -> dict[str, float | str | None]:
    if not text:
        return {}
    import pyarrow as pa

    order, _, utc = features[0].date_order.partition(" ")
    found = dates.read(pa.array([text]), order, compact=True, serial=order == "epoch")
    seconds = dates.parse(pa.array([text]), replace(found.layout, utc=bool(utc)))
    if not found.fits.all():
        raise DataError(
            f"{name} must be a date, such as 2021-03-31, or as the table has it "
            f"({dates.WORDS.get(order, 'year, month, day')}); received {quoted(text)}."
        )
    asked: dict[str, float | str | None] = {}
    for feature in features:
        _, since, day = feature.name.rpartition(_SINCE)
        parts = parts_of(seconds, np.datetime64(day if since else "1970-01-01"))
        asked[feature.name] = parts["days" if since else _part(feature.name)][0]
    return asked


def _part(feature: str) -> DatePart:
    part: DatePart = feature.rpartition(" ")[2]  # type: ignore[assignment]
    return part


def _column(feature: str) -> str:
    return feature.rpartition(_SINCE)[0] or feature.rpartition(" ")[0]
