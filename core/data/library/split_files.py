"""Tables of texts in a zip or folder: one, or those that their author made to train, to validate and to test on."""

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
from core.data.library.trees import Tree

_TABLES, _TEXT = (".csv", ".tsv"), ".txt"
_BESIDE = (
    ".md",
    ".json",
    ".yaml",
    ".yml",
    ".pdf",
    ".html",
    ".py",
    ".ipynb",
    ".xlsx",
    ".png",
    ".jpg",
)  # what may lie there
_TOLD = 5  # names


@dataclass(frozen=True)
class PartTable:
    part: Part | None  # None where it is the only one
    path: Path
    name: str  # for messages


@dataclass(frozen=True)
class _Chosen:
    entries: Sequence[tuple[Part | None, PurePosixPath]]
    warnings: tuple[str, ...]


def holds_tables(tree: Tree) -> bool:
    """Whether tables, rather than files or folders for each class: all are CSV or TSV, or train.txt, test.txt."""
    entries = [entry for entry in tree.sizes if not is_document(entry)]
    endings = {entry.suffix.lower() for entry in entries}
    if endings & {*_TABLES}:
        return endings <= {*_TABLES, *_BESIDE}
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
            file = folder / f"{number}{entry.suffix}"
            with writing(tree.name):
                tree.unpack(entry, file)
            files.append(PartTable(part, file, f"{tree.name}, {entry}"))
        yield files, chosen.warnings


def _chosen(tree: Tree) -> _Chosen:
    entries = sorted(tree.sizes)
    accepted = [entry for entry in entries if entry.suffix.lower() in _TABLES and not is_document(entry)]
    tables = accepted or [entry for entry in entries if entry.suffix.lower() == _TEXT and not is_document(entry)]
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


def _parts(tables: Sequence[PurePosixPath]) -> dict[PurePosixPath, Part]:
    """By the name, else by the nearest folder that says so."""
    named = parts_of(entry.stem for entry in tables)
    found = {entry: named[entry.stem].part for entry in tables if entry.stem in named}
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
