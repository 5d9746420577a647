"""A row of values that a network is asked about, as numbers and categories like the rows that it learned from."""

import math
from collections.abc import Mapping

import numpy as np

from core.common.errors import DataError
from core.common.text import quoted
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Feature
from core.data.examples import row_features
from core.data.library.tables.date_parts import with_dates

Values = Mapping[str, float | str | None]  # by feature; None is missing, and so is what is left out


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
    numbers = [_number(field, values.get(field.name)) for field in fields if field.kind == "number"]
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


def _number(field: Feature, value: float | str | None) -> float:
    if value is None or (isinstance(value, str) and not value.strip()):
        return math.nan
    try:
        return float(value)
    except ValueError as error:
        raise DataError(
            f"{field.name} must be a number, or empty where it is missing; received {quoted(value)}."
        ) from error


def _category(field: Feature, value: float | str | None, notes: list[str]) -> str:
    text = "" if value is None else str(value)
    if text and text not in field.categories:
        notes.append(f"{field.name}: {quoted(text)} is not among the categories of the data set; it counts as unknown.")
    return text
