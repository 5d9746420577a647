"""Labelled texts: a table with a column of labels; a file of lines for each class; or a folder of files for each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted, suggestion
from core.data.base import Array, DataInfo, Raw
from core.data.library.content import Content
from core.data.library.decoding import decode_together
from core.data.library.delimited import Rows, Survey, survey
from core.data.library.read_options import Progress, TextOptions, TextPreview, within
from core.data.library.splitting import check_classes, check_count, class_names, held_back, numbered, rare
from core.data.library.table import parts
from core.data.library.trees import Placed, Tree, is_tree, opened

_LABELS = ("label", "labels", "class", "category", "sentiment", "target", "y", "topic", "polarity", "标签", "类别")
_TEXTS = ("text", "review", "sentence", "message", "comment", "content", "body", "document", "文本", "评论", "内容")
_TABLES = (".csv", ".tsv")
_SAMPLE = 500  # rows by which columns are told apart


@dataclass
class _Found:
    layout: Literal["table", "files", "folders"]
    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    tests: list[bool] = field(default_factory=list)  # whether each is of a test part of its own
    empty: int = 0  # left out: nothing but spaces, or without a label
    encoding: str = ""
    encoding_note: str = ""  # a sentence where the encoding is a guess
    survey: Survey | None = None  # of a table
    columns: tuple[str, str] = ("", "")  # label and text

    def add(self, label: str, text: str, test: bool) -> None:
        text, label = text.strip(), label.strip()
        if text and label:
            self.texts.append(text)
            self.labels.append(label)
            self.tests.append(test)
        else:
            self.empty += 1


def peek(settings: Settings, path: Path, options: TextOptions, progress: Progress) -> TextPreview:
    name = options.origin or path.name
    found = _found(settings, path, name, options, progress)
    table = found.survey
    label, text = found.columns
    shown = _spread_out(found.labels)
    return TextPreview(
        found.encoding,
        found.layout,
        dict(sorted(Counter(found.labels).items())),
        sum(found.tests),
        table.columns if table else (),
        text,
        label,
        table.delimiter if table else "",
        tuple((found.labels[row], found.texts[row][:300]) for row in shown),
        found.encoding_note,
    )


def read(settings: Settings, path: Path, options: TextOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    found = _found(settings, path, name, options, progress)
    check_count(len(found.texts), name, settings)
    names = class_names(found.labels)
    task = check_classes(names, name, settings)
    y = numbered(found.labels, names)
    x = np.array(found.texts, object)
    is_test = np.array(found.tests, bool)
    train, test = (
        (np.flatnonzero(~is_test), np.flatnonzero(is_test)) if is_test.any() else held_back(y, options.test_share)
    )
    _check_train(y, train, names, name)
    warnings = [f"Left out: {plural(found.empty, 'text')}, empty or without a label."] if found.empty else []
    warnings += [found.encoding_note] if found.encoding_note else []
    warnings += rare(y[train], names)
    info = DataInfo((0,), names, len(train), len(test), task, "text", target=found.columns[0])
    return Content(Raw(x[train], y[train], x[test], y[test]), info, tuple(warnings))


def _check_train(y: Array, train: Array, names: Sequence[str], name: str) -> None:
    missing = sorted(set(range(len(names))) - set(y[train].tolist()))
    if missing:
        raise DataError(
            f"{name}: the class {quoted(names[missing[0]])} is in the test part, but not in the part to train on. Add "
            "examples of it there, or leave it out."
        )


def _found(settings: Settings, path: Path, name: str, options: TextOptions, progress: Progress) -> _Found:
    if not is_tree(path):
        return _table(settings, path, name, options, progress)
    with opened(path, settings, name) as tree:
        if all(entry.suffix.lower() in _TABLES for entry in tree.sizes):
            return _table(settings, path, name, options, progress)
        placed = _unwrapped(tree.placed(lambda _: True))
        in_folders = len(placed[0].path.parts) > 1
        found = _folders(tree, placed, options, progress) if in_folders else _files(tree, placed, options, progress)
        _check_empty(tree, found)
        return found


def _unwrapped(placed: list[Placed]) -> list[Placed]:
    """Without the one folder around files that are one for each class."""
    tops = {each.path.parts[0] for each in placed}
    if len(tops) == 1 and all(len(each.path.parts) == 2 for each in placed):
        return [Placed(each.entry, each.part, PurePosixPath(each.path.name)) for each in placed]
    return placed


def _folders(tree: Tree, placed: list[Placed], options: TextOptions, progress: Progress) -> _Found:
    found = _Found("folders")
    inside = [each for each in placed if len(each.path.parts) > 1]  # what lies beside the folders is none of the data
    for each, text in zip(inside, _decoded(tree, inside, options, found, progress), strict=True):
        found.add(each.path.parts[0], text, each.part == "test")
    return found


def _decoded(tree: Tree, placed: list[Placed], options: TextOptions, found: _Found, progress: Progress) -> list[str]:
    """What these files hold; how they were read is noted."""

    def contents() -> Iterator[tuple[str, bytes]]:
        for number, each in enumerate(placed):
            if number % 100 == 0:
                progress(number / len(placed), f"{number:,} of {len(placed):,} texts")
            yield f"{tree.name}, {each.entry}", tree.read(each.entry)

    texts, encoding = decode_together(contents(), options.encoding)
    found.encoding, found.encoding_note = encoding.name, encoding.told
    return texts


def _files(tree: Tree, placed: list[Placed], options: TextOptions, progress: Progress) -> _Found:
    """One file for each class, named by it, with a text on each line."""
    found = _Found("files")
    names = _class_of_file([each.path for each in placed])
    for each, text in zip(placed, _decoded(tree, placed, options, found, progress), strict=True):
        if not text.strip():
            raise DataError(f"{tree.name}: the file {each.entry} of a class is empty. Fill it, or leave it out.")
        for line in text.split("\n"):
            if line.strip():
                found.add(names[each.path], line, each.part == "test")
    return found


def _class_of_file(paths: Sequence[PurePosixPath]) -> dict[PurePosixPath, str]:
    """The name without its ending; the ending where only that tells the files apart, as in reviews.pos, reviews.neg."""
    distinct = set(paths)
    if len({path.stem for path in distinct}) == len(distinct):
        return {path: path.stem for path in distinct}
    if len({path.stem for path in distinct}) == 1:
        return {path: path.suffix.lstrip(".") or path.name for path in distinct}
    return {path: path.name for path in distinct}


def _check_empty(tree: Tree, found: _Found) -> None:
    """Raises DataError for a class without texts: those who packed it expect it to be there."""
    if found.layout != "folders":
        return
    holding = {entry.parent for entry in tree.sizes}
    around = {parent for folder in holding for parent in folder.parents}
    siblings = {folder.parent for folder in holding}
    empty = sorted(str(folder) for folder in tree.folders - holding - around if folder.parent in siblings)
    if empty:
        raise DataError(f"{tree.name}: the folder {empty[0]} of a class holds no texts. Fill it, or leave it out.")


def _table(settings: Settings, path: Path, name: str, options: TextOptions, progress: Progress) -> _Found:
    found = _Found("table")
    with parts(settings, path, name) as files:
        for number, (file, told) in enumerate(files):
            table = survey(
                settings, file, told, options.encoding, options.delimiter, _has_header, within(progress, 0, 0.7)
            )
            if number == 0:
                found.survey, found.encoding, found.encoding_note = table, table.encoding, table.encoding_note
                found.columns = _columns(table, options)
            missing = sorted(set(found.columns) - set(table.columns))
            if missing:
                raise DataError(f"{told} has no column {quoted(missing[0])}; both files need the same columns.")
            progress(0.7, f"reading {table.rows:,} rows")
            label, text = (table.columns.index(column) for column in found.columns)
            for row in table.read():
                found.add(row[label], row[text], test=number == 1)
    if not found.texts:
        raise DataError(f"{name} holds no row with both a label and a text. Choose other columns.")
    return found


def _has_header(rows: Rows) -> bool:
    """The first row has names that columns of labels or texts go by; or it has in no column what other rows have."""
    first = [cell.strip().lower() for cell in rows[0]]
    if any(cell in (*_LABELS, *_TEXTS) for cell in first):
        return True
    others = [{row[at].strip().lower() for row in rows[1:] if len(row) > at} for at in range(len(first))]
    return len(rows) > 1 and all(
        len(cell) <= 40 and cell not in known for cell, known in zip(first, others, strict=True)
    )


def _columns(table: Survey, options: TextOptions) -> tuple[str, str]:
    """Label and text, as given or guessed. Raises DataError when they cannot be told."""
    if len(table.columns) < 2:
        raise DataError(
            f"{table.name} has one column only, by the delimiter {quoted(table.delimiter)}; accepted are a column of "
            "labels "
            "and one of texts. Say the delimiter, or add labels."
        )
    for said in (options.label, options.text):
        if said and said not in table.columns:
            known = ", ".join(table.columns[:20])
            raise DataError(
                f"There is no column {quoted(said)}{suggestion(said, table.columns)}. The columns are {known}."
            )
    if options.label and options.label == options.text:
        raise DataError(
            f"The column {quoted(options.label)} cannot be both label and text. Choose another for one of them."
        )
    rows = list(islice(table.read(), _SAMPLE))
    values = {column: [row[at] for row in rows] for at, column in enumerate(table.columns)}
    lengths = {column: sum(map(len, found)) / len(found) for column, found in values.items()}
    distinct = {column: len({value for value in found if value.strip()}) for column, found in values.items()}
    text = options.text or next(
        (column for column in table.columns if column.lower() in _TEXTS and column != options.label),
        max((column for column in table.columns if column != options.label), key=lengths.__getitem__),
    )
    others = [column for column in table.columns if column != text]
    label = options.label or next(
        (column for column in others if column.lower() in _LABELS),
        min(others, key=lambda column: (distinct[column] < 2, distinct[column])),
    )
    return label, text


def _spread_out(labels: Sequence[str]) -> list[int]:
    """Twenty positions from the beginning to the end, so that every class is likely to be seen."""
    return np.unique(np.linspace(0, len(labels) - 1, 20).astype(int)).tolist() if labels else []
