"""Labelled texts as they were found, whatever held them; and those that were found in tables."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted, suggestion
from core.data.base import Part
from core.data.library.gathered import opened_together
from core.data.library.read_options import Progress, TableOptions, TextOptions, within
from core.data.library.split_files import PartTable
from core.data.library.table_files.table_file import TableFile
from core.data.library.tables.cells import INVISIBLE
from core.data.library.text_columns import Columns, columns_of, ones_told, rows_of


@dataclass
class FoundTexts:
    layout: Literal["table", "files", "folders"]
    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    parts: list[Part | None] = field(default_factory=list)  # that the author gave each to
    groups: list[str] = field(default_factory=list)  # of each, where one was asked for
    times: list[str] = field(default_factory=list)
    entries: list[PurePosixPath] = field(default_factory=list)  # the file of each, where each has one
    warnings: list[str] = field(default_factory=list)
    empty: int = 0  # left out: nothing but spaces, or without a label
    respelled: set[str] = field(default_factory=set)  # labels that were written with other code points somewhere
    encoding: str = ""
    encoding_note: str = ""  # a sentence where the encoding is a guess
    table: TableFile | None = None
    columns: Columns = field(default_factory=Columns)  # of a table

    def add(self, label: str, text: str, part: Part | None, entry: PurePosixPath | None = None) -> bool:
        """Whether it is taken."""
        text, plain = text.strip(), re.sub(INVISIBLE, "", unicodedata.normalize("NFC", label)).strip()
        if plain != label.strip():
            self.respelled.add(plain)
        label = plain
        if not (text and label):
            self.empty += 1
            return False
        self.texts.append(text)
        self.labels.append(label)
        self.parts.append(part)
        self.entries += [entry] if entry else []
        return True


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
    columns = columns_of(first, options)
    found = FoundTexts(
        "table", encoding=first.encoding, encoding_note=first.encoding_note, columns=columns, table=first
    )
    found.warnings += [note for table in tables for note in table.notes]
    if options.header == "auto" and "--header" in first.header_reason:
        found.warnings.append(first.header_reason)
    found.warnings += filter(None, [ones_told(columns)])
    beside = [column for column in (options.group, options.time) if column]
    for number, (file, table) in enumerate(zip(files, tables, strict=True)):
        _check_columns(table, (*columns.all, *beside))
        told = within(progress, 0.1 + 0.9 * number / len(files), 0.1 + 0.9 * (number + 1) / len(files))
        for row in rows_of(table, (*columns.all, *beside), told):
            label, *texts = row[: len(row) - len(beside)]
            joined = "\n".join(filter(None, (text.strip() for text in texts)))
            if found.add(label, joined, file.part):
                found.groups += [row[-len(beside)].strip()] if options.group else []
                found.times += [row[-1].strip()] if options.time else []
    found.warnings += [note for table in tables for note in table.found]
    if not found.texts:
        raise DataError(f"{name} holds no row with both a label and a text. Choose other columns.")
    return found


def _check_columns(table: TableFile, needed: Sequence[str]) -> None:
    missing = sorted({*needed} - {*table.columns})
    if missing:
        raise DataError(
            f"{table.name} has no column {quoted(missing[0])}{suggestion(missing[0], table.columns)}; accepted are "
            f"{', '.join(table.columns[:20])}. All files need the same columns."
        )
