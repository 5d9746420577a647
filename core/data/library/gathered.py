"""All files of a table together: their cells in one place, and which part each row is of."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted
from core.data.base import Part
from core.data.library.folders import private_folder, writing
from core.data.library.no_effect import of_files
from core.data.library.part_tables import PartTable
from core.data.library.read_options import Header, Progress, TableOptions, within
from core.data.library.table_files.formats import open_table
from core.data.library.table_files.table_file import TableFile
from core.data.library.table_parts import part_files
from core.data.library.tables.cells import Cells


@dataclass(frozen=True, eq=False)
class Gathered:
    cells: Cells
    rows: dict[Part, int]  # of each part, in this order in the cells
    first: TableFile
    notes: tuple[str, ...]  # what was done with the files, in sentences


@contextmanager
def gathered(
    settings: Settings, path: Path, name: str, options: TableOptions, progress: Progress
) -> Iterator[Gathered]:
    """Every file read once. Raises DataError: what no table can be made of."""
    with part_files(settings, path, name, options.sheet) as (files, notes), private_folder(settings, "cells") as folder:
        tables = opened_together(settings, files, options, progress)
        first = tables[0]
        other = next((table for table in tables if set(table.columns) != set(first.columns)), None)
        if other is not None:
            raise _other_columns(first, other)
        cells = Cells(folder / "cells.arrow", first.columns, dict(first.declared))
        rows: dict[Part, int] = {}
        with writing(name):
            for number, (file, table) in enumerate(zip(files, tables, strict=True)):
                before = cells.rows
                order = [table.columns.index(column) for column in first.columns]
                told = within(progress, number / len(files), (number + 1) / len(files))
                for arrays in table.batches(told):
                    cells.add([arrays[place] for place in order])
                part = file.part or "train"
                rows[part] = rows.get(part, 0) + cells.rows - before
            cells.close()
        if cells.rows > settings.max_examples:
            raise DataError(
                f"{name} holds {cells.rows:,} rows; accepted are {settings.max_examples:,}. Take fewer, or raise "
                "TRAINDECK_MAX_EXAMPLES."
            )
        said = [note for table in tables for note in (*table.notes, *table.found)]
        said += [f"{table.name}: {table.encoding_note}" for table in tables if table.encoding_note]
        if len(rows) > 1:
            said.append(f"Parts as they were given: {', '.join(f'{n:,} rows for {part}' for part, n in rows.items())}.")
        yield Gathered(cells, rows, first, (*notes, *said))


def opened_together(
    settings: Settings, files: Sequence[PartTable], options: TableOptions, progress: Progress
) -> list[TableFile]:
    """The first as it is said, the others as the first. Raises DataError: what cannot be read."""
    unused = of_files(files, options)
    tables: list[TableFile] = []
    for file in files:
        options = replace(options, sheet=file.sheet or options.sheet)
        if tables:
            table = _like(settings, tables[0], file, options, progress)
        else:
            table = open_table(settings, file.path, file.ending, file.name, options, progress)
        tables.append(table)
    tables[0] = replace(tables[0], notes=(*tables[0].notes, *unused))
    return tables


def _like(
    settings: Settings, first: TableFile, file: PartTable, options: TableOptions, progress: Progress
) -> TableFile:
    """Read as the first file, so that none is understood in another way; by its own delimiter where that fails."""
    header: Header = "yes" if first.header else "no"
    options = replace(options, header=header, names=() if first.header else first.columns)
    same = replace(options, delimiter=options.delimiter or first.delimiter)

    def opened(options: TableOptions) -> TableFile:
        return _renamed(first, open_table(settings, file.path, file.ending, file.name, options, progress))

    def fits(table: TableFile) -> bool:
        return set(table.columns) == set(first.columns)

    try:
        table, error = opened(same), None
    except DataError as raised:
        table, error = None, raised
    if table is not None and (fits(table) or same.delimiter == options.delimiter):
        return table
    try:
        own = opened(options)
    except DataError as raised:
        raise error or raised from None
    if fits(own):
        return own
    if table is None:
        raise error or _other_columns(first, own)
    return table


def _renamed(first: TableFile, other: TableFile) -> TableFile:
    """With the names of the first file for columns whose names differ in case, blanks or signs alone."""
    known, mine = (Counter(map(_plain_name, table.columns)) for table in (first, other))
    if set(first.columns) == set(other.columns) or known != mine or max(known.values()) > 1:
        return other
    by_name = {_plain_name(column): column for column in first.columns}
    new = {column: by_name[_plain_name(column)] for column in other.columns}
    told = ", ".join(f"{quoted(old)} as {quoted(name)}" for old, name in new.items() if old != name)
    return replace(
        other,
        columns=tuple(new.values()),
        declared={new[column]: kind for column, kind in other.declared.items()},
        notes=(*other.notes, f"{other.name}: columns are taken by names that are nearly the same: {told}."),
    )


def _plain_name(column: str) -> str:
    return re.sub(r"[\W_]+", "", column).casefold() or column


def _other_columns(first: TableFile, other: TableFile) -> DataError:
    lacking = [column for column in first.columns if column not in other.columns]
    more = [column for column in other.columns if column not in first.columns]
    told = [f"{table.name} has no {plural(len(names), 'column')} {', '.join(names[:5])}" for table, names in
            ((other, lacking), (first, more)) if names]  # fmt: skip
    return DataError(
        f"{first.name} and {other.name} do not have the same columns: {'; '.join(told)}. All parts need all, the "
        "target too; without a test file, a part is held back."
    )
