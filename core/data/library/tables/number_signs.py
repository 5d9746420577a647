"""What stands around the digits of numbers: %, currencies, units, K and M, and what makes them negative."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.data.data_info import Array
from core.data.library.tables.plain_signs import plain

if TYPE_CHECKING:
    import pyarrow as pa

_CURRENCY = (
    r"US\$|R\$|A\$|C\$|NZ\$|HK\$|[$€£¥₹₽₩₺₪฿]|CHF|EUR|USD|GBP|INR|JPY|CNY|RMB|SEK|NOK|DKK|PLN|"
    r"Rs\.?|Fr\.|kr\.?|zł|Kč|元|円"
)
_UNITS = (
    r"kg|mg|µg|km|cm|mm|ml|cl|lbs?|oz|ft|yd|mi|mph|km/h|°C|°F|°|MB|GB|TB|kB|KB|kWh|kW|MW|Hz|kHz|MHz|GHz|px|pt|bpm|mmHg|"
    r"‰|m²|m2|m³|km²|ha|min|sec|ms|hrs?|days?|years?|yrs?|Std\.?|Jahre"
)
_LETTERS = r"[mghlsAWVKJt]"  # units of one letter, after a blank: 12A is a seat
_ACCOUNTED = r"^\([^()]*\d[^()]*\)$|^[^-]*\d\s?-$"  # negative in a ledger
_SAME = {"EUR": "€", "USD": "$", "US$": "$", "GBP": "£", "INR": "₹", "Rs": "₹"}
_SAME |= {"day": "days", "year": "years", "yr": "yrs", "hr": "hrs", "lb": "lbs"}
_SAME |= {"JPY": "¥", "元": "¥", "円": "¥", "Fr": "CHF"}
_SCALE_LETTERS = "[kKMB]"  # without a blank: 293 K is a temperature
_SCALE_WORDS = (
    r"(?i:thousand|tsd\.?|mio\.?|mill\.?|millions?|mln\.?|billions?|bn|mrd\.?|trillions?|lakhs?|lacs?|crores?|cr\.?)|"
    "[千万萬만亿億억]"
)
_POWERS = {
    word: power
    for power, words in (
        (3, "k thousand tsd 千"),
        (4, "万 萬 만"),
        (5, "lakh lac"),
        (6, "m mio mill million mln"),
        (7, "crore cr"),
        (8, "亿 億 억"),
        (9, "b bn billion mrd"),
        (12, "trillion"),
    )
    for word in words.split()
}
_WITH_UNIT = r"^[-+]?(?:0|[1-9][\d.,' ]*|0?[.,]\d+)(?P<unit>\s?[^\d\s.,'()%/:+*-]\D{0,19}|\+)$"
_FEW = 5  # distinct values; of more, a unit of any name that all have is one: 2WD and 4WD are words


@dataclass(frozen=True, eq=False)
class Bare:
    """Values without what stands around the digits."""

    texts: "pa.Array"
    percent: Array  # bool, of each value
    currencies: Array  # object, or units; "" for none
    negatives: Array  # bool: written with brackets around, or with a minus behind
    powers: Array  # int, of ten: 3 for K


def bare_of(values: "pa.Array", unit: str = "") -> Bare:
    """Args: unit: that of the whole column, where these are some of its values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.replace_substring_regex(plain(values), r"^([-+])\s+([\d.,])", r"\1\2")
    texts = pc.replace_substring_regex(texts, r"^[–—]\s?([\d.,])", r"-\1")
    texts = pc.replace_substring_regex(texts, rf"(\d)([.,])(?:--?|–|—)(\s?(?:{_CURRENCY}))?$", r"\1\200\3")  # 12.-
    negatives = matches(texts, _ACCOUNTED)
    if not _accounting(texts.filter(pa.array(negatives))):
        negatives[:] = False
    else:
        texts = pc.replace_substring_regex(texts, r"^\((.+)\)$", r"-\1")
        texts = pc.replace_substring_regex(texts, r"^([^-]*\d)\s?-$", r"-\1")
    percent = matches(texts, r"\d\s?%$")
    texts = pc.replace_substring_regex(texts, r"\s?%$", "")
    texts, powers = _scaled(texts)
    before = pc.extract_regex(texts, rf"^[-+]?\s?(?P<sign>{_CURRENCY})\s?[-+]?[\d.,]")
    after = pc.extract_regex(texts, rf"\d(?:\s?(?P<sign>{_CURRENCY}|{_UNITS})|\s(?P<letter>{_LETTERS}))$")
    behind = pc.binary_join_element_wise(pc.struct_field(after, "sign"), pc.struct_field(after, "letter"), "")
    found = pc.coalesce(pc.struct_field(before, "sign"), behind)
    signs = pc.fill_null(found, "").to_pylist()
    currencies = np.array([_SAME.get(sign.rstrip("."), sign) for sign in signs], object)
    texts = pc.replace_substring_regex(texts, rf"^([-+]?)\s?(?:{_CURRENCY})\s?([-+]?[\d.,])", r"\1\2")
    texts = pc.replace_substring_regex(texts, rf"(\d)(?:\s?(?:{_CURRENCY}|{_UNITS})|\s{_LETTERS})$", r"\1")
    return _without_unit(Bare(texts, percent, currencies, negatives, powers), unit)


