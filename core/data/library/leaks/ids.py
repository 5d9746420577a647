"""Columns that only number the rows: ids, whole ones or those of a sample."""

import re
from collections.abc import Sequence

import numpy as np

from core.data.base import Array

_IDS = re.compile(r"(^|[_\W])(id|index|no|nr|key|uuid)$|[a-z]I[dD]$", re.IGNORECASE)
_TIMES = re.compile(r"date|time|year|month|day|stamp|jahr|datum|zeit", re.IGNORECASE)
_FEWEST = 21  # rows from which on ids are told
_RISING = 40  # rows from which on whole numbers that rise from row to row are no measurement, whatever their name
_CONSECUTIVE = 200  # rows from which on consecutive ones in any order are none
_UNEVEN = 1.6  # over the root of their count, by which numbers drawn from a range miss their rank in 1 % of cases


def numbers_rows(name: str, parts: Sequence[Array], rises: bool) -> bool:
    """Whether each row of a part has a value of its own that only says which row it is.

    Args:
        rises: whether to look for numbers that rise from row to row: not where rows or values are in order of time.
    """
    values = np.concatenate(parts)
    if len(values) < _FEWEST:
        return False
    if values.dtype.kind in "OU":
        return "" not in values and len(set(values.tolist())) == len(values)
    if np.isnan(values).any() or any(len(np.unique(part)) < len(part) for part in parts):
        return False
    if not (values == np.floor(values)).all():
        return False
    consecutive = len(values) > _CONSECUTIVE and values.max() - values.min() < 1.05 * len(values)
    rising = rises and len(values) > _RISING and all((np.diff(part) > 0).all() for part in parts)
    return bool(_IDS.search(name) or consecutive or (rising and not _TIMES.search(name) and _sampled(np.sort(values))))


def _sampled(numbers: Array) -> bool:
    """Whether whole numbers in order are some of a range: spread over it evenly, but not step by step."""
    uneven = np.abs((numbers - numbers[0]) / (numbers[-1] - numbers[0]) - np.linspace(0, 1, len(numbers))).max()
    return bool(len(np.unique(np.diff(numbers))) > 1 and uneven < _UNEVEN / len(numbers) ** 0.5)
