"""Numbers as people write them: decimal comma or point, signs between thousands, %, currency, negatives in brackets.

A column is written in one way. Which, is told by all of its values together; where they leave it open, by the rest of
the table; and shown, so that it can be overruled.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.data.data_info import Array
from core.data.library.tables import plain_signs
from core.data.library.tables.number_signs import bare_of, matches

if TYPE_CHECKING:
    import pyarrow as pa

POINT, COMMA = ".", ","
_EXPONENT = r"(?:[eE][-+]?\d+)?"
_GROUPS = {POINT: (",", " ", "'"), COMMA: (".", " ", "'")}  # signs between thousands, by the decimal sign
_INDIAN = r"^[-+]?[1-9]\d?(?:,\d{2})*,\d{3}(?:\.\d+)?$"
_SAMPLE = 500  # distinct values; where none of so many is a number, the column is one of words
_HUNDREDS = 100  # as large as a number below the thousands is likely to be
_GROUP_NAMES = {",": "a comma", ".": "a point", " ": "a blank", "'": "an apostrophe"}


@dataclass(frozen=True)
class Style:
    """How the numbers of a column are written."""

    decimal: str = POINT
    group: str = ""  # between thousands
    percent: bool = False
    currency: str = ""  # or unit
    negatives: bool = False  # whether some have brackets around, or a minus behind
    scaled: bool = False  # whether some have K, M or million behind
    open: bool = False  # whether the values could be meant in another way as well

    @property
    def told(self) -> str:
        """In words, "" for plain numbers."""
        parts = [f"{_GROUP_NAMES[self.group]} between thousands"] if self.group else []
        parts += ["a decimal comma"] if self.decimal == COMMA else []
        parts += ["a decimal point"] if self.group and self.decimal == POINT else []
        parts += ["in percent"] if self.percent else []
        parts += [f"{'with' if self.currency == '+' else 'in'} {self.currency}"] if self.currency else []
        parts += ["K, M and their like multiplied out"] if self.scaled else []
        parts += ["with brackets or a minus behind for negative numbers"] if self.negatives else []
        return ", ".join(parts)


PLAIN = Style()


@dataclass(frozen=True, eq=False)
class Reading:
    """What a column is as numbers: the way that fits most of its values."""

    style: Style
    numbers: Array  # float64 [distinct], NaN where a value is none
    fits: Array  # bool [distinct]
    units: tuple[str, str] | None = None  # two values in different units, where they are all that keeps it from numbers

    @property
    def all_fit(self) -> bool:
        return bool(self.fits.all())


def read(values: "pa.Array", decimal: str = "auto", hint: str = "", fallback: str = POINT, unit: str = "") -> Reading:
    """The values by the way of writing that fits most of them.

    Args:
        values: distinct texts.
        decimal: the decimal sign where it was said.
        hint: the decimal sign of other columns, for values that leave it open; plain numbers, too.
        fallback: the decimal sign where nothing else tells it.
        unit: that of the whole column, where these are some of its values.
    """
    plain = matches(values, _pattern(POINT, ""))
    if plain.all() and decimal != COMMA and hint != COMMA and (decimal == POINT or not _in_threes(values, POINT)):
        return Reading(PLAIN, _floats(values, PLAIN), plain)
    if len(values) > 2 * _SAMPLE and not read(values[:_SAMPLE], decimal, hint, fallback, unit).fits.any():
        return Reading(PLAIN, np.full(len(values), np.nan), np.zeros(len(values), bool))
    bare = bare_of(values, unit)
    fitting = {style: _fits(bare.texts, style) for style in _styles(decimal)}
    if decimal != COMMA and _in_threes(bare.texts, COMMA):  # 1,234 beside 1234
        fitting[Style(POINT, COMMA)] = np.ones(len(values), bool)
    most = max(fits.sum() for fits in fitting.values())
    best = [style for style, fits in fitting.items() if fits.sum() == most]
    style = best[0]
    undecided = bool(most) and len({each.decimal for each in best}) > 1 and _separated(bare.texts)
    if undecided:
        wanted = hint or (POINT if plain.all() else fallback)
        style = next((each for each in best if each.decimal == wanted), style)
        for sign in (POINT, COMMA):
            if not (sign == hint == COMMA) and _thousands_likely(bare.texts, sign):
                style = next((each for each in best if each.group == sign), style)
    fits = fitting[style]
    percent = bool(fits.any() and bare.percent[fits].sum() * 2 > fits.sum())
    signs = Counter(bare.currencies[bare.currencies != ""].tolist())
    common = signs.most_common(1)[0][0] if signs else ""
    unlike = (bare.currencies != "") & (bare.currencies != common)
    units = _unlike(values, unlike, bare.currencies == common) if fits.all() and unlike.any() else None
    fits = fits & (bare.percent == percent) & ~unlike
    style = replace(
        style,
        percent=percent,
        currency=common if (bare.currencies[fits] != "").any() else "",
        open=undecided,
        negatives=bool(bare.negatives[fits].any()),
        scaled=bool(bare.powers[fits].any()),
    )
    numbers = np.full(len(values), np.nan)
    if fits.any():
        import pyarrow as pa

        numbers[fits] = _floats(bare.texts.filter(pa.array(fits)), style, bare.powers[fits])
    return Reading(style, numbers, fits, units)


def _unlike(values: "pa.Array", unlike: Array, common: Array) -> tuple[str, str]:
    return values[int(np.argmax(common))].as_py(), values[int(np.argmax(unlike))].as_py()


def is_code(values: "pa.Array") -> str:
    """Why number-like texts are codes, such as zip codes, and are kept as written; "" where they are numbers."""
    import pyarrow.compute as pc

    values = plain_signs.plain(values)
    zeros = pc.match_substring_regex(values, r"^[-+]?0\d[\d.,]*$")
    if pc.any(zeros).as_py():
        return f"Codes: {values.filter(zeros)[0].as_py()} begins with a zero."
    plus = pc.match_substring_regex(values, r"^\+\d")
    if pc.any(plus).as_py():
        bare = pc.replace_substring_regex(values, r"^\+", "")
        phones = pc.match_substring_regex(values, r"^\+\d[\d '()-]{7,}$")
        if len(bare.unique()) < len(values) or pc.all(phones).as_py():
            return f"Codes: {values.filter(plus)[0].as_py()} begins with a plus."
    powers = pc.match_substring_regex(values, r"^\d+[eE]\d+$")
    real = pc.match_substring_regex(values, r"[.,]\d|[eE][-+]")
    if pc.any(powers).as_py() and not pc.any(real).as_py():
        return f"Codes: {values.filter(powers)[0].as_py()} has digits around an E, and no cell has decimals."
    long = pc.match_substring_regex(values, r"^[-+]?\d{16,}$")
    inexact = next((text for text in values.filter(long).to_pylist() if f"{float(text):.0f}" != text.lstrip("+")), "")
    if inexact and not pc.any(real).as_py():  # beside decimals it is a measurement
        return f"Codes: {inexact} has more digits than a number can hold."
    return ""


def _styles(decimal: str) -> list[Style]:
    """Those that are possible, the plainest first."""
    signs = [decimal] if decimal in (POINT, COMMA) else [POINT, COMMA]
    return [Style(sign, group) for group_place in range(-1, 3) for sign in signs
            for group in (("",) if group_place < 0 else (_GROUPS[sign][group_place],))]  # fmt: skip


def _separated(texts: "pa.Array") -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(texts, "[.,]")).as_py())


def _in_threes(texts: "pa.Array", sign: str) -> bool:
    """Whether each sign, in some cells, has three digits behind it, and the others are whole: 1.200, 950."""
    import pyarrow.compute as pc

    between = re.escape(sign)
    whole = matches(texts, rf"^[-+]?(?:\d+|[1-9]\d{{0,2}}(?:{between}\d{{3}})+)$")
    return bool(len(texts)) and bool(whole.all()) and bool(pc.any(pc.match_substring(texts, sign)).as_py())


def _thousands_likely(texts: "pa.Array", sign: str) -> bool:
    """Whether cells without the sign tell that it parts thousands: beside 1.200, as a decimal, stands no 950."""
    import pyarrow.compute as pc

    if not _in_threes(texts, sign):
        return False
    parted = pc.match_substring(texts, sign)
    others = texts.filter(pc.invert(parted))
    if not len(others):
        return False
    parted = texts.filter(parted)
    zeros = pc.any(pc.match_substring_regex(parted, "0$")).as_py()
    small = np.abs(pc.cast(pc.replace_substring(_unsigned(parted), sign, ""), "float64").to_numpy()) / 1000
    large = np.abs(pc.cast(_unsigned(others), "float64").to_numpy()).max()
    return bool(large and zeros) or bool(large >= _HUNDREDS and large > np.median(small))


def _unsigned(texts: "pa.Array") -> "pa.Array":
    import pyarrow.compute as pc

    return pc.replace_substring_regex(texts, r"^[-+]", "")


def _pattern(decimal: str, group: str) -> str:
    sign = r"\." if decimal == POINT else ","
    plain = rf"(?:\d+(?:{sign}\d*)?|{sign}\d+){_EXPONENT}"
    if not group:
        return rf"^[-+]?(?:{plain}|(?i:inf|infinity))$"
    between = {".": r"\.", ",": ",", " ": " ", "'": "'"}[group]
    # Beside grouped numbers, those of four digits and more are grouped, too; smaller ones need not be.
    small = rf"(?:\d{{1,3}}(?:{sign}\d*)?|{sign}\d+)"
    grouped = rf"[1-9]\d{{0,2}}(?:{between}\d{{3}})+(?:{sign}\d*)?"
    return rf"^[-+]?(?:{grouped}|{small})$"


def _fits(texts: "pa.Array", style: Style) -> Array:
    fits = matches(texts, _pattern(style.decimal, style.group))
    if style.decimal == POINT and style.group == ",":
        fits = fits | matches(texts, _INDIAN)
    return fits


def _floats(texts: "pa.Array", style: Style, powers: Array | None = None) -> Array:
    """Texts that fit the style, as float64: each the nearest to what is written. Args: powers: of ten, of each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if style.group:
        texts = pc.replace_substring(texts, style.group, "")
    if style.decimal == COMMA:
        texts = pc.replace_substring(texts, COMMA, POINT)
    texts = pc.replace_substring_regex(texts, r"^\+", "")
    texts = pc.replace_substring_regex(texts, r"^(-?)\.", r"\10.")
    texts = pc.replace_substring_regex(texts, r"\.($|[eE])", r"\1")
    if powers is not None and powers.any():
        scaled = pc.binary_join_element_wise(texts, pa.array([str(each) for each in powers.tolist()]), "e")
        texts = pc.if_else(pa.array(powers > 0), scaled, texts)
    found: Array = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return found.astype(np.float64)
