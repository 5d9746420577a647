"""The ways in which dates are written.

Groups: y, m, d, name (of a month), part (half of a year), q (quarter), w (ISO week), H, M, S, half (of a day), zone.
"""

from dataclasses import dataclass
from typing import Literal

Order = Literal["ymd", "dmy", "mdy", "time", "epoch", "season"]
_ZONE = r"(?P<zone>(?:UTC|GMT)?[-+]\d{2}(?::?\d{2})?|Z|[A-Z]{3,4})?(?:\[[\w/+-]+\])?"
_HMS = r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?"
_HALF = r"\s?(?P<half>[AaPp]\.?[Mm]\.?)?"
_CLOCK = r"(?P<H>\d{1,2})(?:[:.](?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,]\d+)?)?)?"  # behind a date 19 or 19.25, too
_UHR = r"\s?(?:Uhr|h|hrs)?"
_TIME = rf"(?:[T ,:]+{_CLOCK}{_HALF}{_UHR}\s?{_ZONE})?"
_CJK_TIME = r"(?P<H>\d{1,2})\s?[时時시点點]\s?(?:(?P<M>\d{1,2})\s?[分분])?\s?(?:(?P<S>\d{1,2})\s?[秒초])?"
_ORDINAL = r"(?:st|nd|rd|th|er|º)?"
_BETWEEN = r"(?:[-/.]|\. )"
_NAME = r"(?P<name>\pL{3,12})\.?"
_DAY_NAME = r"(?:\pL{2,10}\.?,?\s+)?"
_Y, _Y2, _ANY = r"(?P<y>\d{4})", r"(?P<y>\d{2})", r"(?P<y>\d{4}|\d{2})"
_M, _D, _Q, _W = r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})", r"(?P<q>[1-4])", r"(?P<w>\d{1,2})"
_HALF_YEAR = r"(?P<part>[12])"
_QUARTER, _WEEK = r"(?:[Qq]|Quartal)", r"(?:KW|CW|WK|[Ww]|[Ww]eek|[Ww]k)"


@dataclass(frozen=True)
class Layout:
    """How the dates of a column are written."""

    order: Order
    pattern: str
    words: str
    sure: bool = True  # whether no other layout reads the same texts
    days: bool = True  # whether it tells days
    open: bool = False  # whether day, month and year could be meant in another order
    utc: bool = False  # whether several time zones are brought to one
    two_digits: bool = False  # whether years have two digits

    @property
    def told(self) -> str:
        zones = "; several time zones, brought to UTC" if self.utc else ""
        return f"{self.words}{'; years 50 to 99 are of 19..' if self.two_digits else ''}{zones}"

    @property
    def key(self) -> str:
        """By which a date is read as those of the column are."""
        return f"{self.order} UTC" if self.utc else self.order


