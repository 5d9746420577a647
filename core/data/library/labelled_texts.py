"""Labelled texts: a table with a column of labels; a file of lines for each class; or a folder of files for each."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural
from core.data.base import Array, DataInfo
from core.data.library.content import Content
from core.data.library.cutting import cut
from core.data.library.decoding import decode_together
from core.data.library.file_groups import found_in_names, moments, moments_of_names
from core.data.library.folders import private_folder
from core.data.library.found_texts import FoundTexts, of_tables
from core.data.library.part_names import part_of
from core.data.library.part_tables import PartTable, parts_in_sheets
from core.data.library.placing import Placed
from core.data.library.read_options import Progress, TextOptions, TextPreview
from core.data.library.split_files import holds_tables, tables_of_texts
from core.data.library.splitting import check_count, rare
from core.data.library.table_files.formats import is_workbook, unpacked
from core.data.library.text_targets import peeked, text_targets
from core.data.library.trees import Tree, is_tree, opened
from core.data.vocabulary import RULES


def peek(settings: Settings, path: Path, options: TextOptions, progress: Progress) -> TextPreview:
    name = options.origin or path.name
    found = _found(settings, path, name, options, progress)
    targets, counts, problem = peeked(found.labels, options, name, settings, found.label_column, found.label_columns)
    if targets is not None:
        found.keep(targets.kept)
    table = found.table
    shown = _spread_out(found.labels)
    return TextPreview(
        found.encoding,
        found.layout,
        counts,
        found.parts.count("test"),
        table.columns if table else (),
        found.columns.text,
        found.columns.label,
        table.delimiter if table else "",
        tuple((found.labels[row], found.texts[row][:300]) for row in shown),
        validation_texts=found.parts.count("validation"),
        notes=tuple(found.warnings),
        encoding_note=found.encoding_note,
        task=targets.task if targets else "multiclass",
        told=targets.told if targets else (),
        problem=problem,
        label_columns=found.label_columns,
        joined=found.columns.joined,
    )


def read(settings: Settings, path: Path, options: TextOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    found = _found(settings, path, name, options, progress)
    check_count(len(found.texts), name, settings)
    targets = text_targets(found.labels, options, name, settings, found.label_column, found.label_columns)
    found.keep(targets.kept)
    y, names = targets.y, targets.names
    x = np.array(found.texts, object)
    parts = cut(y, names, found.parts, options, name, *_kept_together(found, options, name))
    warnings = found.warnings + list(targets.told) + list(parts.warnings)
    warnings += [f"Left out: {plural(found.empty, 'text')}, empty or without a label."] if found.empty else []
    if found.respelled:
        shown = ", ".join(sorted(found.respelled)[:3])
        warnings.append(f"Labels in other codes of the same letters, or with invisible signs, are one class: {shown}.")
    warnings += [found.encoding_note] if found.encoding_note else []
    warnings += rare(y[parts.train], names) if names else []
    info = DataInfo(
        (0,),
        names,
        len(parts.train),
        len(parts.rows["test"]),
        targets.task,
        "text",
        target="" if found.label_columns else found.columns.label,
        text_columns=found.columns.texts,
        word_rules=RULES,
        **parts.facts,
    )
    return Content(parts.raw(x, y), info, tuple(warnings))


def _kept_together(
    found: FoundTexts, options: TextOptions, name: str
) -> tuple[Sequence[str] | None, Array | None, Sequence[str]]:
    """Groups, moments, and these as they were written: of a table columns, of files patterns on their names."""
    if not (options.group or options.time):
        return None, None, ()
    if found.layout == "files":
        raise DataError(
            f"{name}: texts on the lines of a file have neither groups nor times. Give a table with a column of them, "
            "or a file for each text."
        )
    if found.layout == "table":
        return found.groups or None, moments(found.times, name) if options.time else None, found.times
    groups = found_in_names(found.entries, options.group, name) if options.group else None
    return groups, *moments_of_names(found.entries, options.time, name)


def _found(settings: Settings, path: Path, name: str, options: TextOptions, progress: Progress) -> FoundTexts:
    if not is_tree(path) or is_workbook(path) or is_workbook(Path(name)):
        with private_folder(settings, "unpacked") as folder:
            files, told = [PartTable(None, *unpacked(settings, path, name, folder), name)], list[str]()
            if not options.sheet:
                files, told = parts_in_sheets(files[0])
            found = of_tables(settings, files, name, options, progress)
            found.warnings += told
            return found
    with opened(path, settings, name) as tree:
        if holds_tables(tree):
            with tables_of_texts(settings, tree) as (files, warnings):
                found = of_tables(settings, files, name, options, progress)
            found.warnings += warnings
            return found
        layout = tree.laid_out(lambda _: True)
        placed = _unwrapped(layout.placed)
        in_folders = 2 * sum(len(each.path.parts) > 1 for each in placed) > len(placed)
        found = _folders(tree, placed, options, progress) if in_folders else _files(tree, placed, options, progress)
        found.warnings += layout.warnings
        _check_empty(tree, found)
        return found


def _unwrapped(placed: Sequence[Placed]) -> Sequence[Placed]:
    """Without the one folder around files that are one for each class."""
    tops = {each.path.parts[0] for each in placed}
    if len(tops) == 1 and all(len(each.path.parts) == 2 for each in placed):
        return [Placed(each.entry, each.part, PurePosixPath(each.path.name)) for each in placed]
    return placed


def _folders(tree: Tree, placed: Sequence[Placed], options: TextOptions, progress: Progress) -> FoundTexts:
    found = FoundTexts("folders")
    inside = [each for each in placed if len(each.path.parts) > 1]
    beside = [str(each.entry) for each in placed if len(each.path.parts) == 1]
    for each, text in zip(inside, _decoded(tree, inside, options, found, progress), strict=True):
        found.add(each.path.parts[0], text, each.part, each.entry)
    if beside:
        told = f"{', '.join(beside[:5])}{', …' if len(beside) > 5 else ''}"
        found.warnings.append(f"Left out: {plural(len(beside), 'file')} beside the folders of the classes: {told}.")
    return found


def _decoded(
    tree: Tree, placed: Sequence[Placed], options: TextOptions, found: FoundTexts, progress: Progress
) -> list[str]:
    """What these files hold; how they were read is noted."""

    def contents() -> Iterator[tuple[str, bytes]]:
        for number, each in enumerate(placed):
            if number % 100 == 0:
                progress(number / len(placed), f"{number:,} of {len(placed):,} texts")
            yield f"{tree.name}, {each.entry}", tree.read(each.entry)

    texts, encoding = decode_together(contents(), options.encoding)
    found.encoding, found.encoding_note = encoding.name, encoding.told
    return texts


def _files(tree: Tree, placed: Sequence[Placed], options: TextOptions, progress: Progress) -> FoundTexts:
    """One file for each class, named by it, with a text on each line."""
    found = FoundTexts("files")
    names = _class_of_file([each.path for each in placed])
    for each, text in zip(placed, _decoded(tree, placed, options, found, progress), strict=True):
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


def _check_empty(tree: Tree, found: FoundTexts) -> None:
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


def _spread_out(labels: Sequence[str]) -> list[int]:
    """Twenty positions from the beginning to the end, so that every class is likely to be seen."""
    return np.unique(np.linspace(0, len(labels) - 1, 20).astype(int)).tolist() if labels else []
