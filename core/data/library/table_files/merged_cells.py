"""What a workbook's cells leave out: those that are merged with another, and formulas without a stored result."""

import html
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.common.text import plural

_TOP = 20  # rows among which the names of columns are looked for
_PIECE = 1024**2
_UNSTORED = re.compile(
    rb'<c (?![^>]*\bt="str")[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
)  # t="str" says that the result is an empty text


def filled(cells: list[list[Any]], ranges: Sequence[Any], start: tuple[int, int]) -> str:
    """Puts the value of each merged range into all of its cells, and tells how many. Titles and names stay as they are.

    Args:
        cells: of the sheet without the empty rows and columns before `start`.
        ranges: first and last row and column of each, both included.
    """
    widths = [_held(row) for row in cells[:_TOP]]
    names = widths.index(max(widths)) if widths else 0
    count, left_over = 0, sum(map(len, cells))  # ranges that lie over each other are no workbook's
    for (top, left), (bottom, right) in ranges:
        top, bottom, left, right = top - start[0], bottom - start[0], left - start[1], right - start[1]
        if top < 0 or left < 0 or top >= len(cells) or left >= len(cells[top]):
            continue
        bottom, right = min(bottom, len(cells) - 1), min(right, len(cells[top]) - 1)
        if right > left and _held(cells[top]) == 1:
            continue  # a title, or a line between rows
        if top <= names:
            right = left  # over several names
        left_over -= (bottom - top + 1) * (right - left + 1)
        if left_over < 0:
            break
        for row in cells[top : bottom + 1]:
            row[left : right + 1] = [cells[top][left]] * (right - left + 1)
        count += bottom > top or right > left
    return f"{plural(count, 'merged range')}: each of their cells holds the value that the range shows" if count else ""


def _held(row: Sequence[Any]) -> int:
    """How many cells hold something."""
    return sum(cell not in ("", None) for cell in row)


def unstored_formulas(path: Path, sheet: str) -> int:
    """How many cells of a sheet have a formula and no result, as programs write them that do not calculate."""
    try:
        with zipfile.ZipFile(path) as book, book.open(_entry(book, sheet)) as file:
            return sum(map(len, map(_UNSTORED.findall, _pieces(file))))
    except (KeyError, zipfile.BadZipFile):  # of another format
        return 0


def _pieces(file: Any) -> Iterator[bytes]:
    """Of a sheet, each ending behind a cell."""
    rest = b""
    while piece := file.read(_PIECE):
        whole, end, rest = (rest + piece).rpartition(b"</c>")
        if b"<f" in whole:
            yield whole + end


def _entry(book: zipfile.ZipFile, sheet: str) -> str:
    """Raises KeyError."""
    names = _tags(book, "xl/workbook.xml", "sheet", "name", "r:id")
    targets = dict(_tags(book, "xl/_rels/workbook.xml.rels", "Relationship", "Id", "Target"))
    target = targets[dict(names)[sheet]]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _tags(book: zipfile.ZipFile, entry: str, tag: str, *attributes: str) -> Iterator[tuple[str, str]]:
    for found in re.findall(rf"<(?:\w+:)?{tag}\s[^>]*>", book.read(entry).decode(errors="replace")):
        values = [re.search(rf'\s{each}="([^"]*)"', found) for each in attributes]
        first, second = (html.unescape(value[1]) if value else "" for value in values)
        yield first, second
