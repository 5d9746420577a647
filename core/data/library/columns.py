"""What the columns of a table are: numbers, categories, or of no use; and what each would be as a target."""

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from core.common.errors import DataError
from core.common.text import plural, quoted
from core.data.base import Array, Task
from core.data.library.read_options import ColumnGuess, ColumnKind

if TYPE_CHECKING:
    import pandas as pd

_ID = re.compile(r"(^|[_\W])(id|index|no|nr|key|uuid)$|^column 1$|[a-z]I[dD]$", re.IGNORECASE)
_TARGETS = ("target", "label", "class", "y", "outcome", "survived", "species", "diagnosis", "response", "price")
_FEW = 20  # distinct whole numbers, at most, that are taken for classes
_EXAMPLES = 5


def guess(column: "pd.Series[Any]") -> ColumnGuess:
    """By the values; what looks like an identifier is proposed to be left out."""
    present = column.dropna()
    distinct = int(present.nunique())
    examples = tuple(as_text(present.drop_duplicates().head(_EXAMPLES)))
    kind: ColumnKind = "number" if is_number(column) else "category"
    reason = _useless(column, present, distinct, kind)
    missing = len(column) - len(present)
    return ColumnGuess(
        str(column.name), "ignore" if reason else kind, reason, missing, distinct, _task(present, distinct), examples
    )


def guess_target(columns: tuple[ColumnGuess, ...]) -> str:
    """The column whose name says so, else the last that can be one; "" for none."""
    able = [column for column in columns if column.task]
    named = [column for column in able if column.name.lower() in _TARGETS]
    useful = [column for column in able if column.kind != "ignore"] or able
    return named[0].name if named else useful[-1].name if useful else ""


def is_number(column: "pd.Series[Any]") -> bool:
    import pandas as pd

    return bool(pd.api.types.is_numeric_dtype(column)) and not pd.api.types.is_bool_dtype(column)


def as_text(column: "pd.Series[Any]") -> list[str]:
    """Each value as it would be written, "" where it is missing; whole numbers without a point."""
    import pandas as pd

    if pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all():
        return ["" if pd.isna(value) else str(int(value)) for value in column.tolist()]
    return ["" if pd.isna(value) else str(value).strip() for value in column.tolist()]


def as_numbers(column: "pd.Series[Any]") -> tuple[Array, int]:
    """float32, NaN where missing; and how many were infinite or too large, and are missing now.

    Raises:
        DataError: a value that is no number, with its row.
    """
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = np.flatnonzero(np.isnan(numbers) & column.notna().to_numpy())
    if len(wrong):
        raise DataError(
            f"The column {quoted(column.name)} is to hold numbers; {plural(len(wrong), 'row')} have others, the first "
            f"of them row {wrong[0] + 1:,} with {quoted(column.iloc[wrong[0]])}. Take it as a category, leave it out, "
            "or "
            "correct them."
        )
    with np.errstate(over="ignore"):
        short = numbers.astype(np.float32)
    infinite = np.isinf(short)
    short[infinite] = np.nan
    return short, int(infinite.sum())


def _useless(column: "pd.Series[Any]", present: "pd.Series[Any]", distinct: int, kind: ColumnKind) -> str:
    if not distinct:
        return "It is empty."
    if distinct == 1 and len(present) == len(column):
        return "It has one value only."
    if kind == "category":
        if distinct > len(present) / 2 and distinct > _FEW:
            return "Most of its values occur only once."
        return ""
    whole = bool((present % 1 == 0).all())
    if whole and distinct == len(column) > _FEW and (_ID.search(str(column.name)) or (present.diff()[1:] == 1).all()):
        return "It numbers the rows."
    return ""


def _task(present: "pd.Series[Any]", distinct: int) -> Task | None:
    if distinct < 2:
        return None
    if is_number(present):
        whole = bool((present % 1 == 0).all())
        if distinct > _FEW or not whole:
            return "regression"
    elif distinct > len(present) / 2:
        return None
    return "binary" if distinct == 2 else "multiclass"
