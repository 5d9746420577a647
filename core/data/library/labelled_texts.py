"""Labelled texts: a table with a column of labels; a file of lines for each class; or a folder of files for each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted, suggestion
from core.data.base import Array, DataInfo, Part
from core.data.library.content import Content
from core.data.library.cutting import cut
from core.data.library.decoding import decode
from core.data.library.delimited import Rows, Survey, survey
from core.data.library.file_groups import found_in_names, moments, moments_of_names
from core.data.library.part_names import part_of
from core.data.library.placing import Placed
from core.data.library.read_options import Progress, TextOptions, TextPreview, within
from core.data.library.split_files import PartTable, holds_tables, part_tables
from core.data.library.splitting import check_classes, check_count, class_names, numbered, rare
from core.data.library.trees import Tree, is_tree, opened

_LABELS = ("label", "labels", "class", "category", "sentiment", "target", "y", "topic", "polarity", "标签", "类别")
_TEXTS = ("text", "review", "sentence", "message", "comment", "content", "body", "document", "文本", "评论", "内容")
_SAMPLE = 500  # rows by which columns are told apart


@dataclass
class _Found:
    layout: Literal["table", "files", "folders"]
    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    parts: list[Part | None] = field(default_factory=list)  # that the author gave each to
    groups: list[str] = field(default_factory=list)  # of each, where one was asked for
    times: list[str] = field(default_factory=list)
    entries: list[PurePosixPath] = field(default_factory=list)  # the file of each, where each has one
    warnings: list[str] = field(default_factory=list)
    empty: int = 0  # left out: nothing but spaces, or without a label
    encoding: str = ""
    survey: Survey | None = None  # of a table
    columns: tuple[str, str] = ("", "")  # label and text

    def add(self, label: str, text: str, part: Part | None, entry: PurePosixPath | None = None) -> bool:
        """Whether it is taken."""
        text, label = text.strip(), label.strip()
        if not (text and label):
            self.empty += 1
            return False
        self.texts.append(text)
        self.labels.append(label)
        self.parts.append(part)
        self.entries += [entry] if entry else []
        return True


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
        found.parts.count("test"),
        table.columns if table else (),
        text,
        label,
        table.delimiter if table else "",
        tuple((found.labels[row], found.texts[row][:300]) for row in shown),
        validation_texts=found.parts.count("validation"),
        notes=tuple(found.warnings),
    )


def read(settings: Settings, path: Path, options: TextOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    found = _found(settings, path, name, options, progress)
    check_count(len(found.texts), name, settings)
    names = class_names(found.labels)
    task = check_classes(names, name, settings)
    y = numbered(found.labels, names)
    x = np.array(found.texts, object)
    parts = cut(y, names, found.parts, options, name, *_kept_together(found, options, name))
    warnings = found.warnings + list(parts.warnings)
    warnings += [f"Left out: {plural(found.empty, 'text')}, empty or without a label."] if found.empty else []
    warnings += rare(y[parts.train], names)
    info = DataInfo(
        (0,),
        names,
        len(parts.train),
        len(parts.rows["test"]),
        task,
        "text",
        target=found.columns[0],
        **parts.facts,
    )
    return Content(parts.raw(x, y), info, tuple(warnings))


def _kept_together(found: _Found, options: TextOptions, name: str) -> tuple[Sequence[str] | None, Array | None]:
    """Groups, and moments: of a table columns, of files patterns on their names."""
    if not (options.group or options.time):
        return None, None
    if found.layout == "files":
        raise DataError(
            f"{name}: texts on the lines of a file have neither groups nor times. Give a table with a column of them, "
            "or a file for each text."
        )
    if found.layout == "table":
        return found.groups or None, moments(found.times, name) if options.time else None
    return (
        found_in_names(found.entries, options.group, name) if options.group else None,
        moments_of_names(found.entries, options.time, name) if options.time else None,
    )


def _found(settings: Settings, path: Path, name: str, options: TextOptions, progress: Progress) -> _Found:
    if not is_tree(path):
        return _table(settings, [PartTable(None, path, name)], name, options, progress)
    with opened(path, settings, name) as tree:
        if holds_tables(tree):
            with part_tables(settings, tree) as (files, warnings):
                found = _table(settings, files, name, options, progress)
            found.warnings += warnings
            return found
        layout = tree.laid_out(lambda _: True)
        placed = _unwrapped(layout.placed)
        in_folders = len(placed[0].path.parts) > 1
        found = _folders(tree, placed, options, progress) if in_folders else _files(tree, placed, options)
        found.warnings += layout.warnings
        _check_empty(tree, found)
        return found


def _unwrapped(placed: Sequence[Placed]) -> Sequence[Placed]:
    """Without the one folder around files that are one for each class."""
    tops = {each.path.parts[0] for each in placed}
    if len(tops) == 1 and all(len(each.path.parts) == 2 for each in placed):
        return [Placed(each.entry, each.part, PurePosixPath(each.path.name)) for each in placed]
    return placed


def _folders(tree: Tree, placed: Sequence[Placed], options: TextOptions, progress: Progress) -> _Found:
    found = _Found("folders", encoding=options.encoding or "utf-8")
    beside: list[str] = []
    for number, each in enumerate(placed):
        if number % 100 == 0:
            progress(number / len(placed), f"{number:,} of {len(placed):,} texts")
        if len(each.path.parts) == 1:
            beside.append(str(each.entry))
            continue
        text = decode(tree.read(each.entry), options.encoding, f"{tree.name}, {each.entry}")
        found.add(each.path.parts[0], text, each.part, each.entry)
    if beside:
        told = f"{', '.join(beside[:5])}{', …' if len(beside) > 5 else ''}"
        found.warnings.append(f"Left out: {plural(len(beside), 'file')} beside the folders of the classes: {told}.")
    return found


def _files(tree: Tree, placed: Sequence[Placed], options: TextOptions) -> _Found:
    """One file for each class, named by it, with a text on each line."""
    found = _Found("files", encoding=options.encoding or "utf-8")
    names = _class_of_file([each.path for each in placed])
    for each in placed:
        text = decode(tree.read(each.entry), options.encoding, f"{tree.name}, {each.entry}")
        if not text.strip():
            raise DataError(f"{tree.name}: the file {each.entry} of a class is empty. Fill it, or leave it out.")
        for line in text.split("\n"):
            if line.strip():
                found.add(names[each.path], line, each.part)
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
    empty = sorted(
        str(folder)
        for folder in tree.folders - holding - around
        if folder.parent in siblings and part_of(folder.name) is None
    )
    if empty:
        raise DataError(f"{tree.name}: the folder {empty[0]} of a class holds no texts. Fill it, or leave it out.")


def _table(
    settings: Settings, files: Sequence[PartTable], name: str, options: TextOptions, progress: Progress
) -> _Found:
    found = _Found("table")
    for number, file in enumerate(files):
        table = survey(
            settings, file.path, file.name, options.encoding, options.delimiter, _has_header, within(progress, 0, 0.7)
        )
        if number == 0:
            found.survey, found.encoding = table, table.encoding
            found.columns = _columns(table, options)
        by = {kind: column for kind, column in (("group", options.group), ("time", options.time)) if column}
        missing = sorted({*found.columns, *by.values()} - set(table.columns))
        if missing:
            raise DataError(
                f"{file.name} has no column {quoted(missing[0])}{suggestion(missing[0], table.columns)}; accepted are "
                f"{', '.join(table.columns[:20])}. All files need the same columns."
            )
        progress(0.7, f"reading {table.rows:,} rows")
        label, text = (table.columns.index(column) for column in found.columns)
        places = {kind: table.columns.index(column) for kind, column in by.items()}
        for row in table.read():
            if found.add(row[label], row[text], file.part):
                found.groups += [row[places["group"]].strip()] if "group" in places else []
                found.times += [row[places["time"]].strip()] if "time" in places else []
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
