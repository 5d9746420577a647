"""Signs of other scripts that mean what ASCII ones do: digits, points, minus; as numbers and dates are read by."""

import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_FULL_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
_SAME = {"٫": ".", "٬": "'", "٪": "%", "−": "-", "﹣": "-", "’": "'", "\u3000": " "}
_SPACES = "\u00a0\u202f\u2009\u2007"


@cache
def _table() -> dict[int, str]:
    digits = {
        code: str(unicodedata.decimal(chr(code)))
        for code in range(0x80, sys.maxunicode)
        if unicodedata.category(chr(code)) == "Nd"
    }
    others = {ord(sign): plain for sign, plain in _SAME.items()} | dict.fromkeys(map(ord, _SPACES), " ")
    return {code: chr(plain) for code, plain in _FULL_WIDTH.items()} | others | digits


def plain(values: "pa.Array") -> "pa.Array":
    """Texts with ASCII digits and signs in place of those of other scripts; a raised 2, as of m², is no digit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring_regex(values, r"[^\x00-\x7f]")).as_py():
        return values
    table = _table()
    return pa.array([text.translate(table) for text in values.to_pylist()], pa.string())
