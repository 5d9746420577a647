"""Dates and times as people write them, and the features that they give.

A column is written in one order of day, month and year; which, is told by all of its values together.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.data.base import Array

if TYPE_CHECKING:
    import pyarrow as pa

Order = Literal["ymd", "dmy", "mdy", "time"]
_TIME = (
    r"(?:[T ,]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?\s?(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s?(?P<zone>Z|UTC|GMT|[-+]\d{2}:?\d{2})?)?$"
)
_MONTHS = (
    ("jan", "januar", "january", "janv", "janvier", "ene", "enero", "gennaio", "gen", "jänner"),
    ("feb", "februar", "february", "févr", "février", "febrero", "febbraio"),
    ("mar", "march", "mär", "märz", "mrz", "mars", "marzo"),
    ("apr", "april", "avr", "avril", "abr", "abril", "aprile"),
    ("may", "mai", "mayo", "maggio", "mag"),
    ("jun", "june", "juni", "juin", "junio", "giugno", "giu"),
    ("jul", "july", "juli", "juil", "juillet", "julio", "luglio", "lug"),
    ("aug", "august", "août", "ago", "agosto"),
    ("sep", "sept", "september", "septembre", "septiembre", "settembre", "set"),
    ("oct", "october", "okt", "oktober", "octobre", "octubre", "ottobre", "ott"),
    ("nov", "november", "novembre", "noviembre"),
    ("dec", "december", "dez", "dezember", "déc", "décembre", "dic", "diciembre", "dicembre"),
)
_NUMBER_OF_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_NAME = r"(?P<name>\pL{3,10})\.?"
_DAY_NAME = r"(?:\pL{2,10}\.?,\s*)?"
_BOTH = r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})"
_LAYOUTS: tuple[tuple[Order, str], ...] = (
    ("ymd", r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    ("dmy", _BOTH.replace("<a>", "<d>").replace("<b>", "<m>")),
    ("mdy", _BOTH.replace("<a>", "<m>").replace("<b>", "<d>")),
    ("dmy", rf"{_DAY_NAME}(?P<d>\d{{1,2}})\.?(?:st|nd|rd|th)?[-/ ]*{_NAME}[-/, ]*(?P<y>\d{{4}}|\d{{2}})"),
    ("mdy", rf"{_DAY_NAME}{_NAME}[-/ ]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/, ]+(?P<y>\d{{4}})"),
    ("ymd", r"(?P<y>\d{4})[-/](?P<m>\d{1,2})"),
    ("ymd", r"(?P<y>\d{4})-?Q(?P<q>[1-4])"),
    ("dmy", rf"{_NAME}[-/, ]+(?P<y>\d{{4}})"),
    ("time", ""),
)
_CLOCK = r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?\s?(?P<half>[AaPp]\.?[Mm]\.?)?$"
_COMPACT = r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"
WORDS: dict[str, str] = {
    "ymd": "year, month, day",
    "dmy": "day, month, year",
    "mdy": "month, day, year",
    "time": "times of day",
}


@dataclass(frozen=True)
class Layout:
    """How the dates of a column are written."""

    order: Order
    pattern: str
    open: bool = False  # whether day and month could be meant the other way round

    @property
    def told(self) -> str:
        return WORDS[self.order]


@dataclass(frozen=True, eq=False)
class Moments:
    """What a column is as dates: the layout that fits most of its values."""

    layout: Layout
    seconds: Array  # datetime64[s] [distinct], NaT where a value is none
    fits: Array  # bool [distinct]


def read(values: "pa.Array", order: str = "auto", compact: bool = False) -> Moments:
    """The values by the layout that fits most of them; that of day and month both ways round is the more regular one.

    Args:
        values: distinct texts.
        order: "ymd", "dmy" or "mdy" where it was said.
        compact: whether 20210131 is a date.
    """
    layouts = list(_LAYOUTS) + ([("ymd", _COMPACT)] if compact else [])
    other = {"dmy": "mdy", "mdy": "dmy"}.get(order)
    layouts = [each for each in layouts if each[0] != other or "<name>" in each[1]]
    found: list[Moments] = []
    for each, pattern in layouts:
        layout = Layout(each, pattern)
        seconds = parse(values, layout)
        found.append(Moments(layout, seconds, ~np.isnat(seconds)))
        if found[-1].fits.all() and "<b>" not in pattern and each == "ymd":
            return found[-1]
    best = max(found, key=lambda each: int(each.fits.sum()))
    same = [each for each in found if each.fits.sum() == best.fits.sum()]
    if len(same) > 1 and order == "auto" and {each.layout.order for each in same} == {"dmy", "mdy"}:
        best = min(same, key=lambda each: _irregular(each.seconds))
        return replace(best, layout=replace(best.layout, open=True))
    return best


def parse(values: "pa.Array", layout: Layout) -> Array:
    """datetime64[s] [values], local time as written; NaT for what is no date of this layout."""
    import pyarrow.compute as pc

    pattern = rf"^{_CLOCK}" if layout.order == "time" else rf"^{layout.pattern}{_TIME}"
    parts = pc.extract_regex(values, pattern)
    names = [field.name for field in parts.type]

    def number(name: str, default: int) -> Array:
        import pyarrow as pa

        if name not in names:
            return np.full(len(values), default)
        texts = pc.struct_field(parts, name)
        known = pc.if_else(pc.equal(texts, ""), None, texts)
        found: Array = pc.fill_null(pc.cast(known, pa.int64()), default).to_numpy(zero_copy_only=False)
        return found

    matched = parts.is_valid().to_numpy(zero_copy_only=False)
    year, month, day = number("y", 1970), number("m", 1), number("d", 1)
    if "q" in names:
        month = number("q", 1) * 3 - 2
    if "name" in names:
        words = pc.fill_null(pc.struct_field(parts, "name"), "").to_pylist()
        month = np.array([_NUMBER_OF_MONTH.get(word.lower(), 0) for word in words], np.int64)
    year = np.where(year < 69, year + 2000, np.where(year < 100, year + 1900, year))
    hour, minute, second = number("H", 0), number("M", 0), number("S", 0)
    if "half" in names:
        half = np.array([word[:1].lower() for word in pc.fill_null(pc.struct_field(parts, "half"), "").to_pylist()])
        hour = np.where(half == "", hour, hour % 12 + 12 * (half == "p"))
    right = matched & (month >= 1) & (month <= 12) & (day >= 1) & (hour <= 24) & (minute < 60) & (second < 61)
    right &= (year >= 1000) & (year < 3000)
    months = ((np.where(right, year, 1970) - 1970) * 12 + np.where(right, month, 1) - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(right, day, 1) - 1
    right &= days.astype("datetime64[M]") == months
    seconds: Array = days.astype("datetime64[s]") + (hour * 3600 + minute * 60 + second)
    seconds[~right] = np.datetime64("NaT")
    return seconds


def _irregular(seconds: Array) -> float:
    """How much the steps between dates, in the order in which they were met, differ."""
    steps = np.diff(seconds.astype(np.int64))
    if not len(steps):
        return 0.0
    back = float((steps < 0).mean())
    return back + len(np.unique(steps)) / (len(steps) + 1)
