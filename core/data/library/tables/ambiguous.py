"""Numbers that could mean something else, in words: with the option that says so."""

import re
from typing import TYPE_CHECKING

import numpy as np

from core.common.text import plural, quoted
from core.data.library.tables import missing, numbers
from core.data.library.tables.column_facts import Facts

if TYPE_CHECKING:
    import pyarrow as pa

_FEW = 20  # distinct values, at most, of which letters behind the digits may be kinds: 1B, 2B, 3B
_LETTER = r"^[-+]?\d+[kKMB]$"


def of_numbers(facts: Facts) -> list[str]:
    """What numbers could mean otherwise."""
    reading, name = facts.reading, facts.column.name
    assert reading is not None
    if not reading.all_fit:
        return []
    asked = []
    if reading.style.open:
        place = next((at for at, text in enumerate(facts.rest.texts()) if "," in text or "." in text), 0)
        other = numbers.COMMA if reading.style.decimal == numbers.POINT else numbers.POINT
        asked.append(
            f"{facts.rest.values[place].as_py()} is read as {reading.numbers[place]:.10g}; --decimal "
            f"{quoted(f'{name}={other}')} reads it otherwise."
        )
    as_written = f"--column {quoted(f'{name}=category')} keeps them as they are written."
    if twins := spelled_twice(facts.rest.values):
        asked.append(f"{twins[0]} and {twins[1]} are read as one number; where they are two, {as_written}")
    if shown := _lettered(facts):
        asked.append(f"{shown}; {as_written}")
    return asked + far_off(facts)


def far_off(facts: Facts) -> list[str]:
    """Of numbers that may stand for missing."""
    if facts.reading is None or not facts.reading.all_fit:
        return []
    found = missing.sentinels(facts.reading.numbers, facts.rest.counts())
    texts = [(facts.rest.values[place].as_py(), rows) for place, rows in found]
    return [
        f"{text} in {plural(rows, 'row')} is far from the rest: --missing {quoted(f'{facts.column.name}={text}')} "
        "counts it as missing."
        for text, rows in texts
    ]


def spelled_twice(values: "pa.Array") -> tuple[str, str] | None:
    """3.1 and 3.10, where decimals are not written in one number of digits: versions and sections are two."""
    import pyarrow.compute as pc

    decimals = values.filter(pc.match_substring_regex(values, r"^[-+]?\d+[.,]\d+$"))
    if not pc.any(pc.match_substring_regex(decimals, "0$")).as_py():
        return None
    bare = pc.replace_substring_regex(decimals, "0+$", "").to_pylist()
    first: dict[str, str] = {}
    for text, value in zip(decimals.to_pylist(), bare, strict=True):
        other = first.setdefault(value, text)
        if other != text:
            return (other, text) if len(other) < len(text) else (text, other)
    return None


def _lettered(facts: Facts) -> str:
    """1B, 2B and 3B, which may be kinds as well as billions."""
    reading, texts = facts.reading, facts.rest.texts(_FEW + 1)
    if reading is None or not reading.style.scaled or len(texts) > _FEW:
        return ""
    if not all(re.fullmatch(r"[-+]?\d+[kKMB]?", text) for text in texts):
        return ""
    place = int(np.argmax([bool(re.fullmatch(_LETTER, text)) for text in texts]))
    return f"{texts[place]} is read as {reading.numbers[place]:.0f}"
