"""Labelled texts as they were found, whatever held them; and those that were found in tables."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from pathlib import PurePosixPath
from typing import Any, Literal

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted, suggestion
from core.data.base import Array, Part
from core.data.library.gathered import opened_together
from core.data.library.label_columns import as_cell, label_columns, with_label_columns
from core.data.library.part_tables import PartTable
from core.data.library.read_options import Progress, TableOptions, TextOptions, within
from core.data.library.table_files.table_file import TableFile
from core.data.library.tables.cells import INVISIBLE
from core.data.library.text_columns import Columns, columns_of, joined_text, ones_told, rows_of
from core.data.library.text_parts import parts_of_texts


@dataclass
class FoundTexts:
    layout: Literal["table", "files", "folders"]
    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    parts: list[Part | None] = field(default_factory=list)  # that the author gave each to
    groups: list[str] = field(default_factory=list)  # of each, where one was asked for
    times: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # of each, what a column says of its part
    entries: list[PurePosixPath] = field(default_factory=list)  # the file of each, where each has one
    warnings: list[str] = field(default_factory=list)
    empty: int = 0  # left out: nothing but spaces, or without a label
    respelled: set[str] = field(default_factory=set)  # labels that were written with other code points somewhere
    encoding: str = ""
    encoding_note: str = ""  # a sentence where the encoding is a guess
    table: TableFile | None = None
    columns: Columns = field(default_factory=Columns)  # of a table
    label_columns: tuple[str, ...] = ()  # where several are a label each

    def add(self, label: str, text: str, part: Part | None, entry: PurePosixPath | None = None) -> bool:
        """Whether it is taken."""
        text, plain = text.strip(), re.sub(INVISIBLE, "", unicodedata.normalize("NFC", label)).strip()
        if plain != label.strip():
            self.respelled.add(plain)
        label = plain
        if not text:
            self.empty += 1
            return False
        self.texts.append(text)
        self.labels.append(label)
        self.parts.append(part)
        self.entries += [entry] if entry else []
        return True

    @property
    def label_column(self) -> str | None:
        """Of a table."""
        return None if self.table is None else self.columns.label

    def take_parts(self, column: str) -> None:
        """As this column says; texts that it puts into none are left out."""
        self.parts, kept, told = parts_of_texts(column, self.said, self.parts)
        self.warnings += told
        self._keep(kept)

    def keep(self, kept: Array) -> None:
        """Only those that are marked, bool [texts]; the others have no label."""
        self.empty += int((~kept).sum())
        self._keep(kept.tolist())

    def _keep(self, kept: list[bool]) -> None:
        lists: tuple[list[Any], ...] = (self.texts, self.labels, self.parts, self.groups, self.times, self.entries)
        for each in filter(None, lists):
            each[:] = compress(each, kept)


def of_tables(
    settings: Settings, files: Sequence[PartTable], name: str, options: TextOptions, progress: Progress
) -> FoundTexts:
    how = TableOptions(
        encoding=options.encoding,
        delimiter=options.delimiter,
        header=options.header,
        sheet=options.sheet,
        of_texts=True,
    )
    tables = opened_together(settings, files, how, within(progress, 0, 0.1))
    first = tables[0]
    options = with_label_columns(options, first.columns)
    columns = columns_of(first, options)
    found = FoundTexts(
        "table", encoding=first.encoding, encoding_note=first.encoding_note, columns=columns, table=first
    )
    found.label_columns = label_columns(options, columns.ones)
    found.warnings += [note for table in tables for note in table.notes]
    if options.header == "auto" and "--header" in first.header_reason:
        found.warnings.append(first.header_reason)
    found.warnings += filter(None, [ones_told(columns, found.label_columns), columns.told])
    for number, (file, table) in enumerate(zip(files, tables, strict=True)):
        told = within(progress, 0.1 + 0.9 * number / len(files), 0.1 + 0.9 * (number + 1) / len(files))
        _take(found, file, table, options, told)
    if columns.part:
        found.take_parts(columns.part)
    found.warnings += [note for table in tables for note in table.found]
    if not found.texts:
        raise DataError(f"{name} holds no row with both a label and a text. Choose other columns.")
    return found


def _take(found: FoundTexts, file: PartTable, table: TableFile, options: TextOptions, progress: Progress) -> None:
    """The texts of a file, with what its columns say of each. Raises DataError."""
    columns, ones = found.columns.all, found.label_columns
    said = found.columns.part if found.columns.part in table.columns else ""
    asked = ((options.group, found.groups), (options.time, found.times), (said, found.said))
    beside = [(column, cells) for column, cells in asked if column]
    needed = (*columns, *ones, *(column for column, _ in beside))
    _check_columns(table, needed)
    for row in rows_of(table, needed, progress):
        label, *texts = row[: len(columns)]
        row = row[len(columns) :]
        label = as_cell(zip(ones, row[: len(ones)], strict=True)) if ones else label
        if found.add(label, joined_text(texts), file.part):
            for cell, (_, cells) in zip(row[len(ones) :], beside, strict=True):
                cells.append(cell.strip())
    found.said += [""] * (len(found.texts) - len(found.said))


def _check_columns(table: TableFile, needed: Sequence[str]) -> None:
    missing = sorted({*needed} - {*table.columns})
    if missing:
        raise DataError(
            f"{table.name} has no column {quoted(missing[0])}{suggestion(missing[0], table.columns)}; accepted are "
            f"{', '.join(table.columns[:20])}. All files need the same columns."
        )
