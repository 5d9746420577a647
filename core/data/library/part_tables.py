"""Tables in a zip, a folder or the sheets of a workbook: which their author made to train, to validate, to test on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural
from core.data.base import Part
from core.data.library.folders import writing
from core.data.library.part_names import WORDS, folders_of_parts, parts_of
from core.data.library.placing import TITLES
from core.data.library.table_files.excel import sheets_of
from core.data.library.table_files.formats import COMPRESSED, is_workbook, unpacked
from core.data.library.trees import Tree

_SHARD = re.compile(r"[-_]\d+[-_]of[-_]\d+$")  # of a file that was written in pieces
_WORD = re.compile(r"[^a-z]+")
_TOLD = 5  # names


@dataclass(frozen=True)
class PartTable:
    """A file to read."""

    part: Part | None  # None where it is the only one
    path: Path
    ending: str  # without packing
    name: str  # for messages
    sheet: str = ""  # of a workbook; empty takes the one that holds a table


def part_tables(
    settings: Settings, tree: Tree, tables: Sequence[PurePosixPath], folder: Path
) -> tuple[list[PartTable], list[str]]:
    """The tables to train on first, in the folder; and what was left out or joined.

    Args:
        tables: those files of the tree that are tables, in order.

    Raises:
        DataError: none is named as the one to train on.
    """
    chosen, notes = _chosen(tree, tables)
    return list(_taken(settings, tree, chosen, folder)), notes


def parts_in_sheets(book: PartTable) -> tuple[list[PartTable], list[str]]:
    """Sheets that are called train and test, as files of these names are; the whole file where none is."""
    sheets = sheets_of(book.path) if is_workbook(Path(book.name)) or is_workbook(book.path) else ()
    named = parts_of(sheets)
    if not {"train"} < {each.part for each in named.values()}:
        return [book], []
    parts = [replace(book, part=part, sheet=sheet) for part in TITLES for sheet in named if named[sheet].part == part]
    return parts, _left_out([sheet for sheet in sheets if sheet not in named], "named as no part")


def _taken(
    settings: Settings, tree: Tree, chosen: Sequence[tuple[Part | None, PurePosixPath]], folder: Path
) -> Iterator[PartTable]:
    for number, (part, entry) in enumerate(chosen):
        own = folder / str(number)
        own.mkdir()
        with writing(tree.name):
            tree.unpack(entry, own / entry.name)
        told = f"{tree.name}, {entry}"
        yield PartTable(part, *unpacked(settings, own / entry.name, told, own), told)


def _chosen(tree: Tree, tables: Sequence[PurePosixPath]) -> tuple[list[tuple[Part | None, PurePosixPath]], list[str]]:
    others = _left_out(sorted(set(tree.sizes) - set(tables)), "which is no table", "which are no tables")
    if len(tables) == 1:
        return [(None, tables[0])], others
    parts = _parts(tables)
    unnamed = [entry for entry in tables if entry not in parts]
    if "train" not in parts.values() and parts and len(unnamed) == 1:
        parts[unnamed.pop()] = "train"  # adult.data beside adult.test
    if "train" not in parts.values():
        raise DataError(
            f"{tree.name} holds {plural(len(tables), 'table')}, and none is named as the one to train on: "
            f"{', '.join(map(str, tables[:_TOLD]))}. Name them train.csv, val.csv and test.csv, or give one of them."
        )
    found: list[tuple[Part | None, PurePosixPath]]
    found = [(part, entry) for part in TITLES for entry in tables if parts.get(entry) == part]
    notes = _left_out(unnamed, "named as no part")
    for part in TITLES:
        joined = [str(entry) for other, entry in found if other == part]
        if len(joined) > 1:
            shown = f"{', '.join(joined[:_TOLD])}{', …' if len(joined) > _TOLD else ''}"
            notes.append(f"Joined as the {TITLES[part]}: {shown}.")
    return found, notes + others


def _parts(tables: Sequence[PurePosixPath]) -> dict[PurePosixPath, Part]:
    """By the name, else by the nearest folder that says so; a part that none is, by a word within names."""
    names = {entry: _name(entry) for entry in tables}
    named = parts_of(dict.fromkeys(names.values()))
    found = {entry: named[name].part for entry, name in names.items() if name in named}
    folders = folders_of_parts(tables)
    for entry in tables:
        above = [folders[folder].part for folder in entry.parents if folder in folders]
        if entry not in found and above:
            found[entry] = above[0]
    shared = set.intersection(*(set(entry.parents) for entry in tables))
    within = {entry: part for entry in tables if entry not in found and (part := _within(entry, shared))}
    return found | {entry: part for entry, part in within.items() if part not in found.values()}


def _name(entry: PurePosixPath) -> str:
    """What may say the part: train of train-00000-of-00002.parquet and of train.csv.gz."""
    packing = entry.suffix if entry.suffix.lower() in COMPRESSED else ""
    return _SHARD.sub("", entry.name.removesuffix(packing).rpartition(".")[0])


def _within(entry: PurePosixPath, shared: set[PurePosixPath]) -> Part | None:
    """By a word of its name, as of iris_test.csv beside iris.csv; else by the nearest folder that has one."""
    for text in (entry.name, *(folder.name for folder in entry.parents if folder not in shared)):
        words = (word.removesuffix("set") for word in _WORD.split(text.lower()))
        found = {WORDS[word] for word in words if word in WORDS}
        if len(found) == 1:
            return found.pop()
    return None


def _left_out(names: Sequence[object], why: str, why_all: str = "") -> list[str]:
    if not names:
        return []
    shown = f"{', '.join(map(str, names[:_TOLD]))}{', …' if len(names) > _TOLD else ''}"
    return [f"Left out: {shown}, {why_all or why if len(names) > 1 else why}."]
