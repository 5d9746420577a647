"""Where a part of a file stands that is sent: a Content-Range header, as RFC 9110 has it."""

import re

from core.common.errors import DataError
from core.common.text import quoted
from core.runs.sent_files import Part

_RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")
_EMPTY = re.compile(r"bytes \*/0")


def part_of(content_range: str | None, promised: int | None) -> Part:
    """`promised`: bytes of the body by its header, None where nobody knows. Raises DataError."""
    if content_range is None:
        return Part()
    if _EMPTY.fullmatch(content_range):
        return Part(0, 0)
    found = _RANGE.fullmatch(content_range)
    if found is None or not int(found[1]) <= int(found[2]) < int(found[3]):
        raise DataError(
            f"Content-Range {quoted(content_range)} is none of a part; accepted is bytes FIRST-LAST/TOTAL, from 0."
        )
    size = int(found[2]) - int(found[1]) + 1
    if promised is not None and promised != size:
        raise DataError(f"Content-Range tells of {size:,} bytes, Content-Length of {promised:,}.")
    return Part(int(found[1]), int(found[3]))
