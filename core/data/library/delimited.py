"""CSV and TSV files: how they are written is found out, and every row is looked at before any is used."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal, TextIO

from core.common.errors import DataError
from core.common.text import plural, quoted
from core.data.library.read_options import Progress, silent

Rows = Sequence[Sequence[str]]
_DELIMITERS = (",", "|", ";", "\t")  # of two that cut all lines alike, the later one: decimals have commas
_SAMPLE = 200  # lines
_LINES_PER_TELL = 10_000
_LONGEST_FIELD = 64 * 1024**2
_NUMBERS = re.compile(r"\s*(-?[\d.]+|\?)(\s+(-?[\d.]+|\?))+\s*$")
_FASTTEXT = re.compile(r"__label__[^\s,;|]+ ")
Quoting = Literal[0, 3]


@dataclass(frozen=True)
class Written:
    """How a file of rows is written."""

    path: Path
    name: str  # for messages
    encoding: str
    delimiter: str
    quoting: Quoting  # csv.QUOTE_MINIMAL or csv.QUOTE_NONE
    skip: int = 0  # lines before the table
    quote: str = '"'


def written(path: Path, name: str, encoding: str, delimiter: str, skip: int = 0) -> Written:
    """How the rows of a file are written. Raises DataError: it holds none."""
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding=encoding, newline="") as file:
        lines = [line.rstrip("\r\n") for line in islice(file, skip, skip + _SAMPLE) if line.strip()]
    if not lines:
        raise DataError(f"{name} holds no rows. Check the file, and get it again.")
    if not delimiter and all(map(_FASTTEXT.match, lines)):
        raise DataError(
            f"{name} is written for fastText: each line begins with __label__ and a class. Accepted are a label and a "
            "text that a tab parts: put a tab in place of the blank behind each label."
        )
    delimiter = {"tab": "\t", "\\t": "\t", "blank": " "}.get(delimiter, delimiter) or _delimiter(lines)
    if len(delimiter) != 1:
        raise DataError(f"A delimiter is one sign, such as a comma, or the word tab; received {quoted(delimiter)}.")
    quoting: Quoting = 3 if delimiter == "\t" and _unquoted(path, encoding) else 0
    return Written(path, name, encoding, delimiter, quoting, skip, _quote(lines, delimiter) if quoting == 0 else '"')


def numbered(how: Written, progress: Progress = silent) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their last line; empty lines are none. Raises DataError."""
    try:
        with how.path.open(encoding=how.encoding, newline="") as text:
            file: Iterator[str] = islice(_told(text, how.path.stat().st_size, progress), how.skip, None)
            file = (f"{_with_blanks(line)}\n" for line in file) if how.delimiter == " " else file
            reader = csv.reader(
                file,
                delimiter=how.delimiter,
                quotechar=how.quote,
                quoting=how.quoting,
                skipinitialspace=how.quoting == 0,
                strict=True,
            )
            try:
                yield from ((reader.line_num + how.skip, row) for row in reader if row)
            except csv.Error as error:
                raise DataError(
                    f"{how.name} cannot be read at line {reader.line_num + how.skip:,}: {error}. Correct it."
                ) from error
    except OSError as error:
        raise DataError(f"{how.name} cannot be read: {error.strerror}.") from error


def names_of(first: Sequence[str], name: str) -> tuple[str, ...]:
    """Of the columns, in the first row; empty ones are numbered. Raises DataError for one that is there twice."""
    columns = tuple(field.strip() or f"column {number}" for number, field in enumerate(first, start=1))
    check_distinct(columns, name)
    return columns


def check_distinct(columns: Sequence[str], name: str) -> None:
    """Raises DataError."""
    twice = [column for column, count in Counter(columns).items() if count > 1]
    if twice:
        raise DataError(
            f"{name} has {plural(len(twice), 'column name')} more than once: {', '.join(twice[:5])}. Give each column "
            "a name of its own in the first row."
        )


def _told(file: TextIO, size: int, progress: Progress) -> Iterator[str]:
    """The lines of a file of so many bytes."""
    for number, line in enumerate(file):
        if number % _LINES_PER_TELL == 0:
            progress(min(file.buffer.tell() / size, 1.0), f"{number:,} rows read")
        yield line


def _delimiter(lines: Sequence[str]) -> str:
    """The sign that cuts most lines into the same number of fields; blanks, where no other does."""

    def rank(sign: str) -> tuple[bool, float, int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign, skipinitialspace=True) if row)
        width, count = max(widths.items(), key=lambda each: each[1])
        share = count / widths.total()
        return width > 1, share, _DELIMITERS.index(sign) if share == 1 else 0, width

    possible = [sign for sign in _DELIMITERS if sign in lines[0]]
    best = max(possible, key=rank) if possible else ""
    first, *others = map(len, csv.reader(map(_with_blanks, lines), delimiter=" ", skipinitialspace=True))
    width = others[0] if len(set(others)) == 1 else 1
    if first != width and (len(lines) < 3 or first + 1 != width):  # R writes no name over those of rows
        width = 1
    by_blanks = width > 1 and (not best or (best == "\t" and width > 2 * rank(best)[3] and _numbers_in_a_row(lines)))
    return " " if by_blanks else best or ","


def _numbers_in_a_row(lines: Sequence[str]) -> bool:
    """Whether each line has a field between tabs that is several numbers: a text of as many words each has not."""
    return all(any(_NUMBERS.match(field) for field in line.split("\t")) for line in lines)


def _quote(lines: Sequence[str], delimiter: str) -> str:
    """The single quote, where all lines are equally long by it and by the double one are not."""
    if not any(line.startswith("'") or f"{delimiter}'" in line.replace(" ", "") for line in lines):
        return '"'
    by_double, by_single = (
        {len(row) for row in csv.reader(lines, delimiter=delimiter, quotechar=sign, skipinitialspace=True)}
        for sign in "\"'"
    )
    return "'" if len(by_double) > 1 == len(by_single) else '"'


def _with_blanks(line: str) -> str:
    """A line whose fields are parted by blanks, however many, or tabs."""
    return line.replace("\t", " ").strip()


def _unquoted(path: Path, encoding: str) -> bool:
    """Whether quotation marks are part of the texts: some field has one at its beginning and not at its end."""
    with path.open(encoding=encoding, newline="") as file:
        fields = (field for line in file for field in line.rstrip("\r\n").split("\t"))
        return any(field.startswith('"') and (len(field) == 1 or not field.endswith('"')) for field in fields)
