"""Names of classes that stand in a file of their own, or are given later: the data hold numbers or short forms."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.common.errors import DataError
from core.common.text import plural, quoted, suggestion
from core.data.library.decoding import decode

_LONGEST = 200  # characters of a name
_LARGEST = 4 * 1024**2  # bytes of a file of names

Names = Mapping[str, str] | Sequence[str]  # by the label in the data, or in the order of the classes


def read_names(path: Path) -> Names:
    """A name on each line, or `label<tab>name`; or JSON, an object by label or a list. Raises DataError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(f"{path.name} is too large for names of classes: more than {_LARGEST // 1024**2} MB.")
        text = decode(path.read_bytes(), "", path.name)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror}.") from error
    return parse_names(text, path.name)


def parse_names(text: str, name: str) -> Names:
    """As `read_names`. Raises DataError."""
    text = text.removeprefix("\ufeff").strip()
    if text[:1] in ("{", "["):
        return _json(text, name)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise DataError(f"{name} holds no names. Write one on each line, or label, tab and name.")
    if all("\t" in line for line in lines):
        pairs = [line.split("\t", 1) for line in lines]
        return _mapping([(label.strip(), found.strip()) for label, found in pairs], name)
    if any("\t" in line for line in lines):
        odd = next(number for number, line in enumerate(lines, 1) if ("\t" in line) != ("\t" in lines[0]))
        raise DataError(f"{name}, line {odd}: write a label, a tab and a name on each line, or a name only on each.")
    return [line.strip() for line in lines]


def _json(text: str, name: str) -> Names:
    try:
        found = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name} cannot be read as JSON: {error}. Correct it.") from error
    if text[0] == "{":
        return _mapping(_turned([(str(label), value) for label, value in found], name), name)
    if not all(isinstance(value, str) for value in found):
        raise DataError(f'{name}: a list of names holds texts only. Write ["cat", "dog"], or an object by label.')
    return list(found)


def _turned(pairs: list[tuple[str, object]], name: str) -> list[tuple[str, str]]:
    """{"cat": 0} is read as {"0": "cat"}."""
    if all(isinstance(value, int) and not isinstance(value, bool) for _, value in pairs):
        return [(str(value), label) for label, value in pairs]
    if not all(isinstance(value, str) for _, value in pairs):
        raise DataError(f'{name}: names of classes are texts. Write {{"0": "cat", "1": "dog"}}.')
    return [(label, str(value)) for label, value in pairs]


def _mapping(pairs: list[tuple[str, str]], name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for label, given in pairs:
        if label in found:
            raise DataError(f"{name} names the label {quoted(label)} twice. Give each label one name.")
        found[label] = given
    return found


def renamed(classes: Sequence[str], names: Names, what: str) -> tuple[str, ...]:
    """The classes by these names; those that a mapping does not name keep theirs.

    Raises:
        DataError: too many or too few, a label that is no class, an empty or too long name, or one name for two.
    """
    given = _by_order(classes, names, what) if not isinstance(names, Mapping) else _by_label(classes, names, what)
    for old, new in zip(classes, given, strict=True):
        if not new.strip() or len(new) > _LONGEST:
            raise DataError(
                f"The class {quoted(old)} cannot be called {quoted(new)}; accepted are 1 to {_LONGEST} characters."
            )
    twice = sorted({name for name in given if given.count(name) > 1})
    if twice:
        raise DataError(f"Two classes would be called {quoted(twice[0])}. Give each a name of its own.")
    return tuple(given)


def _by_label(classes: Sequence[str], names: Mapping[str, str], what: str) -> list[str]:
    unknown = [label for label in names if label not in classes]
    # Names of all that there may be can go beyond what these data hold, if each of theirs has one.
    if unknown and not all(label in names for label in classes):
        raise DataError(
            f"{what} has no class {quoted(unknown[0])}{suggestion(unknown[0], classes)}. Its classes are "
            f"{', '.join(classes[:20])}{', …' if len(classes) > 20 else ''}."
        )
    return [names.get(label, label).strip() for label in classes]


def _by_order(classes: Sequence[str], names: Sequence[str], what: str) -> list[str]:
    """Names by number: from 0, or from 1 where that is the first one; every class in its order where they are words."""
    numbers = [int(label) for label in classes if label.isdecimal()]
    if len(numbers) == len(classes):
        first = 1 if min(numbers) == 1 and max(numbers) == len(names) else 0
        if max(numbers) - first < len(names):
            return [names[number - first].strip() for number in numbers]
        raise DataError(
            f"{what} has a class {max(numbers)}, and there are {plural(len(names), 'name')}, the first for class "
            f"{first}. Give a name for each, or label, tab and name on each line."
        )
    if sorted(names) == sorted(classes):
        return list(classes)
    raise DataError(
        f"The classes of {what} are words ({', '.join(classes[:5])}{', …' if len(classes) > 5 else ''}), so a list of "
        "names does not say which is whose. Write label, tab and name on each line."
    )
