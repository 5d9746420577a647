"""Labelled texts as people keep published sets: one file per text in folders of classes, or a table per part."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.common.errors import DataError
from core.common.text import quoted
from core.data.base import Array, Raw

PARTS = ("train", "test")
_SHORT = {"negative": "neg", "positive": "pos"}  # how folders and tables call them, too
_LABELS = ("label", "labels", "class", "sentiment", "topic", "category", "target")
_TEXTS = ("text", "review", "sentence", "content", "document", "body")


def find_folders(present: Sequence[Path], classes: Sequence[str]) -> list[Path]:
    """The files train/<class>/….txt and test/<class>/….txt; [] where a part has none."""
    numbers = _numbers(classes)
    found = [
        path
        for path in present
        if path.suffix == ".txt" and path.parent.name in numbers and path.parent.parent.name in PARTS
    ]
    return found if {path.parent.parent.name for path in found} == set(PARTS) else []


def read_folders(files: Sequence[Path], classes: Sequence[str]) -> Raw:
    """Raises DataError."""
    numbers = _numbers(classes)
    arrays: list[Array] = []
    for part in PARTS:
        chosen = [path for path in files if path.parent.parent.name == part]
        arrays += _arrays([_text(path) for path in chosen], [numbers[path.parent.name] for path in chosen])
    return Raw(*arrays)


def find_tables(present: Sequence[Path], _name: str) -> list[Path]:
    """train.csv and test.csv, or the same as tsv."""
    by_name = {path.name: path for path in reversed(present)}
    for suffix in ("csv", "tsv"):
        names = [f"{part}.{suffix}" for part in PARTS]
        if all(name in by_name for name in names):
            return [by_name[name] for name in names]
    return []


def read_tables(files: Sequence[Path], classes: Sequence[str]) -> Raw:
    """Columns label and text, found by their names; label first where the table has no names. Raises DataError."""
    arrays: list[Array] = []
    for path in files:
        rows = _rows(path)
        label, text, first = _columns(rows, path)
        numbers = _numbers(classes)
        labels: list[int] = []
        for line, row in enumerate(rows[first:], start=first + 1):
            if len(row) <= max(label, text):
                raise DataError(f"{path}, row {line}: {len(row)} columns; expected are a label and a text.")
            found = numbers.get(row[label].strip().lower())
            if found is None:
                raise DataError(
                    f"{path}, row {line}: the label {quoted(row[label])} is no class of this set; accepted are numbers "
                    f"from 0 to {len(classes) - 1} and names: {', '.join(classes[:5])}{', …' * (len(classes) > 5)}."
                )
            labels.append(found)
        arrays += _arrays([row[text] for row in rows[first:]], labels)
    return Raw(*arrays)


def _numbers(classes: Sequence[str]) -> dict[str, int]:
    """Class numbers by everything that a class may be called."""
    numbers = {str(number): number for number in range(len(classes))}
    for number, name in enumerate(classes):
        numbers |= {name: number, _SHORT.get(name, name): number}
    return numbers


def _columns(rows: list[list[str]], path: Path) -> tuple[int, int, int]:
    """Places of label and text, and the first row after the names."""
    if not rows:
        raise DataError(f"{path} is empty; expected is a table with a label and a text in each row.")
    names = [name.strip().lower() for name in rows[0]]
    label = next((names.index(name) for name in _LABELS if name in names), None)
    text = next((names.index(name) for name in _TEXTS if name in names), None)
    return (0, 1, 0) if label is None or text is None else (label, text, 1)


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix == ".csv":
                return [row for row in csv.reader(file) if row]
            # A tab ends a column and a line break a row, whatever quotes there are: those belong to the texts.
            return [[_unquoted(value) for value in line.rstrip("\r\n").split("\t")] for line in file if line.strip()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a table in UTF-8: {error}. Store it anew.") from error


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1].replace('""', '"') if quoted else value


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as text in UTF-8: {error}. Get the file again.") from error


def _arrays(texts: list[str], labels: list[int]) -> list[Array]:
    return [np.array(texts, dtype=object), np.array(labels, np.int32)]
