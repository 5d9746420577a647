"""Where the files of a tree lie: in which part, and below it in which folder of a class."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from core.common.errors import DataError
from core.common.text import plural
from core.data.base import Part
from core.data.library.part_names import files_of_parts, folders_of_parts, is_document, part_of

TITLES: dict[Part, str] = {"train": "training part", "validation": "validation part", "test": "test part"}
_TOLD = 5  # names
_UNLABELLED = {"unsup", "unsupervised", "unlabeled", "unlabelled"}  # folders beside those of classes


@dataclass(frozen=True)
class Placed:
    """A file, and where it lies below the folder that holds all: in which part, then its path."""

    entry: PurePosixPath  # as the tree knows it
    part: Part | None  # None where the files are not in parts
    path: PurePosixPath


@dataclass(frozen=True)
class Layout:
    placed: tuple[Placed, ...]  # by path
    warnings: tuple[str, ...]  # what was left out or joined, in sentences


def laid_out(entries: Sequence[PurePosixPath], name: str) -> Layout:
    """The files without the folders that all share. Names of parts are never taken for classes.

    Raises:
        DataError: no part to train on, or parts and classes beside each other.
    """
    documents = [entry for entry in entries if is_document(entry)]
    entries = sorted(set(entries) - set(documents)) or sorted(entries)
    top = _shared(entries)
    placed = _placed([(entry, PurePosixPath(*entry.parts[top:])) for entry in entries], name)
    _check_train(placed, name)
    beside = [each for each in placed if each.part is None]
    kept = [each for each in placed if each.part is not None]
    if not kept:
        return Layout(tuple(beside), _left_out(documents, "which tells of the data", "which tell of the data"))
    _check_beside(kept, beside, name)
    kept, unsorted = _without_unsorted(_unwrapped(kept))
    kept, unlabelled = _without_unlabelled(kept)
    warnings = [
        *_left_out(documents, "which tells of the data", "which tell of the data"),
        *_left_out([each.entry for each in beside], *["beside the parts"] * 2),
        *_left_out(unsorted, *["without a label, as their folder says"] * 2),
        *_left_out(unlabelled, *["of a part whose files lie in no folder of a class, and so have no labels"] * 2),
        *_joined(kept, top),
    ]
    return Layout(tuple(kept), tuple(warnings))


def _placed(pairs: Sequence[tuple[PurePosixPath, PurePosixPath]], name: str) -> list[Placed]:
    folders = folders_of_parts([path for _, path in pairs])
    files = {} if folders else files_of_parts([path for _, path in pairs])
    found = []
    for entry, path in pairs:
        above = [(folder, folders.get(folder)) for folder in reversed(path.parents) if folder.parts]
        parts = {named.part for _, named in above if named}
        if len(parts) > 1:
            raise DataError(
                f"{name}: {entry} lies in folders of two parts, {' and '.join(sorted(parts))}. Names of parts are "
                "never taken for classes: move it, or call the class otherwise."
            )
        if path in files:
            named = files[path]
            # pos/train.txt is what pos.txt would be without parts.
            kept = path.with_name(f"{named.rest}{path.suffix}") if named.rest else path.parent.with_suffix(path.suffix)
            found.append(Placed(entry, named.part, kept))
            continue
        names = {folder.name for folder, named in above if named}  # archives are often packed in a folder of their name
        rests = [named.rest if named else folder.name for folder, named in above if named or folder.name not in names]
        kept = PurePosixPath(*filter(None, rests), path.name)
        found.append(Placed(entry, parts.pop() if parts else None, kept))
    return found


def _shared(entries: Sequence[PurePosixPath]) -> int:
    """How many folders all files share at the beginning of their paths; classes and parts are not among them."""
    top = 0
    while entries and all(len(entry.parts) > top + 2 for entry in entries):
        names = {entry.parts[top] for entry in entries}
        if len(names) > 1 or part_of(next(iter(names))):
            break
        top += 1
    return top


def _unwrapped(placed: list[Placed]) -> list[Placed]:
    """Without folders that all parts have around the classes, as train/images/cats."""
    top = _shared([each.path for each in placed])
    return [replace(each, path=PurePosixPath(*each.path.parts[top:])) for each in placed]


def _check_train(placed: Sequence[Placed], name: str) -> None:
    parts = {each.part for each in placed}
    if parts - {None} and "train" not in parts:
        found = next(each for each in placed if each.part is not None)
        told = " and ".join(sorted(part for part in parts if part))
        raise DataError(
            f"{name} has a {told} part ({found.entry}), but none with examples to train on. Add a folder or file "
            "train; names of parts are never taken for classes."
        )


def _check_beside(kept: Sequence[Placed], beside: Sequence[Placed], name: str) -> None:
    """Raises DataError where a folder train seems to be meant as a class."""
    direct = [each for each in kept if len(each.path.parts) == 1 and len(each.entry.parts) > 1]
    classes = sorted({each.path.parts[0] for each in beside if len(each.path.parts) > 1})
    if direct and classes and len(direct) == len(kept):
        raise DataError(
            f"{name}: {direct[0].entry.parent} lies beside other folders ({', '.join(classes[:_TOLD])}) and holds "
            "files itself. Names of parts are never taken for classes: put the folders of the classes into it, or call "
            "the class otherwise."
        )


def _without_unsorted(placed: list[Placed]) -> tuple[list[Placed], list[PurePosixPath]]:
    """Without folders such as unsup, to learn from without labels, where two others at least are classes."""
    if len({each.path.parts[0] for each in placed if len(each.path.parts) > 1 and not _is_unsorted(each)}) < 2:
        return placed, []
    kept = [each for each in placed if not _is_unsorted(each)]
    return kept, [each.entry for each in placed if _is_unsorted(each)]


def _is_unsorted(placed: Placed) -> bool:
    return len(placed.path.parts) > 1 and placed.path.parts[0].lower() in _UNLABELLED


def _without_unlabelled(placed: list[Placed]) -> tuple[list[Placed], list[PurePosixPath]]:
    """Without the files of a part that has no folders of classes, where the part to train on has them."""
    loose: dict[Part | None, set[bool]] = defaultdict(set)
    for each in placed:
        loose[each.part].add(len(each.path.parts) == 1)
    if loose["train"] != {False}:
        return placed, []
    dropped = {part for part, found in loose.items() if found == {True}}
    return [each for each in placed if each.part not in dropped], [e.entry for e in placed if e.part in dropped]


def _left_out(entries: Sequence[PurePosixPath], one: str, several: str) -> tuple[str, ...]:
    if not entries:
        return ()
    told = ", ".join(map(str, entries[:_TOLD])) + (", …" if len(entries) > _TOLD else "")
    which = one if len(entries) == 1 else several
    return (f"Left out: {plural(len(entries), 'file')} {which}: {told}.",)


def _joined(placed: Sequence[Placed], top: int) -> list[str]:
    """Folders of two names that were taken for one part."""
    names: dict[Part, Counter[str]] = defaultdict(Counter)
    for each in placed:
        named = [folder for folder in each.entry.parts[top:-1] if part_of(folder) == each.part]
        if each.part and named:
            names[each.part][named[0]] += 1
    return [
        f"Joined as the {TITLES[part]}: {', '.join(f'{name} ({count:,})' for name, count in found.items())}."
        for part, found in names.items()
        if len(found) > 1
    ]
