"""Features of rows by their place, whatever arrays hold them; numbers stand before categories."""

from core.data.base import CATEGORIES, NUMBERS, Array, Examples


def column(rows: Examples, feature: int) -> Array:
    """[rows]"""
    name, place = _place(rows, feature)
    array = rows[name] if isinstance(rows, dict) else rows
    return array.reshape(len(array), -1)[:, place]


def with_column(rows: Examples, feature: int, values: "Array | float | str") -> Examples:
    """The rows, of which one feature has other values, or one value."""
    name, place = _place(rows, feature)
    array = rows[name] if isinstance(rows, dict) else rows
    flat = array.reshape(len(array), -1).copy()
    flat[:, place] = values
    changed = flat.reshape(array.shape)
    return {**rows, name: changed} if isinstance(rows, dict) else changed


def _place(rows: Examples, feature: int) -> tuple[str, int]:
    if not isinstance(rows, dict):
        return "", feature
    numbers = rows[NUMBERS].shape[1] if NUMBERS in rows else 0
    return (NUMBERS, feature) if feature < numbers else (CATEGORIES, feature - numbers)
