"""Running text out of JSON: which fields hold text, how much of it, and the text of one of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.common.errors import DataError
from core.common.text import quoted, suggestion

JSON, JSON_LINES = (".json",), (".jsonl", ".ndjson")
WHOLE = "."  # in place of a field: the file as it is, with its braces and keys
_MOST_FIELDS = 200
_EXAMPLE = 120  # characters
_CLEAR = 0.8  # share of all characters that makes a field the one to propose


@dataclass(frozen=True)
class TextField:
    name: str  # keys from the outside in, with points between; "" where the file is a list of texts
    texts: int
    characters: int
    example: str


def records(text: str, suffix: str, name: str) -> list[object] | None:
    """What a file of JSON holds, None for other text. Raises DataError for a JSON file that cannot be read as one."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    named = suffix in (*JSON, *JSON_LINES)
    if start not in ("{", "[") and not named:
        return None
    try:
        whole = json.loads(text, parse_int=float)  # numbers are not learned, however long
        return list(whole) if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError) as error:
        lines = _lines(text)
        if lines is not None:
            return lines
        if not named:
            return None
        raise DataError(
            f"{name} cannot be read as JSON: {error}. Correct it; or say {quoted(WHOLE)} as its field, to learn it as "
            "it is, signs and all."
        ) from error


def _lines(text: str) -> list[object] | None:
    found: list[object] = []
    for line in text.split("\n"):
        if line.strip():
            try:
                found.append(json.loads(line, parse_int=float))
            except (ValueError, RecursionError):
                return None
    return found if any(isinstance(each, dict) for each in found) else None


def fields(found: Sequence[object]) -> list[TextField]:
    """Those that hold text, those with the most of it first."""
    texts: dict[str, list[int]] = {}
    examples: dict[str, str] = {}
    for record in found:
        for path, text in _texts(record, ""):
            if path not in texts and len(texts) == _MOST_FIELDS:
                continue
            counts = texts.setdefault(path, [0, 0])
            counts[0] += 1
            counts[1] += len(text)
            examples.setdefault(path, " ".join(text.split())[:_EXAMPLE])
    made = [TextField(path, count, size, examples[path]) for path, (count, size) in texts.items()]
    return sorted(made, key=lambda field: -field.characters)


def proposed(found: Sequence[TextField]) -> str | None:
    """The field with nearly all of the text; None where several share it."""
    total = sum(field.characters for field in found)
    return found[0].name if found and found[0].characters >= _CLEAR * total else None


def text_of(found: Sequence[object], field: str) -> str:
    """All texts of a field: those of one record on lines of their own, an empty line between records of several."""
    pieces = ["\n".join(text for path, text in _texts(record, "") if path == field) for record in found]
    pieces = [piece.strip("\n") for piece in pieces if piece.strip()]
    return ("\n\n" if any("\n" in piece for piece in pieces) else "\n").join(pieces)


def told(found: Sequence[TextField]) -> str:
    """The fields in a sentence's part: "paragraphs (60 texts, 420 characters), title (…)"."""
    shown = [f"{field.name} ({field.texts:,} texts, {field.characters:,} characters)" for field in found[:8]]
    return ", ".join(shown) + (", …" if len(found) > 8 else "")


def check_field(name: str, field: str, found: Sequence[TextField]) -> None:
    names = [each.name for each in found]
    if field not in names:
        raise DataError(
            f"{name} has no field {quoted(field)} with text{suggestion(field, names)}. Its fields are {told(found)}."
        )


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text within, with the keys that lead to it; lists are no part of the way."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, path)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{path}.{key}" if path else str(key))
