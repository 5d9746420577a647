"""CSV, TSV and their like: read by the csv module, so that every row is looked at."""

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, takewhile
from pathlib import Path

from core.common.settings import Settings
from core.common.text import plural, quoted
from core.data.library.decoding import find_encoding
from core.data.library.delimited import Written, numbered, written
from core.data.library.read_options import Progress, TableOptions
from core.data.library.table_files.other_rows import OtherRows
from core.data.library.table_files.rows import FIRST, batched, check_width, header_of, named
from core.data.library.table_files.table_file import Batches, TableFile
from core.data.library.tables.header import is_number

_COMMENT = re.compile(r"\s*(#|%(?!\s*\d)|@|//|\|)")
_PROSE = re.compile(r"[#%@|/]+\s+\S")  # a blank behind the sign, as people write comments
_ATTRIBUTE = re.compile(r"\s*@attribute\s+('[^']*'|\"[^\"]*\"|\S+)\s", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*sep=(.)\s*$", re.IGNORECASE)  # as Excel writes it
_LINES_LOOKED_AT = 1000


def open_delimited(settings: Settings, path: Path, name: str, options: TableOptions, _: Progress) -> TableFile:
    found = find_encoding(path, options.encoding, name)
    encoding = found.name
    skip, delimiter = options.skip, options.delimiter
    commented: tuple[str, ...] = ()
    notes: list[str] = []
    if not skip:
        skip, sign, commented = _before(path, encoding, comments=not options.of_texts)
        delimiter = delimiter or sign
        if skip:
            notes.append(f"{name}: passed over {plural(skip, 'line')} of comments before the table.")
    how = written(path, name, encoding, delimiter, skip)
    rows = _rows_in(commented, how)
    if rows:
        skip = int(bool(sign)) if rows == len(commented) else skip - rows  # blank lines between them
        how, commented, notes = replace(how, skip=skip), (), []
        if how.skip > bool(sign):
            notes.append(f"{name}: passed over {plural(how.skip, 'line')} of comments before the table.")
    how, title = _without_title(how)
    notes += [f"{name}: passed over the line {quoted(title)} before the table."] if title else []
    first = list(islice((row for _, row in numbered(how)), FIRST))
    check_width(max(map(len, first[:2])), name, settings)
    names = _commented_names(commented, how, len(first[0]))
    if names and not options.names and options.header == "auto":
        options = replace(options, names=tuple(names), header="no")
        notes = [f"{name}: the names of the columns are those of the comment before the table."]
    header, reason = header_of(first, options)
    head = _head(first, header)
    columns = named(head, header, len(head), name, options)

    others = OtherRows(name, first[0] if header else (), len(head), options.of_texts)

    def batches(told: Progress) -> Batches:
        return batched(others.rows(islice(numbered(how, told), int(header), None), settings), len(head))

    return TableFile(
        name,
        columns,
        batches,
        header,
        reason,
        encoding,
        how.delimiter,
        notes=tuple(notes),
        encoding_note=found.told,
        found=others.notes,
    )


def _before(path: Path, encoding: str, *, comments: bool) -> tuple[int, str, tuple[str, ...]]:
    """Lines before the table: how many, the delimiter that one of them says, and those that are comments."""
    lines = 0
    sign = ""
    found: list[str] = []
    with path.open(encoding=encoding, newline="") as file:
        for line in islice(file, _LINES_LOOKED_AT):
            said = _SEPARATOR.match(line)
            if said and not lines:
                sign = said[1]
            elif comments and _COMMENT.match(line):
                found.append(line)
            elif line.strip():
                return lines, sign, tuple(found)
            lines += 1
    return 0, "", ()  # all lines look like comments: they are the table


def _rows_in(comments: Sequence[str], how: Written) -> int:
    """How many of the last comments are rows: cut like the others, and no names, unless a column is called #."""
    below = next(numbered(how))[1]
    cut = [next(csv.reader([each.strip()], delimiter=how.delimiter), []) for each in comments]
    like = list(takewhile(lambda row: len(row) == len(below) > 1 and not _PROSE.match(row[0]), reversed(cut)))
    if len(like) != 1 or like[0][0].strip() in ("#", "%"):
        return len(like)
    (row,) = like
    numbers = any(is_number(cell) and is_number(other) for cell, other in zip(row, below, strict=True))
    return int(numbers or not comments[-1].lstrip().startswith(("#", "%", "//")))


def _without_title(how: Written) -> tuple[Written, str]:
    """Without a first line that is one cell over rows of several, all alike; and that cell."""
    rows = list(islice(numbered(how), FIRST))
    widths = {len(row) for _, row in rows[1:]}
    if len(rows) < 3 or len(rows[0][1]) != 1 or len(widths) != 1 or widths == {1} or how.delimiter == " ":
        return how, ""
    line, (title,) = rows[0]
    return replace(how, skip=line), title


def _commented_names(comments: Sequence[str], how: Written, width: int) -> list[str]:
    """Names in the last comment, as numpy.savetxt writes them, or in those of ARFF; as many as columns, or none."""
    if not comments or width < 2:
        return []
    attributes = [found[1].strip("'\"") for found in map(_ATTRIBUTE.match, comments) if found]
    if len(attributes) == width:
        return attributes
    line = _COMMENT.sub("", comments[-1], count=1).strip()
    names = next(csv.reader([line], delimiter=how.delimiter, skipinitialspace=True), [])
    names = [each.strip() for each in names]
    return names if len(names) == width == len(set(names)) and all(names) else []


def _head(first: Sequence[Sequence[str]], header: bool) -> list[str]:
    """The first row, as wide as the others: their first or last column may have no name, or it one column too many."""
    head = list(first[0])
    others = {len(row) for row in first[1:]}
    if not header or len(others) != 1:
        return head
    more = others.pop() - len(head)
    if more == 1 and (len({row[0] for row in first[1:]}) == len(first) - 1 or not any(row[-1] for row in first[1:])):
        return [*head, ""] if not any(row[-1].strip() for row in first[1:]) else ["", *head]
    return head[:-1] if more == -1 and not head[-1].strip() and len(head) > 2 else head