_YMD, _DMY, _MDY = "year, month, day", "day, month, year", "month, day, year"
_BY_MONTH, _BY_QUARTER, _BY_WEEK = "months", "quarters, by their first month", "weeks, by their Mondays"
_BY_HALF = "half-years, by their first month"
EITHER = (
    Layout("dmy", rf"{_D}{_BETWEEN}{_M}{_BETWEEN}{_ANY}\.?{_TIME}", _DMY, sure=False),
    Layout("mdy", rf"{_M}[-/.]{_D}[-/.]{_ANY}{_TIME}", _MDY, sure=False),
    Layout("ymd", rf"{_Y2}[-/.]{_M}[-/.]{_D}{_TIME}", _YMD, sure=False),
)
LAYOUTS = (
    Layout("ymd", rf"{_Y}{_BETWEEN}{_M}{_BETWEEN}{_D}\.?{_TIME}", _YMD),
    Layout("ymd", rf"{_Y}\s?[年년]\s?{_M}\s?[月월]\s?{_D}\s?[日일]{_TIME}", _YMD),
    Layout("ymd", rf"{_Y}\s?[年년]\s?{_M}\s?[月월]\s?{_D}\s?[日일]\s?{_CJK_TIME}", _YMD),
    Layout("ymd", rf"{_Y}\s?[年년]\s?{_M}\s?[月월]", _BY_MONTH, days=False),
    Layout("ymd", rf"{_Y}(?P<m>\d{{2}})(?P<d>\d{{2}})T(?P<H>\d{{2}}):?(?P<M>\d{{2}}):?(?P<S>\d{{2}})?{_ZONE}", _YMD),
    Layout("ymd", rf"{_Y}[-/ ]{_NAME}[-/ ]{_D}{_TIME}", _YMD),
    Layout(
        "dmy",
        rf"{_DAY_NAME}{_D}\.?{_ORDINAL}[-/ ]*(?:de |of )?{_NAME}(?: de| del)?[-/, ]*{_ANY}(?: ?г\.?)?{_TIME}",
        _DMY,
    ),
    Layout("mdy", rf"{_DAY_NAME}{_NAME}[-/ ]*{_D}{_ORDINAL}[-/, ]+{_Y}{_TIME}", _MDY),
    Layout("mdy", rf"\pL{{2,10}}\.?,? {_NAME} +{_D} {_HMS} {_ZONE} ?{_Y}", _MDY),
    Layout("season", rf"{_Y}[-/–](?P<season>\d{{4}}|\d{{2}})", "years of two halves, by the first", days=False),
    Layout("ymd", rf"{_Y}[-/]{_M}", _BY_MONTH, days=False),
    Layout("dmy", rf"{_M}[-/]{_Y}", _BY_MONTH, days=False),
    Layout("dmy", rf"{_NAME}[-/, ]*{_Y}", _BY_MONTH, days=False),
    Layout("dmy", rf"{_NAME}[-/'’]+{_Y2}", _BY_MONTH, days=False),
    Layout("ymd", rf"{_Y}[-/ ]?{_NAME}", _BY_MONTH, days=False),
    Layout("ymd", rf"{_Y}[-/ ]?M(?P<m>\d{{2}})", _BY_MONTH, days=False),
    Layout("ymd", rf"(?:FY|AY|CY|SY)[-/ ]?{_Y}", "years", days=False),
    Layout("ymd", rf"{_Y}[-/ ]?[HS]{_HALF_YEAR}", _BY_HALF, days=False),
    Layout("dmy", rf"H{_HALF_YEAR}[-/ '’]+{_ANY}", _BY_HALF, days=False),
    Layout("dmy", rf"{_HALF_YEAR}H[-/ '’]*{_ANY}", _BY_HALF, days=False),
    Layout("ymd", rf"{_Y}[-/ ]?{_QUARTER} ?{_Q}", _BY_QUARTER, days=False),
    Layout("dmy", rf"{_QUARTER} ?{_Q}[-/ '’]+{_ANY}", _BY_QUARTER, days=False),
    Layout("dmy", rf"{_QUARTER} ?{_Q}{_Y}", _BY_QUARTER, days=False),
    Layout("dmy", rf"T ?{_Q}[-/ ]*{_Y}", _BY_QUARTER, days=False),
    Layout("dmy", rf"{_Q}\.? ?{_QUARTER}[-/ '’]*{_ANY}", _BY_QUARTER, days=False),
    Layout("ymd", rf"{_Y}[-/ ]?{_WEEK} ?{_W}(?:-?(?P<weekday>[1-7]))?", _BY_WEEK),
    Layout("dmy", rf"{_WEEK}\.? ?{_W}[-/, ]+{_Y}", _BY_WEEK),
    Layout("time", rf"{_HMS}{_HALF}{_UHR}", "times of day"),
    Layout("time", r"(?P<H>\d{1,2})\s?(?P<half>[AaPp]\.?[Mm]\.?)", "times of day"),
    Layout("time", r"(?P<H>\d{1,2})\s?[hH]\s?(?P<M>\d{2})", "times of day"),
    Layout("time", _CJK_TIME, "times of day"),
)
# Digits alone, and what may be a number as well: read in columns that are called date and the like.
COMPACT = (
    Layout("ymd", rf"{_Y}(?P<m>\d{{2}})(?P<d>\d{{2}})", _YMD),
    Layout("ymd", rf"{_Y}(?P<m>\d{{2}})(?P<d>\d{{2}})(?P<H>\d{{2}})(?P<M>\d{{2}})(?P<S>\d{{2}})?", _YMD),
    Layout("ymd", r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})", _BY_MONTH, days=False),
    Layout("ymd", rf"{_Y2}(?P<m>\d{{2}})(?P<d>\d{{2}})", _YMD),
    Layout("dmy", rf"(?P<d>\d{{2}})(?P<m>\d{{2}}){_Y}", _DMY),
    Layout("ymd", rf"{_Y}\.(?P<m>\d{{2}})", _BY_MONTH, days=False),
    Layout("dmy", rf"(?P<m>\d{{2}})\.{_Y}", _BY_MONTH, days=False),
    Layout("dmy", rf"{_NAME} {_Y2}", _BY_MONTH, days=False),
    Layout("epoch", r"(?P<epoch>\d{9,10})(?:\.\d+)?", "seconds since 1970, UTC"),
    Layout("epoch", r"(?P<epoch>\d{9,10})\d{3}", "milliseconds since 1970, UTC"),
    Layout("epoch", r"(?P<epoch>\d{9,10})\d{6}", "microseconds since 1970, UTC"),
    Layout("epoch", r"(?P<epoch>\d{9,10})\d{9}", "nanoseconds since 1970, UTC"),
)
SERIAL = (Layout("epoch", r"(?P<serial>[2-5]\d{4})(?:\.\d+)?", "days as Excel counts them"),)
