"""A row of values that a network is asked about, as numbers and categories like the rows that it learned from."""

import math
import re
import unicodedata
from collections.abc import Mapping

import numpy as np

from core.common.errors import DataError
from core.common.text import quantity, quoted
from core.data.data_info import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Feature
from core.data.examples import row_features
from core.data.library.read_options import MISSING_AMONG_NUMBERS
from core.data.library.tables import numbers as written
from core.data.library.tables.date_parts import date_columns, date_told, with_dates
from core.data.library.tables.missing import stands_for_missing
from core.data.number_scaling import MOST

Values = Mapping[str, float | str | None]  # by feature; None is missing, and so is what is left out

_TRUTH = {**dict.fromkeys(("true", "yes", "1", "t", "y"), "yes"), **dict.fromkeys(("false", "no", "0", "f", "n"), "no")}
_PLAIN = re.compile(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?")
_BEFORE = "$€£¥₹"  # units that stand before a number as well as behind it
_USUAL = {  # by the decimal sign of the column: what can be meant in one way alone, and is read 100 times as fast
    sign: re.compile(rf"[+-]?(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+)(?:{point}[0-9]+)?")
    for sign, point, group in ((written.COMMA, ",", r"\."), (written.POINT, r"\.", ","))
}


def row_input(info: DataInfo, values: Values) -> tuple[Examples, tuple[str, ...]]:
    """A batch of one, and what is to be said of it; a date may be given under the name of its column.

    Raises:
        DataError: not the features or types of the data set.
    """
    fields = row_features(info)
    known = [field.name for field in fields]
    values = with_dates(fields, values)
    strange = [name for name in values if name not in known]
    if strange:
        raise DataError(f"There is no feature {quoted(strange[0])}. The features are {', '.join(known)}.")
    numbers = [number_of(field, values.get(field.name)) for field in fields if field.kind == "number"]
    if info.kind == "rows":
        return _plain(info, fields, numbers), ()
    notes: list[str] = []
    x: dict[str, Array] = {}
    if info.numbers:
        x[NUMBERS] = np.array([numbers], np.float64)  # the network shortens them as it does those of training
    if info.categories:
        row = [_category(field, values.get(field.name), notes) for field in info.categories]
        x[CATEGORIES] = np.array([row], object)
    return x, tuple(notes)


def _plain(info: DataInfo, fields: tuple[Feature, ...], numbers: list[float]) -> Array:
    missing = [field.name for field, value in zip(fields, numbers, strict=True) if math.isnan(value)]
    if missing:
        raise DataError(
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; this data set has no missing "
            "values, and its network cannot do without. Fill in every value."
        )
    return np.array([numbers], np.float64).reshape(1, *info.shape)


def asked_fields(info: DataInfo, known: Values) -> tuple[tuple[Feature, ...], Values]:
    """What is filled in for a row, a date as one field under its column's name; and what is known of it.

    Args:
        known: by feature, as of a test example; nothing where there is none.
    """
    fields = row_features(info)
    given = dict(known)
    of_dates: dict[str, Feature] = {}
    for name, parts in date_columns(fields).items():
        date = date_told(parts, known)
        if date is not None:
            given[name] = date or None
            of_dates |= {part.name: Feature(name, "date", date_order=parts[0].date_order) for part in parts}
    return tuple(dict.fromkeys(of_dates.get(field.name, field) for field in fields)), given


def number_of(field: Feature, value: float | str | None) -> float:
    """As the column's file has it: decimal comma, signs between thousands, %, currency; NaN where it is missing.

    Raises:
        DataError: no number, or one that may be meant in two ways.
    """
    if value is None:
        return math.nan
    if not isinstance(value, str):
        return _plain_number(field, value)
    if is_missing(field, value):
        return math.nan
    text = value.strip()
    if field.decimal != written.COMMA and _PLAIN.fullmatch(text) and abs(float(text)) <= MOST:
        return float(text)  # of one cell alone, 1.234 cannot be told from thousands; programs write it so
    bare = text.removesuffix("%").removesuffix(field.unit).strip()
    bare = bare.removeprefix(field.unit).strip() if field.unit in _BEFORE else bare
    if field.decimal and _USUAL[field.decimal].fullmatch(bare):
        group = "." if field.decimal == written.COMMA else ","
        number = float(bare.replace(group, "").replace(field.decimal, "."))
        if abs(number) <= MOST:
            return number
    try:
        import pyarrow as pa
    except ModuleNotFoundError:  # in an exported folder, which does without
        raise DataError(
            f"{field.name} must be a number, such as 1234.5, or empty where it is missing; received {quoted(value)}. "
            "With pyarrow installed, further ways of writing it are read."
        ) from None

    # A sign that cannot be meant otherwise is understood, too, where the file has the other one.
    for decimal in filter(None, (field.decimal, "auto")):
        found = written.read(pa.array([text]), decimal, unit=field.unit)
        if field.unit and found.style.currency.rstrip("s") not in ("", field.unit.rstrip("s")):
            raise DataError(f"{field.name} is in {field.unit}; received {quoted(value)}.")
        if found.all_fit and not found.style.open and abs(found.numbers[0]) <= MOST:
            return float(found.numbers[0])
    example = "1.234,5 or 1234,5" if field.decimal == written.COMMA else "1,234.5 or 1234.5"
    raise DataError(
        f"{field.name} must be a number, such as {example}, or empty where it is missing; received {quoted(value)}."
    )


def _plain_number(field: Feature, value: float) -> float:
    """Raises DataError: larger than what is accepted, or than any float."""
    try:
        number = float(value)
    except OverflowError:  # of an integer, which JSON may hold of any length
        number = math.inf
    if is_missing(field, number):
        return math.nan
    if abs(number) > MOST:
        raise DataError(f"{field.name} must be a number from {-MOST:g} to {MOST:g}; received one beyond.")
    return number


def is_missing(field: Feature, value: float | str) -> bool:
    """Whether it stands for missing in a column of numbers: empty, a usual word for it, or one that the user said."""
    text = value.strip() if isinstance(value, str) else as_typed(field, value)
    usual = {word.lower() for word in MISSING_AMONG_NUMBERS}
    return not text or text.lower() in usual or stands_for_missing(text, field.missing)


def outside(info: DataInfo, x: Examples, ranges: Mapping[str, tuple[float, float]]) -> tuple[str, ...]:
    """Which numbers of a batch of one lie beyond those that were learned from, in sentences.

    Args:
        ranges: the smallest and the largest of a feature, by its name.
    """
    numbers = x.get(NUMBERS, np.empty(0)) if isinstance(x, dict) else x
    fields = [field for field in row_features(info) if field.kind == "number"]
    return tuple(
        f"{field.name}: {quantity(value)} is outside what was learned: {quantity(low)} to {quantity(high)}."
        for field, value in zip(fields, np.ravel(numbers).tolist(), strict=True)
        for low, high in [ranges.get(field.name, (-math.inf, math.inf))]
        if value < low or value > high
    )


def as_typed(field: Feature, value: float) -> str:
    """A number in the form that `number_of` reads as exactly this one."""
    text = repr(float(value)).removesuffix(".0")
    return text.replace(".", ",") if field.decimal == written.COMMA else text


def _category(field: Feature, value: float | str | None, notes: list[str]) -> str:
    text = "" if value is None else str(value)
    if text in field.categories or not text or stands_for_missing(text, field.missing):
        return text if text in field.categories else ""
    same = [each for each in field.categories if _plainly(each) == _plainly(text)]
    truth = [each for each in field.categories if _TRUTH.get(each.lower()) == _TRUTH.get(text.lower(), "")]
    meant = same or truth if {each.lower() for each in field.categories} <= set(_TRUTH) else same
    if len(meant) == 1:
        notes.append(f"{field.name}: {quoted(text)} is read as {quoted(meant[0])}.")
        return meant[0]
    notes.append(f"{field.name}: {quoted(text)} is not among the categories of the data set; it counts as unknown.")
    return text


def _plainly(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()
