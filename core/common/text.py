"""Words for messages."""

import difflib
from collections.abc import Iterable


def suggestion(name: str, known: Iterable[str]) -> str:
    """ " (did you mean Dense?)" when a known name is close to what was given, otherwise ""."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return f" (did you mean {by_lower[close[0]]}?)" if close else ""


def plural(count: int, noun: str) -> str:
    """ "1 row", "1,200 rows"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
