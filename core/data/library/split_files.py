"""Tables of texts in a zip or folder: one, or those that their author made to train, to validate and to test on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from core.common.settings import Settings
from core.data.library.folders import private_folder
from core.data.library.part_names import is_document, parts_of
from core.data.library.part_tables import PartTable, part_tables
from core.data.library.table_files.formats import COMPRESSED
from core.data.library.trees import Tree

# The first of them that are there are the tables; the others may lie beside them, as what tells of them.
_TABLES = ((".csv", ".tsv"), (".parquet", ".arrow", ".feather"), (".jsonl", ".ndjson"), (".json",), (".xlsx", ".ods"))
_TEXT = ".txt"
_BESIDE = (".md", ".json", ".yaml", ".yml", ".pdf", ".html", ".py", ".ipynb", ".xlsx", ".png", ".jpg")


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
def tables_of_texts(settings: Settings, tree: Tree) -> Iterator[tuple[list[PartTable], list[str]]]:
    """The tables to train on first, and what was left out or joined. Raises DataError: which is which is open."""
    data = [entry for entry in sorted(tree.sizes) if not is_document(entry)]
    endings = _tables_among({_ending(entry) for entry in data}) or (_TEXT,)
    tables = [entry for entry in data if _ending(entry) in endings]
    with private_folder(settings, "unpacked") as folder:
        yield part_tables(settings, tree, tables, folder)


def _ending(entry: PurePosixPath) -> str:
    """Without packing."""
    suffix = entry.suffix.lower()
    return PurePosixPath(entry.stem).suffix.lower() if suffix in COMPRESSED else suffix


def _tables_among(endings: set[str]) -> tuple[str, ...]:
    return next((each for each in _TABLES if endings & {*each}), ())
