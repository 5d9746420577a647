"""Rows of text as a table: which of them holds the names, and what the columns are called."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural
from core.data.library.delimited import check_distinct, names_of
from core.data.library.read_options import TableOptions
from core.data.library.table_files.table_file import Batches
from core.data.library.tables.cells import rows_per_batch
from core.data.library.tables.header import DOUBT, Rows, has_header
from core.data.library.text_header import has_names

if TYPE_CHECKING:
    import pyarrow as pa

FIRST = 200  # rows by which a header is told


def header_of(rows: Rows, options: TableOptions) -> tuple[bool, str]:
    """Raises DataError: names were given for a table to add, and its first row may be names or data."""
    if options.header != "auto":
        return options.header == "yes", "As you say."
    if options.of_texts:
        return has_names(rows)
    header, reason = has_header(rows, options.target)
    if header and DOUBT in reason and options.names and options.target:
        raise DataError(
            f"The first row, {', '.join(rows[0][:5])}, may hold names or data; it would be lost. Say which: --header "
            "yes for names, --header no for data."
        )
    return header, reason


def named(first: Sequence[str], header: bool, width: int, name: str, options: TableOptions) -> tuple[str, ...]:
    """The names of the columns: as given, of the first row, or numbers. Raises DataError."""
    if options.names:
        columns = tuple(each.strip() for each in options.names)
        if len(columns) != width or not all(columns):
            raise DataError(
                f"{name} has {plural(width, 'column')}; received {plural(len(columns), 'name')}: "
                f"{', '.join(columns[:10])}. Give each column one, in order."
            )
    elif not header:
        return tuple(f"column {number}" for number in range(1, width + 1))
    else:
        return names_of(first, name)
    check_distinct(columns, name)
    return columns


def check_width(width: int, name: str, settings: Settings) -> None:
    if width > settings.max_columns:
        raise DataError(
            f"{name} has {width:,} columns; accepted are {settings.max_columns:,}. Leave columns out, or raise "
            "TRAINDECK_MAX_COLUMNS."
        )


def too_many(rows: int, name: str, settings: Settings) -> DataError:
    return DataError(
        f"{name} holds {rows:,} rows; accepted are {settings.max_examples:,}. Take fewer, or raise "
        "TRAINDECK_MAX_EXAMPLES."
    )


def batched(rows: Iterable[Sequence[str]], width: int) -> Batches:
    """Rows as arrays, a column each."""
    held: list[Sequence[str]] = []
    most = rows_per_batch(width)
    for row in rows:
        held.append(row)
        if len(held) == most:
            yield _arrays(held)
            held = []
    if held:
        yield _arrays(held)


def _arrays(rows: Sequence[Sequence[str]]) -> "list[pa.Array]":
    import pyarrow as pa

    return [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
