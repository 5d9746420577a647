"""The decimal sign of a file of inputs, told by all values of a column together: 1,076 alone may be a thousand."""

from collections.abc import Sequence
from dataclasses import replace

from core.data.base import DataInfo
from core.data.examples import row_features
from core.data.library.gathered import Gathered
from core.data.library.tables import numbers


def as_in_file(table: Gathered, info: DataInfo, used: Sequence[str]) -> tuple[DataInfo, tuple[str, ...]]:
    """The data set as if its numbers were written as in this file, and a note where training had another sign.

    Args:
        used: columns of the file that are features.
    """
    fields = row_features(info)
    found = {field.name: _read(table, field.name) for field in fields if field.kind == "number" and field.name in used}
    sure = {name: style.decimal for name, style in found.items() if style is not None and not style.open}
    every = set(sure.values())
    for name, style in found.items():
        if style is not None and style.open and len(every) == 1:
            sure[name] = next(iter(every))
    other = {
        field.name for field in fields if field.name in sure and sure[field.name] != (field.decimal or numbers.POINT)
    }
    if not other:
        return info, ()
    changed = [replace(field, decimal=sure[field.name]) if field.name in other else field for field in fields]
    written = [name for name in found if name in other and table.cells.column(name).declared != "number"]
    signs = " and ".join(sorted({_TOLD[sure[name]] for name in written}))
    note = f"Numbers are read with {signs}, unlike in training: {', '.join(written)}."
    return replace(info, features=tuple(changed)), (note,) if written else ()


_TOLD = {numbers.COMMA: "a decimal comma", numbers.POINT: "a decimal point"}


def _read(table: Gathered, name: str) -> numbers.Style | None:
    """How the numbers with a sign in them are written; None where there are none, or in several ways."""
    import pyarrow.compute as pc

    column = table.cells.column(name)
    if column.declared == "number":
        return numbers.PLAIN
    values = column.values
    parted = values.filter(pc.match_substring_regex(values, r"\d[.,]|[.,]\d"))
    reading = numbers.read(parted) if len(parted) else None
    return reading.style if reading is not None and reading.all_fit else None
