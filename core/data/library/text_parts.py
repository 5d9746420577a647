"""Texts to the parts that a column of their table names."""

from collections.abc import Sequence

from core.common.text import plural, quoted
from core.data.base import Part
from core.data.library.tables.author_parts import PARTS, parts_said


def parts_of_texts(
    column: str, values: Sequence[str], of_files: Sequence[Part | None]
) -> tuple[list[Part | None], list[bool], list[str]]:
    """The part of each text, by the column, else by its file; which texts are of one; and what is to be told.

    Args:
        values: of the column, one a text.
    """
    said = parts_said(column, list(dict.fromkeys(filter(None, values))))
    if not said:
        return list(of_files), [True] * len(values), []
    parts = [said.get(value, of_file) for value, of_file in zip(values, of_files, strict=True)]
    counts = ", ".join(f"{parts.count(part):,} {part}" for part in PARTS if part in parts)
    told = [
        f"{column}: parts as their author made them: {counts}. To cut them anew, leave this column out of the file."
    ]
    none = [value for value, part in zip(values, parts, strict=True) if part is None]
    if none:
        words = ", ".join(quoted(word, 30) if word else "an empty cell" for word in sorted(set(none))[:3])
        told.append(f"Left out: {plural(len(none), 'text')} of no part, as {column} holds {words}.")
    return parts, [part is not None for part in parts], told
