"""Words for messages."""

import difflib
import json
import math
from collections.abc import Iterable

MAX_QUOTED = 200  # characters of what was received that a message repeats


def quoted(value: object, most: int = MAX_QUOTED) -> str:
    """What was received, as Python writes it, to stand in a message: at most so many characters."""
    if isinstance(value, str | bytes):
        value = value[: most + 1]  # only what is shown is written out
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists within lists
        text = f"a value of type {type(value).__name__}"
    if len(text) <= most:
        return text
    closing = text[-1] if isinstance(value, str | bytes) else ""
    return f"{text[: most - 1 - len(closing)]}…{closing}"


def shortened(text: str, most: int = MAX_QUOTED) -> str:
    """A text of others within a message, such as a library's: at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def first_line(error: BaseException) -> str:
    """What an error of a library says, without what follows below."""
    return str(error).strip().partition("\n")[0]


def suggestion(name: str, known: Iterable[str]) -> str:
    """ " (did you mean Dense?)" when a known name is close to what was given, otherwise ""."""
    if len(name) > MAX_QUOTED:
        return ""
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return f" (did you mean {by_lower[close[0]]}?)" if close else ""


def significant(values: Iterable[float]) -> int:
    """How many digits tell these values apart: four, and as many as all of them share; at most 15."""
    known = [value for value in values if math.isfinite(value)]
    peak = max(map(abs, known), default=0.0)
    spread = max(known) - min(known) if known else 0.0
    if not peak or not spread:
        return 7
    return min(15, 4 + max(0, math.floor(math.log10(peak)) - math.floor(math.log10(spread))))


def quantity(value: float, digits: int | None = None) -> str:
    """A number of the data, with so many digits: seven, or twelve of one from a million on; 1,700,000,003.27.

    Those before the point are always shown: 769,204, not 7.692e+05. Four stand without a sign: 2021 may be a year.
    """
    digits = digits or (12 if abs(value) >= 1e6 else 7)
    if abs(value) < 1e15:
        digits = max(digits, len(f"{abs(value):.0f}"))
    return f"{value:{grouping(value)}.{digits}g}"


def grouping(*values: float) -> str:
    """The sign between thousands in a format of these values: none for years, which have four digits at most."""
    return "," if max(map(abs, values), default=0.0) >= 10_000 else ""


def percentage(share: float, digits: int = 0) -> str:
    """A share of 1 in percent: "20 %"."""
    return f"{100 * share:.{digits}f} %"


def as_typed(value: object) -> str:
    """As a person types it into a config: true, 0.001, [64, 64], {"a": 1}, adam; "" for None."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else str(value)


def plural(count: int, noun: str) -> str:
    """ "1 row", "1,200 rows"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
