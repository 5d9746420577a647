"""Parts that an author made, by the names of folders and files: train, Test, valid_set, seg_train beside seg_test."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.data.base import Part

WORDS: Mapping[str, Part] = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}
_ALSO_CLASSES = {"valid", "dev"}  # valid beside invalid are classes; parts where there is one to train on
_FILLING = {"set", "sets", "data", "dataset", "split", "part", "folder", "examples", "samples", "files"}
_FILLING |= {"images", "image", "imgs", "img", "pictures", "texts", "text", "csv", "tsv", "txt"}


@dataclass(frozen=True)
class Named:
    """What a name says: a part, and what is left of it, as pos of train_pos."""

    part: Part
    rest: str = ""


def part_of(name: str) -> Part | None:
    """The part where a name says nothing else."""
    words = [word for word in _words(name) if word not in _FILLING]
    return WORDS.get(words[0]) if len(words) == 1 else None


def parts_of(names: Iterable[str]) -> dict[str, Named]:
    """Those names of siblings, without endings, that name parts."""
    names = list(names)
    alone = {name: Named(part) for name in names if (part := part_of(name))}
    has_train = any(named.part == "train" for named in alone.values())
    if has_train:
        return alone
    within = {name: named for name in names if (named := _within(name))}
    by_rest: dict[str, set[Part]] = defaultdict(set)
    for named in within.values():
        by_rest[named.rest.lower()].add(named.part)
    paired = {rest for rest, parts in by_rest.items() if len(parts) > 1 and "train" in parts}
    if paired and len(within) == len(names):  # train_cats, train_dogs, test_cats
        return {name: Named(named.part, named.rest if len(by_rest) > 1 else "") for name, named in within.items()}
    if len(paired) == 1:  # seg_train, seg_test, and others
        return {name: Named(named.part) for name, named in within.items() if named.rest.lower() in paired}
    return {name: named for name, named in alone.items() if not _ALSO_CLASSES & set(_words(name))}


def _within(name: str) -> Named | None:
    """A name that begins or ends with one of the words."""
    pattern = "|".join(sorted(WORDS, key=len, reverse=True))
    begins = re.fullmatch(rf"({pattern})[\s_.\-]+(.+)", name, re.IGNORECASE)
    ends = re.fullmatch(rf"(.+?)[\s_.\-]+({pattern})", name, re.IGNORECASE)
    if begins:
        return Named(WORDS[begins[1].lower()], begins[2])
    return Named(WORDS[ends[2].lower()], ends[1]) if ends else None


def _alone(name: str) -> Named | None:
    part = part_of(name)
    return Named(part) if part else None


def _words(name: str) -> list[str]:
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()
    return [short for word in re.split(r"[^a-z]+", apart) if (short := word.removesuffix("set"))]


_DOCUMENTS = {"readme", "license", "licence", "copying", "changelog", "citation", "authors", "notice", "about"}


def is_document(entry: PurePosixPath) -> bool:
    """Whether it tells of the data and is none of them."""
    name = entry.name.partition(".")[0].lower()
    described = entry.suffix.lower() in (".txt", ".md") and re.search(r"(^|[\W_])(description|readme)$", name)
    return name in _DOCUMENTS or bool(described)


def folders_of_parts(paths: Sequence[PurePosixPath]) -> dict[PurePosixPath, Named]:
    """Folders that are parts, at whatever depth: train/cats, or cats/train."""
    siblings: dict[PurePosixPath, set[str]] = defaultdict(set)
    for folder in {parent for path in paths for parent in path.parents if parent.parts}:
        siblings[folder.parent].add(folder.name)
    return {parent / name: named for parent, names in siblings.items() for name, named in parts_of(names).items()}


def files_of_parts(paths: Sequence[PurePosixPath]) -> dict[PurePosixPath, Named]:
    """Files that say their part, where all do: train_1.png, pos_test.txt; or that are called so, as pos/train.txt."""
    names = {path: _within(path.stem) or _alone(path.stem) for path in paths}
    found = {path: named for path, named in names.items() if named}
    parts = {named.part for named in found.values()}
    if len(found) < len(paths) or len(parts) < 2 or "train" not in parts:
        return {}
    return found
