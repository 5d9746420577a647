"""What people call runs: the rules for names, experiments, tags and notes."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from core.common.errors import Problem
from core.common.text import plural, quoted

MAX_NAME = 200  # characters; a longer name is a mistake, and breaks every table it stands in
MAX_NOTES = 100_000
_IN_PROSE = "\n\t\r"  # the last before a new line, as browsers send them


def label_problems(field: str, text: str) -> list[Problem]:
    """Of a name, an experiment or a tag: one line, anything that can be read. An empty one is no problem here."""
    if len(text) > MAX_NAME:
        return [Problem(field, f"must have at most {MAX_NAME} characters; received {len(text):,}")]
    if any(unicodedata.category(character) == "Cc" for character in text):
        return [Problem(field, f"must be one line without control characters; received {quoted(text)}")]
    return _encoding_problems(field, text)


def notes_problems(text: str) -> list[Problem]:
    if len(text) > MAX_NOTES:
        return [Problem("notes", f"must have at most {MAX_NOTES:,} characters; received {len(text):,}")]
    if found := next((each for each in text if unicodedata.category(each) == "Cc" and each not in _IN_PROSE), ""):
        told = f"must have no control characters but new lines and tabs; received {quoted(found)}"
        return [Problem("notes", f"{told} after {plural(text.index(found), 'character')}")]
    return _encoding_problems("notes", text)


def told_labels(told: Mapping[str, Any]) -> dict[str, str]:
    """Name and notes as a client's script has them: what breaks the rules is mended, as nobody is there to do it."""
    found = {}
    if name := _without_controls(str(told.get("name", "")), "").strip()[:MAX_NAME]:
        found["name"] = name
    if "notes" in told:
        found["notes"] = _without_controls(str(told["notes"]), _IN_PROSE)[:MAX_NOTES]
    return found


def _without_controls(text: str, accepted: str) -> str:
    whole = text.encode("utf-8", "replace").decode()
    return "".join(each if unicodedata.category(each) != "Cc" or each in accepted else " " for each in whole)


def clean_tags(tags: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def _encoding_problems(field: str, text: str) -> list[Problem]:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return [Problem(field, f"must be valid Unicode; character {error.start + 1} is half of a surrogate pair")]
    return []