def _scaled(texts: "pa.Array") -> "tuple[pa.Array, Array]":
    """Without K, million and their like, and the power of ten of each."""
    import pyarrow.compute as pc

    ends = rf"(?:\s?(?:{_CURRENCY}))?$"
    found = pc.extract_regex(
        texts, rf"^(?:\D|\d+[^eE\d])*\d+(?:(?P<letter>{_SCALE_LETTERS})|\s?(?P<word>{_SCALE_WORDS})){ends}"
    )
    if not pc.any(found.is_valid()).as_py():
        return texts, np.zeros(len(texts), np.int64)
    joined = pc.binary_join_element_wise(pc.struct_field(found, "letter"), pc.struct_field(found, "word"), "")
    words = (word.lower().rstrip(".") for word in pc.fill_null(joined, "").to_pylist())
    powers = np.array([_POWERS.get(word, _POWERS.get(word.rstrip("s"), 0)) for word in words], np.int64)
    bare = pc.replace_substring_regex(texts, rf"(\d)(?:{_SCALE_LETTERS}|\s?(?:{_SCALE_WORDS}))({ends})", r"\1\2")
    return pc.if_else(found.is_valid(), bare, texts), powers


def _without_unit(bare: Bare, known: str) -> Bare:
    """Without the unit, of any name, that all values have."""
    import pyarrow.compute as pc

    if (
        (len(bare.texts) <= _FEW and not known)
        or bare.percent.any()
        or (bare.currencies != "").any()
        or bare.powers.any()
    ):
        return bare
    if not pc.all(pc.match_substring_regex(bare.texts[:_FEW], _WITH_UNIT)).as_py():
        return bare
    found = pc.struct_field(pc.extract_regex(bare.texts, _WITH_UNIT), "unit")
    units = pc.unique(pc.replace_substring_regex(pc.utf8_trim_whitespace(found), r"(\pL{3})s$", r"\1"))
    if len(units) != 1 or not units[0].is_valid:
        return bare
    texts = pc.replace_substring_regex(bare.texts, r"(?:\s?[^\d\s.,'()%/:+*-]\D{0,19}|\+)$", "")
    unit = str(found[-1].as_py()).strip()
    return Bare(texts, bare.percent, np.full(len(texts), unit, object), bare.negatives, bare.powers)


def maybe_negative(values: "pa.Array") -> str:
    """The first value that would be negative as accountants write it, but for all of them together; "" for none."""
    import pyarrow as pa

    found = values.filter(pa.array(matches(values, r"^\([\d.,]*\d[\d.,]*\)$|^[\d.,]*\d\s?-$")))
    return str(found[0].as_py()) if len(found) and not _accounting(found) else ""


def _accounting(texts: "pa.Array") -> bool:
    """Whether brackets and a minus behind are those of amounts: (1) may be a footnote, and 1- a grade."""
    return bool(matches(texts, rf"\d[.,'\s]\d|{_CURRENCY}").all())


def matches(texts: "pa.Array", pattern: str) -> Array:
    """Which texts do, bool [texts]."""
    import pyarrow.compute as pc

    found: Array = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return found.astype(bool)
