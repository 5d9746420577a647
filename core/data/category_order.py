"""In which order categories are offered: weekdays, months and sizes by meaning, others by numbers and letters."""

import calendar
import re
from collections.abc import Sequence

_SCALES = (
    [each.lower() for each in calendar.day_name],
    [each.lower() for each in calendar.day_abbr],
    [each.lower() for each in calendar.month_name if each],
    [each.lower() for each in calendar.month_abbr if each],
    ["xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"],
    ["very low", "low", "medium", "high", "very high"],
    ["small", "medium", "large"],
)
_NUMBER = re.compile(r"([0-9]+(?:[.][0-9]+)?)")


def in_order(categories: Sequence[str]) -> list[str]:
    """Without the empty one, which is a missing value."""
    given = [each for each in categories if each]
    lower = {each.strip().lower() for each in given}
    for scale in _SCALES:
        if lower <= set(scale):
            return sorted(given, key=lambda each: scale.index(each.strip().lower()))
    return sorted(given, key=_by_numbers)


def _by_numbers(text: str) -> list[tuple[int, float, str]]:
    """Numbers within a text by size: 2 before 10, and "size 9" before "size 12"."""
    parts = _NUMBER.split(text.casefold())
    return [(0, float(each), "") if at % 2 else (1, 0.0, each) for at, each in enumerate(parts) if each]
