"""The files of a table: one, or those that its author made to train, to validate and to test on."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural
from core.data.library.folders import private_folder, writing
from core.data.library.part_names import WORDS, is_document, parts_of
from core.data.library.table_files.excel import sheets_of
from core.data.library.table_files.formats import endings, is_table, is_workbook, unpacked
from core.data.library.trees import Tree, is_tree, opened

TablePart = Literal["train", "validation", "test"]
_ORDER: tuple[TablePart, ...] = ("train", "validation", "test")
_WORD = re.compile(r"[^a-z]+")


@dataclass(frozen=True)
class PartFile:
    """A file to read."""

    part: TablePart
    path: Path
    ending: str  # without packing
    name: str  # for messages
    sheet: str = ""  # of a workbook that holds several parts


@contextmanager
def part_files(
    settings: Settings, path: Path, name: str, sheet: str = ""
) -> Iterator[tuple[list[PartFile], list[str]]]:
    """The files, and what is to be said of them. Raises DataError: none holds a table, or which is which is open."""
    with private_folder(settings, "unpacked") as folder:
        if not is_tree(path) or is_workbook(Path(name)) or is_workbook(path):
            whole = PartFile("train", *unpacked(settings, path, name, folder), name)
            yield ([whole], []) if sheet else _sheets(whole)
            return
        with opened(path, settings, name) as tree:
            chosen, notes = _chosen(tree)
            yield list(_taken(settings, tree, chosen, folder)), notes


def _sheets(book: PartFile) -> tuple[list[PartFile], list[str]]:
    """Sheets that are called train and test, as files of these names are; the whole file where none is."""
    sheets = sheets_of(book.path) if is_workbook(Path(book.name)) or is_workbook(book.path) else ()
    named = parts_of(sheets)
    if not {"train"} < {each.part for each in named.values()}:
        return [book], []
    parts = [replace(book, part=part, sheet=sheet) for part in _ORDER for sheet in named if named[sheet].part == part]
    others = [sheet for sheet in sheets if sheet not in named]
    return parts, [f"Passed over {', '.join(others[:5])}: neither train, validation nor test."] if others else []


def _taken(
    settings: Settings, tree: Tree, chosen: Sequence[tuple[TablePart, PurePosixPath]], folder: Path
) -> Iterator[PartFile]:
    for number, (part, entry) in enumerate(chosen):
        own = folder / str(number)
        own.mkdir()
        with writing(tree.name):
            tree.unpack(entry, own / entry.name)
        told = f"{tree.name}, {entry.name}"
        yield PartFile(part, *unpacked(settings, own / entry.name, told, own), told)


def _chosen(tree: Tree) -> tuple[list[tuple[TablePart, PurePosixPath]], list[str]]:
    tables = [entry for entry in sorted(tree.sizes) if is_table(Path(entry.name)) and not is_document(entry)]
    others = len(tree.sizes) - len(tables)
    notes = [f"Passed over {plural(others, 'file')} that are no tables."] if others else []
    if not tables:
        known = ", ".join(endings()[:4])
        raise DataError(f"{tree.name} holds no table; accepted are one file that ends in {known}, …, or train.csv and "
                        "test.csv.")  # fmt: skip
    parts = {entry: part_of(entry) for entry in tables}
    if len(tables) == 1:
        return [("train", tables[0])], notes
    unnamed = [entry for entry, part in parts.items() if part is None]
    if "train" not in parts.values() and len(unnamed) == 1 and len(parts) > 1:
        parts[unnamed[0]] = "train"  # adult.data beside adult.test
        unnamed = []
    if "train" not in parts.values():
        listed = ", ".join(str(entry) for entry in tables[:5])
        raise DataError(
            f"{tree.name} holds {plural(len(tables), 'table')}, and none is named as the one to train on: {listed}. "
            "Name the files train.csv, val.csv and test.csv, or give one of them."
        )
    if unnamed:
        notes.append(f"Passed over {', '.join(map(str, unnamed[:5]))}: neither train, validation nor test.")
    chosen = [(part, entry) for part in _ORDER for entry, found in parts.items() if found == part]
    for part in _ORDER:
        joined = [entry.name for found, entry in chosen if found == part]
        if len(joined) > 1:
            notes.append(f"Joined for {part}: {', '.join(joined[:5])}{', …' if len(joined) > 5 else ''}.")
    return chosen, notes


def part_of(entry: PurePosixPath) -> TablePart | None:
    """By a word of its name, as in train.csv and iris_test.csv.gz; else by the nearest folder that says so."""
    for text in (entry.name, *reversed(entry.parts[:-1])):
        words = (word.removesuffix("set") for word in _WORD.split(text.lower()))
        found = {WORDS[word] for word in words if word in WORDS}
        if len(found) == 1:
            return found.pop()
    return None
