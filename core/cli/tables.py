"""Tables in a terminal, and the same as CSV.

A table that is wider than the terminal is printed in parts, each of which begins with the first column: a name is
never broken in its middle. What does not go to a terminal is as wide as it has to be.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.common.digits import aligned, with_places
from core.common.text import as_typed
from core.runs.search_names import short_name

_CONTROLS = [code for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"]
_ENDLESS = 100_000  # characters; a file or another program has no right margin


def as_shown(text: str, form: str = "\\x{:02x}") -> str:
    """Control characters written out, but new lines and tabs: they would steer the terminal."""
    return text.translate({code: form.format(code) for code in _CONTROLS})


class _Shown(Console):
    """Texts of others may have any characters in them: they were not always refused."""

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(as_shown(each) if isinstance(each, str) else each for each in objects), **options)


console = _Shown(width=None if Console().is_terminal else _ENDLESS)
_PAGE = 100  # characters that people read in one line
_GAP = 2  # characters between columns
_PROSE = 24  # characters that a text of several words is given at least
_WORD = 60  # characters beyond which a word is broken after all

Row = Sequence[object]


@dataclass(frozen=True)
class Read:
    """A number that has its own decimals, as of `core.common.digits.decimals`."""

    value: float
    places: int | None

    def __str__(self) -> str:
        return with_places(self.value, self.places)


def print_table(
    columns: Sequence[str], rows: Sequence[Row], *, by_row: bool = False, as_csv: bool = False, to_read: bool = False
) -> None:
    """Numbers stand at the right, with the digits in which those of a column differ; `by_row`, those of a row.

    Args:
        to_read: by people rather than programs, so that it is no wider than a page where there is no terminal, either.
    """
    if as_csv:
        writer = csv.writer(console.file)
        writer.writerow(columns)
        # Nothing where there is no value, and all digits.
        writer.writerows([each if _is_number(each) else as_shown(as_typed(each)) for each in row] for row in rows)
        return
    across = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
    numeric = [(by_row and place > 0) or _is_numeric(column) for place, column in enumerate(across)]
    if by_row:
        by_line = ([as_shown(as_typed(row[0])), *_texts(row[1:])] for row in rows)
        shown = [list(column) for column in zip(*by_line, strict=True)]
    else:
        shown = [_texts(column) for column in across]
    cells = [[name, *column] for name, column in zip(columns, shown or [[] for _ in columns], strict=True)]
    width = min(console.width, _PAGE) if to_read and not console.is_terminal else console.width
    for number, (part, widths) in enumerate(_parts(cells, width)):
        if number:
            console.print()
        table = Table(box=None, header_style="bold", pad_edge=False, show_header=any(columns))
        for place, width in zip(part, widths, strict=True):
            side: Literal["left", "right"] = "right" if numeric[place] else "left"
            table.add_column(Text(cells[place][0]), width=width, overflow="fold", justify=side)
        for row in zip(*(cells[place][1:] for place in part), strict=True):
            table.add_row(*map(Text, row))  # Text: names are not markup
        console.print(table)


def short_names(columns: Sequence[str]) -> list[str]:
    """The ends of params' paths where these tell them apart."""
    short = list(map(short_name, columns))
    return [name if short.count(name) == 1 else path for name, path in zip(short, columns, strict=True)]


def _parts(cells: Sequence[Sequence[str]], width: int) -> list[tuple[list[int], list[int]]]:
    """The columns that stand beside each other, by place, and how wide each is."""
    full = [max(Text(cell).cell_len for cell in column) for column in cells]
    least = [min(whole, _least(column)) for whole, column in zip(full, cells, strict=True)]
    parts: list[list[int]] = [[0]]
    for place in range(1, len(cells)):
        beside = (*parts[-1], place)
        taken = sum(least[each] for each in beside) + _GAP * (len(beside) - 1)
        if taken > width and len(parts[-1]) > 1:
            parts.append([0])
        parts[-1].append(place)
    return [(part, _widths([least[each] for each in part], [full[each] for each in part], width)) for part in parts]


def _widths(least: Sequence[int], full: Sequence[int], width: int) -> list[int]:
    """What the terminal has beyond the least goes to the columns, the narrowest first."""
    widths = list(least)
    left = width - sum(widths) - _GAP * (len(widths) - 1)
    for place in sorted(range(len(widths)), key=lambda each: full[each] - least[each]):
        more = min(full[place] - widths[place], max(left, 0))
        widths[place] += more
        left -= more
    return widths


def _least(column: Sequence[str]) -> int:
    """Such that no word is broken, and that texts do not run down the page word by word."""
    words = max((Text(word).cell_len for cell in column for word in cell.split()), default=0)
    return max(min(words, _WORD), _PROSE)


def _is_numeric(column: Sequence[object]) -> bool:
    return any(isinstance(value, int | float | Read) for value in column) and not any(
        isinstance(v, str) for v in column
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _texts(values: Sequence[object]) -> list[str]:
    """Floats by the digits of all of them; the rest as it is."""
    floats = [value if isinstance(value, float) else None for value in values]
    return [
        text if isinstance(value, float) else as_shown(as_typed(value))
        for value, text in zip(values, aligned(floats), strict=True)
    ]
