"""Cells that hold several labels at once, as genres and tags do: taken as classes, each combination would be one."""

import json
from collections import Counter
from collections.abc import Sequence

from core.common.text import plural, quoted

_BETWEEN = (";", "|")
_WITHIN = (",", "/", "+")  # that stand in names, numbers, dates and paths of classes, too
_LEAST_KNOWN = 0.5  # share of the labels in such cells that stand in other cells, too


def several(labels: Sequence[str]) -> str:
    """A sentence that says what the labels look like, "" where each is one."""
    counts = Counter(labels)
    for sign in (*_BETWEEN, *_WITHIN):
        found = {label: parts for label in counts if len(parts := _parts(label, sign)) > 1}
        if sign in _WITHIN and (_numbers(found) or _paths(counts, found)):
            continue
        if told := _told(counts, found, f"{quoted(sign)} between"):
            return told
    lists = {label: items for label in counts if len(items := _listed(label)) > 1}
    single = {label: items for label in counts if len(items := _listed(label)) == 1}
    if lists and len(lists) + len(single) == len(counts):
        return _told(counts, lists, "a list", {items[0] for items in single.values()})
    return ""


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
        f"{rows:,} of {plural(counts.total(), 'text')} seem to have several labels at once, with {how}, such as "
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
    """What a list, as Python or JSON writes it, holds; nothing for other labels."""
    if not (label.startswith("[") and label.endswith("]")):
        return []
    try:
        items = json.loads(label.replace("'", '"'))
    except ValueError:
        return []
    return [str(item) for item in items]
