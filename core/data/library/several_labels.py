"""Cells that hold several labels at once, as genres and tags do: taken as classes, each combination would be one."""

import contextlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.common.text import plural, quoted

_BETWEEN = (";", "|")
_WITHIN = (",", "/", "+")  # that stand in names, numbers, dates and paths of classes, too
_LEAST_KNOWN = 0.5  # share of the labels in such cells that stand in other cells, too
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
LIST, BLANK = "list", " "  # beside signs: what parts the labels of a cell
SIGNS = {"comma": ",", "semicolon": ";", "bar": "|", "pipe": "|", "blank": BLANK, "slash": "/", "plus": "+", LIST: LIST}


@dataclass(frozen=True)
class Several:
    """How cells seem to hold several labels."""

    sign: str  # between them, or LIST
    told: str  # a sentence


def several(labels: Sequence[str] | Counter[str]) -> Several | None:
    """What the labels look like, None where each is one; empty cells tell nothing."""
    counts = labels if isinstance(labels, Counter) else Counter(filter(None, labels))
    if counts and all(label.startswith("[") and label.endswith("]") for label in counts):
        return _lists(counts)
    for sign in (*_BETWEEN, *_WITHIN):
        found = {label: parts for label in counts if len(parts := _parts(label, sign)) > 1}
        if sign in _WITHIN and (_numbers(found) or _paths(counts, found)):
            continue
        if told := _told(counts, found, f"{quoted(sign)} between"):
            return Several(sign, told)
    words = {label: parts for label in counts if len(parts := label.split()) > 1}
    told = _told(counts, words, "a blank between") if _are_words(counts, words) else ""
    return Several(BLANK, told) if told else None


def _lists(counts: Counter[str]) -> Several | None:
    """Of cells that are all in brackets; an empty list is no label."""
    found = {label: items for label in counts if (items := _listed(label))}
    several = {label: items for label, items in found.items() if len(items) > 1}
    if not several or any(label not in found and label[1:-1].strip() for label in counts):
        return None
    told = _told(counts, several, "a list", {items[0] for items in found.values() if len(items) == 1})
    return Several(LIST, told) if told else None


def parted(cell: str, sign: str) -> list[str]:
    """The labels of a cell, each once."""
    if sign == LIST:
        found = _listed(cell) if cell.startswith("[") else [cell]
    else:
        found = cell.split() if sign == BLANK else cell.split(sign)
    return list(dict.fromkeys(filter(None, (label.strip() for label in found))))


def sign_of(said: str) -> str:
    """What parts labels, as a user says it: a sign, or its name; "" is to be found out."""
    return SIGNS.get(said.strip().lower(), said.strip() or said)


def _are_words(counts: Counter[str], found: dict[str, list[str]]) -> bool:
    """Blanks are within most names of classes: each word must be a label by itself, and beside others."""
    partners: dict[str, set[str]] = {}
    for parts in found.values():
        for part in parts:
            partners.setdefault(part, set()).update(parts)
    return len(found) > 2 and all(part in counts and len(beside) > 2 for part, beside in partners.items())


def _told(counts: Counter[str], found: dict[str, list[str]], how: str, alone: set[str] | None = None) -> str:
    """`found`: labels that fall into parts; `alone`: labels that are known to be one."""
    if not found:
        return ""
    elsewhere = Counter(part for parts in found.values() for part in set(parts))
    elsewhere.update(alone if alone is not None else [label for label in counts if label not in found])
    every = [part for parts in found.values() for part in parts]
    known = sum(elsewhere[part] > 1 for part in every)
    if known < _LEAST_KNOWN * len(every) or any(not part for part in every):
        return ""
    rows = sum(counts[label] for label in found)
    example = max(found, key=lambda label: (counts[label], label))
    names = " and ".join(map(quoted, found[example][:3]))
    return (
        f"{rows:,} of {plural(counts.total(), 'cell')} seem to have several labels at once, with {how}, such as "
        f"{quoted(example)} for {names}."
    )


def _numbers(found: dict[str, list[str]]) -> bool:
    return all(part.replace(".", "").isdecimal() for parts in found.values() for part in parts)


def _paths(counts: Counter[str], found: dict[str, list[str]]) -> bool:
    """Whether no part is a label itself, or stands in two places, as it would in a list: sports/golf, sports/rugby."""
    places: dict[str, set[int]] = {}
    for parts in found.values():
        for place, part in enumerate(parts):
            places.setdefault(part, set()).add(place)
    return not any(part in counts or len(where) > 1 for part, where in places.items())


def _parts(label: str, sign: str) -> list[str]:
    return [part.strip() for part in label.strip(sign + " ").split(sign)]


def _listed(label: str) -> list[str]:
    """What a list holds, as JSON, Python or NumPy writes it; nothing for other labels."""
    if not (label.startswith("[") and label.endswith("]")):
        return []
    with contextlib.suppress(ValueError, RecursionError):
        items = json.loads(label)
        return [str(item) for item in items] if not any(isinstance(item, dict | list) for item in items) else []
    inside = label[1:-1]
    if not any(sign in inside for sign in "'\"[]{}"):
        return [part.strip() for part in inside.split(",") if part.strip()]
    if _QUOTED.sub("", inside).strip(", \t\r\n"):  # more than what is quoted
        return []
    return [re.sub(r"\\(.)", r"\1", one or other) for one, other in _QUOTED.findall(inside)]
