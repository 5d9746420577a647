"""Rows of a delimited file that are none of its table: comments, names again, blank ones, notes below it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted
from core.data.library.table_files.rows import too_many

_TOLD = 3  # rows of another number of fields
_COMMENT = ("#", "//", "%")
_NOTE = re.compile(r"\pL.*[\s:]|\*".replace(r"\pL", r"[^\W\d_]"))  # words, as of a source or a footnote
_TOTAL = re.compile(
    r"(grand |sub-?)?totals?|total général|total general|totale|sum|summe|gesamt|insgesamt|somme|suma|итого|всего|"
    r"合计|总计|合計|總計|합계|총계",
    re.IGNORECASE,
)


@dataclass
class OtherRows:
    """What was passed over, by the number of its first line."""

    name: str  # of the file
    head: Sequence[str]  # its first row, where that holds the names; none otherwise
    width: int
    of_texts: bool = False  # which may begin with # and be cut by a delimiter: a row as long as the others is needed
    notes: list[str] = field(default_factory=list)  # of what was found, once all rows were read
    _found: dict[str, list[int]] = field(default_factory=dict)

    def rows(self, numbered: Iterable[tuple[int, list[str]]], settings: Settings) -> Iterator[list[str]]:
        """The rows of the table. Raises DataError: another number of fields, with the lines; none, or too many."""
        ragged: list[tuple[int, int]] = []
        below: list[tuple[int, list[str]]] = []  # what may be notes below the table
        count = 0
        last: Sequence[str] = ()
        first = self.head[0] if self.head else None
        for line, row in numbered:
            if (len(row) != self.width or not row[0] or row[0] == first) and self._is_other(line, row, below):
                continue
            ragged += [(number, len(each)) for number, each in below]
            below = []
            count += 1
            if len(row) != self.width:
                ragged.append((line, len(row)))
            elif not ragged:
                yield row
                last = row
        self._check(ragged, count, settings)
        self.notes += self._told(last, below)

    def _is_other(self, line: int, row: list[str], below: list[tuple[int, list[str]]]) -> bool:
        """Whether it is no row of the table; one with delimiters behind is made as long as the others."""
        kind = ""
        if len(row) > self.width and not any(cell.strip() for cell in row[self.width :]):
            del row[self.width :]
            self._found.setdefault("longer", []).append(line)
        if self.width > 1 and not any(cell.strip() for cell in row):
            kind = "blank"
        elif self.head and [cell.strip() for cell in row] == [cell.strip() for cell in self.head]:
            kind = "names"
        elif self.of_texts:
            return False
        elif len(row) != self.width and row[0].startswith(_COMMENT):
            kind = "comment"
        elif sum(bool(cell.strip()) for cell in row) == 1 and len(row) < self.width > 2 and _NOTE.match(row[0]):
            below.append((line, row))
            return True
        if kind:
            self._found.setdefault(kind, []).append(line)
        return bool(kind)

    def _check(self, ragged: Sequence[tuple[int, int]], count: int, settings: Settings) -> None:
        if ragged:
            told = ", ".join(f"line {line:,} has {fields}" for line, fields in ragged[:_TOLD])
            raise DataError(
                f"{self.name}: {plural(len(ragged), 'row')} without the {plural(self.width, 'field')} of the first: "
                f"{told}{', …' if len(ragged) > _TOLD else ''}. Correct these lines; a field that holds the "
                'delimiter stands in double quotes: "a, b".'
            )
        if not count:
            raise DataError(f"{self.name} holds a header, but no rows. Check the file, and get it again.")
        if count > settings.max_examples:
            raise too_many(count, self.name, settings)

    def _told(self, last: Sequence[str], below: Sequence[tuple[int, Sequence[str]]]) -> Iterator[str]:
        what = {
            "names": "repeating the names of the columns",
            "comment": "of comments among the rows",
            "blank": "without any value",
        }
        for kind, lines in self._found.items():
            where = f"line {lines[0]:,}{', …' if len(lines) > 1 else ''}"
            if kind == "longer":
                yield f"{self.name}: {plural(len(lines), 'row')} with delimiters behind, which are left out: {where}."
            else:
                yield f"{self.name}: passed over {plural(len(lines), 'line')} {what[kind]}: {where}."
        if below:
            yield f"{self.name}: passed over {quoted(below[0][1][0], 60)} below the table."
        total = next((cell for cell in last if _TOTAL.fullmatch(cell.strip().rstrip(":"))), "")
        if total and not self.of_texts:
            yield (
                f"{self.name}: the last row says {quoted(total)}, and is a row like the others here; if it adds up the "
                "others, take it out of the file."
            )
