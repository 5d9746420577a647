"""Excel's workbooks, and OpenDocument's: through python-calamine. Cells are taken as what they hold, not as shown."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted, shortened, suggestion
from core.data.library.read_options import Progress, TableOptions
from core.data.library.table_files.merged_cells import filled, unstored_formulas
from core.data.library.table_files.rows import FIRST, batched, check_width, header_of, named, too_many
from core.data.library.table_files.table_file import Batches, TableFile
from core.data.library.tables.header import is_number

_ROWS_PER_TELL = 5000
_TOP = 20  # rows among which the names of columns are looked for


def open_workbook(settings: Settings, path: Path, name: str, options: TableOptions, progress: Progress) -> TableFile:
    from python_calamine import CalamineError, CalamineWorkbook

    progress(0.0, "opening the workbook")
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = tuple(book.sheet_names)
        sheet = _sheet(book, sheets, name, options)
        opened = book.get_sheet_by_name(sheet)
        cells = opened.to_python()
        merged = filled(cells, opened.merged_cell_ranges or (), opened.start or (0, 0))
        lasting = any(isinstance(cell, datetime.timedelta) for row in cells for cell in row)
        rows = _trimmed([[_text(cell) for cell in row] for row in cells], options)
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(
            f"{name} cannot be read as a workbook: {shortened(str(error))}. Check its ending, take off a password, or "
            "save it as CSV."
        ) from error
    one = _one_header(rows, options)
    two, rows = len(rows) > len(one), one
    if not rows:
        raise DataError(f"{name}: the sheet {sheet} holds no rows. Say another sheet: {', '.join(sheets)}.")
    check_width(len(rows[0]), name, settings)
    header, reason = header_of(rows[:FIRST], options)
    columns = named(rows[0], header, len(rows[0]), name, options)
    count = len(rows) - header
    if count < 1:
        raise DataError(f"{name}, sheet {sheet} holds a header, but no rows. Check the file, and get it again.")
    if count > settings.max_examples:
        raise too_many(count, name, settings)

    def batches(told: Progress) -> Batches:
        def each() -> Iterator[Sequence[str]]:
            for number, row in enumerate(rows[int(header) :]):
                if number % _ROWS_PER_TELL == 0:
                    told(number / count, f"{number:,} of {count:,} rows read")
                yield row

        return batched(each(), len(columns))

    others = [each for each in sheets if each != sheet]
    told = f"{', '.join(others[:5])}{', …' if len(others) > 5 else ''} {'is' if len(others) == 1 else 'are'} not"
    notes = [f"{name}: the two rows of names are joined, as {columns[-1]}."] if two else []
    notes += [f"{name}: durations are read in seconds."] if lasting else []
    notes += [f"{name}: {merged}."] if merged else []
    if unstored := unstored_formulas(path, sheet):
        notes.append(
            f"{name} holds formulas whose results the file does not store, in {plural(unstored, 'cell')}: they are "
            "empty here. Open it in Excel or LibreOffice and save it."
        )
    notes += (
        [] if options.sheet or not others else [f"{name}: the sheet {sheet} is read; {told}. --sheet says another."]
    )
    return TableFile(name, columns, batches, header, reason, sheets=sheets, sheet=sheet, notes=tuple(notes))


def sheets_of(path: Path) -> tuple[str, ...]:
    """The names of a workbook's sheets; none where it cannot be read, which is told when it is opened."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return tuple(CalamineWorkbook.from_path(path).sheet_names)
    except (CalamineError, OSError, ValueError):
        return ()


def _sheet(book: Any, sheets: tuple[str, ...], name: str, options: TableOptions) -> str:
    """The sheet that was said, else one with the target among its first rows, else the first of the long ones."""
    said = options.sheet
    if said:
        if said not in sheets:
            raise DataError(
                f"{name} has no sheet {quoted(said)}{suggestion(said, sheets)}. It has {', '.join(sheets)}."
            )
        return said
    heights = {each: sheet.height * (sheet.width > 1) for each in sheets if (sheet := book.get_sheet_by_name(each))}
    if options.target:
        having = [each for each in sheets if any(options.target in map(_text, row) for row in _top(book, each))]
        heights = {each: heights[each] for each in having} or heights
    tallest = max(heights.values())
    return next(each for each, height in heights.items() if height * 2 >= tallest)


def _top(book: Any, sheet: str) -> Sequence[Sequence[object]]:
    rows: Sequence[Sequence[object]] = book.get_sheet_by_name(sheet).to_python(nrows=_TOP)
    return rows


def _trimmed(rows: list[list[str]], options: TableOptions) -> list[list[str]]:
    """Without empty rows and empty columns around the table, and without a title above it."""
    rows = [row for row in rows[options.skip :] if any(row)]
    if not rows:
        return []
    width = len(rows[0])
    filled = [place for place in range(width) if any(row[place] for row in rows)]
    if not options.skip and len(filled) > 1:
        # A title stands alone in its row, above a row that is full.
        while len(rows) > 2 and sum(map(bool, rows[0])) == 1 and sum(map(bool, rows[1])) > 1:
            rows = rows[1:]
        filled = [place for place in range(width) if any(row[place] for row in rows)]
    return [row[filled[0] : filled[-1] + 1] for row in rows]


def _one_header(rows: list[list[str]], options: TableOptions) -> list[list[str]]:
    """With one row of names in place of two: cells that are merged over several columns, and a full row below them."""
    if len(rows) < 3 or options.header == "no":
        return rows
    above, names, row = rows[:3]
    full = all(names) and not any(map(is_number, names))
    if not full or not 1 < sum(map(bool, above)) < len(above) or not any(map(is_number, row)):
        return rows
    over: list[str] = []
    for cell in above:
        over.append(cell or (over[-1] if over else ""))
    return [
        [one if one == other else f"{one} {other}".strip() for one, other in zip(over, names, strict=True)],
        *rows[2:],
    ]


def _text(cell: object) -> str:
    """As it would be written: whole numbers without a point, dates as year-month-day."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, datetime.timedelta):
        return f"{cell.total_seconds():.10g}"
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell).strip()
