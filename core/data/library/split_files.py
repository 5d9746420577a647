"""Tables of texts in a zip or folder: one, or those that their author made to train, to validate and to test on."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural
from core.data.base import Part
from core.data.library.folders import private_folder, writing
from core.data.library.part_names import folders_of_parts, is_document, parts_of
from core.data.library.placing import TITLES
from core.data.library.table_files.formats import COMPRESSED, unpacked
from core.data.library.trees import Tree

# The first of them that are there are the tables; the others may lie beside them, as what tells of them.
_TABLES = ((".csv", ".tsv"), (".parquet", ".arrow", ".feather"), (".jsonl", ".ndjson"), (".json",), (".xlsx", ".ods"))
_TEXT = ".txt"
_BESIDE = (".md", ".json", ".yaml", ".yml", ".pdf", ".html", ".py", ".ipynb", ".xlsx", ".png", ".jpg")
_SHARD = re.compile(r"[-_]\d+[-_]of[-_]\d+$")  # of a file that was written in pieces
_TOLD = 5  # names


@dataclass(frozen=True)
class PartTable:
    part: Part | None  # None where it is the only one
    path: Path
    ending: str  # without packing
    name: str  # for messages


@dataclass(frozen=True)
class _Chosen:
    entries: Sequence[tuple[Part | None, PurePosixPath]]
    warnings: tuple[str, ...]


def holds_tables(tree: Tree) -> bool:
    """Whether tables, rather than files or folders for each class: all are of a format of them, or train.txt, …"""
    entries = [entry for entry in tree.sizes if not is_document(entry)]
    endings = {_ending(entry) for entry in entries}
    if tables := _tables_among(endings):
        return endings <= {*tables, *_BESIDE}
    texts = [entry for entry in entries if entry.suffix.lower() == _TEXT]
    named = parts_of(entry.stem for entry in texts)
    parts = {each.part for each in named.values()}
    once = len(named) == len(texts)  # pos/train.txt beside neg/train.txt are files of classes
    return "train" in parts and once and all(not each.rest for each in named.values())


@contextmanager
def part_tables(settings: Settings, tree: Tree) -> Iterator[tuple[list[PartTable], tuple[str, ...]]]:
    """The tables to train on first, and what was left out or joined. Raises DataError: which is which is open."""
    chosen = _chosen(tree)
    with private_folder(settings, "unpacked") as folder:
        files = []
        for number, (part, entry) in enumerate(chosen.entries):
            own = folder / str(number)
            own.mkdir()
            with writing(tree.name):
                tree.unpack(entry, own / entry.name)
            told = f"{tree.name}, {entry}"
            files.append(PartTable(part, *unpacked(settings, own / entry.name, told, own), told))
        yield files, chosen.warnings


def _chosen(tree: Tree) -> _Chosen:
    entries = sorted(tree.sizes)
    data = [entry for entry in entries if not is_document(entry)]
    endings = _tables_among({_ending(entry) for entry in data}) or (_TEXT,)
    tables = [entry for entry in data if _ending(entry) in endings]
    if len(tables) == 1:
        return _Chosen([(None, tables[0])], _told(set(entries) - set(tables), "which is no table"))
    parts = _parts(tables)
    unnamed = [entry for entry in tables if entry not in parts]
    if "train" not in parts.values() and parts and len(unnamed) == 1:
        parts[unnamed.pop()] = "train"
    if "train" not in parts.values():
        raise DataError(
            f"{tree.name} holds {plural(len(tables), 'table')}, and none is named as the one to train on: "
            f"{', '.join(map(str, tables[:_TOLD]))}. Name them train.csv, val.csv and test.csv, or give one of them."
        )
    order: list[Part] = ["train", "validation", "test"]
    found = [(part, entry) for part in order for entry in tables if parts.get(entry) == part]
    warnings = _told(set(unnamed), "named as no part") + _told(set(entries) - set(tables), "which is no table")
    for part in order:
        joined = [str(entry) for other, entry in found if other == part]
        if len(joined) > 1:
            warnings += (f"Joined as the {TITLES[part]}: {', '.join(joined)}.",)
    return _Chosen(found, warnings)


def _ending(entry: PurePosixPath) -> str:
    """Without packing."""
    suffix = entry.suffix.lower()
    return PurePosixPath(entry.stem).suffix.lower() if suffix in COMPRESSED else suffix


def _tables_among(endings: set[str]) -> tuple[str, ...]:
    return next((each for each in _TABLES if endings & {*each}), ())


def _name(entry: PurePosixPath) -> str:
    """What may say the part: train of train-00000-of-00002.parquet and of train.csv.gz."""
    return _SHARD.sub(
        "", entry.name.removesuffix(entry.suffix if entry.suffix in COMPRESSED else "").rpartition(".")[0]
    )


def _parts(tables: Sequence[PurePosixPath]) -> dict[PurePosixPath, Part]:
    """By the name, else by the nearest folder that says so."""
    named = parts_of({_name(entry) for entry in tables})
    found = {entry: named[_name(entry)].part for entry in tables if _name(entry) in named}
    folders = folders_of_parts(tables)
    for entry in tables:
        above = [folders[folder].part for folder in entry.parents if folder in folders]
        if entry not in found and above:
            found[entry] = above[0]
    return found


def _told(entries: set[PurePosixPath], why: str) -> tuple[str, ...]:
    if not entries:
        return ()
    names = sorted(map(str, entries))
    why = why if len(names) == 1 else why.replace("which is no table", "which are no tables")
    return (f"Left out: {', '.join(names[:_TOLD])}{', …' if len(names) > _TOLD else ''}, {why}.",)
