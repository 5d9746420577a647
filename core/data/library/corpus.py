"""A running text: one file of text or JSON, or those of a zip or folder one after the other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.base import DataInfo, Raw
from core.data.library import text_fields
from core.data.library.content import Content
from core.data.library.decoding import Encoding, decode_together, find_encoding
from core.data.library.folders import private_folder
from core.data.library.read_options import CorpusOptions, CorpusPreview, Progress, TableOptions
from core.data.library.table_files.formats import open_table, unpacked
from core.data.library.text_columns import rows_of
from core.data.library.trees import Tree, is_tree, opened
from core.data.vocabulary import RULES

_LEAST, _LITTLE = 100, 1000  # characters: less than the first gives no windows, than the second few
_BEGINNING = 600  # characters that are shown
_PLAIN, _JSON = (".txt",), (*text_fields.JSON, *text_fields.JSON_LINES)
_TABLES = (".csv", ".tsv", ".parquet", ".pq", ".arrow", ".feather", ".xlsx", ".xls", ".ods")
_LOOKED_AT = 20_000  # characters by which it is told what a text looks like


@dataclass(frozen=True)
class _Found:
    texts: list[str]
    records: list[list[object]]  # of each text that is JSON
    fields: list[text_fields.TextField]
    encoding: Encoding
    suffix: str


def peek(settings: Settings, path: Path, options: CorpusOptions, progress: Progress) -> CorpusPreview:
    name = options.origin or path.name
    found = _found(settings, path, name, options, progress)
    if not found.records:
        text = _joined(found.texts)
        return CorpusPreview(
            found.encoding.name, len(text), text[:_BEGINNING], looks_like=_looks_like(text, found.suffix),
            encoding_note=found.encoding.told,
        )  # fmt: skip
    field = options.field or text_fields.proposed(found.fields) or (found.fields[0].name if found.fields else "")
    if field != text_fields.WHOLE:
        text_fields.check_field(name, field, found.fields)
    text = _joined(_chosen(found, field))
    fields = tuple((each.name, each.texts, each.characters, each.example) for each in found.fields)
    return CorpusPreview(
        found.encoding.name, len(text), text[:_BEGINNING], fields, field, encoding_note=found.encoding.told
    )


def read(settings: Settings, path: Path, options: CorpusOptions, progress: Progress) -> Content:
    name = options.origin or path.name
    found = _found(settings, path, name, options, progress)
    told = []
    texts = found.texts
    if found.records:
        field = _field(found, options.field, name)
        texts = _chosen(found, field)
        if field not in ("", text_fields.WHOLE):
            others = "; its other fields are left out" if len(found.fields) > 1 else ""
            told.append(f"The text is the field {field} of {name}{others}.")
    elif looks := _looks_like(_joined(texts), found.suffix):
        told.append(looks)
    text = _joined(texts)
    if len(text.strip()) < _LEAST:
        raise DataError(
            f"{name} holds {len(text.strip()):,} characters; to continue a text, at least {_LEAST:,} are needed, "
            "and a hundred thousand give something to learn from."
        )
    if len(text) < _LITTLE:
        told.append(
            f"The text has {len(text):,} characters: little to learn from, and windows must be short. A hundred "
            "thousand give something."
        )
    if len(texts) > 1:
        told.append(f"Joined {len(texts):,} files in the order of their names.")
    told += filter(None, [found.encoding.told])
    info = DataInfo((len(text),), (), 1, 0, "generation", "corpus", word_rules=RULES)
    return Content(Raw(np.array([text], object)), info, tuple(told))


def _field(found: _Found, said: str, name: str) -> str:
    """The field as said, or the only one. Raises DataError with the fields there are."""
    if said == text_fields.WHOLE:
        return said
    if said:
        text_fields.check_field(name, said, found.fields)
        return said
    if len(found.fields) == 1:
        return found.fields[0].name
    if not found.fields:
        raise DataError(f"{name} holds records without any text. Give a file with texts in it.")
    what = "JSON, and its braces and keys are" if found.texts else "a table, and its other columns are"
    likely = text_fields.proposed(found.fields) or found.fields[0].name
    raise DataError(
        f"{name} is {what} not to be learned. Say which field holds the text, such as --field {likely}: "
        f"{text_fields.told(found.fields)}."
    )


def _chosen(found: _Found, field: str) -> list[str]:
    if field == text_fields.WHOLE:
        return found.texts
    return [text for records in found.records if (text := text_fields.text_of(records, field))]


def _joined(texts: Sequence[str]) -> str:
    return "\n".join(texts).replace("\r\n", "\n")


def _found(settings: Settings, path: Path, name: str, options: CorpusOptions, progress: Progress) -> _Found:
    progress(0.0, "reading the text")
    if options.field != text_fields.WHOLE and path.suffix.lower() in _TABLES:
        return _table(settings, path, name, options, progress)
    if not is_tree(path):
        suffix = Path(name).suffix.lower()
        try:
            texts, encoding = decode_together([(name, path.read_bytes())], options.encoding)
        except OSError as error:
            raise DataError(f"{name} cannot be read: {error.strerror}.") from error
        return _with_records(texts, encoding, suffix, name, options)
    with opened(path, settings, name) as tree:
        entries = [entry for entry in sorted(tree.sizes) if entry.suffix.lower() in _PLAIN]
        entries = entries or [entry for entry in sorted(tree.sizes) if entry.suffix.lower() in _JSON]
        if not entries:
            raise DataError(
                f"{name} holds no .txt file. Put the text into one or more files that end in .txt or .json."
            )
        texts, encoding = decode_together(_contents(tree, entries, progress), options.encoding)
        return _with_records(texts, encoding, entries[0].suffix.lower(), name, options)


def _table(settings: Settings, path: Path, name: str, options: CorpusOptions, progress: Progress) -> _Found:
    """The cells of a table as records; which column is the text is asked as of JSON."""
    with private_folder(settings, "unpacked") as folder:
        how = TableOptions(encoding=options.encoding, of_texts=True)
        file, ending = unpacked(settings, path, name, folder)
        table = open_table(settings, file, ending, name, how, progress)
        rows: list[object] = [
            dict(zip(table.columns, row, strict=True)) for row in rows_of(table, table.columns, progress)
        ]
        encoding = find_encoding(file, options.encoding, name) if table.encoding else Encoding("", "said")
    return _Found([], [rows], text_fields.fields(rows), encoding, path.suffix.lower())


def _with_records(texts: list[str], encoding: Encoding, suffix: str, name: str, options: CorpusOptions) -> _Found:
    if options.field == text_fields.WHOLE:
        return _Found(texts, [], [], encoding, "")
    every = [text_fields.records(text, suffix, name) for text in texts]
    records = [each for each in every if each is not None]
    if len(records) < len(texts):  # a text that only begins like JSON
        if options.field:
            raise DataError(f"{name} is no JSON, so it has no field {quoted(options.field)}. Leave the field out.")
        return _Found(texts, [], [], encoding, suffix)
    return _Found(texts, records, text_fields.fields([each for part in records for each in part]), encoding, suffix)


def _contents(tree: Tree, entries: Sequence[PurePosixPath], progress: Progress) -> Iterator[tuple[str, bytes]]:
    for number, entry in enumerate(entries):
        progress(number / len(entries), f"{number:,} of {len(entries):,} files")
        yield f"{tree.name}, {entry}", tree.read(entry)


def _looks_like(text: str, suffix: str) -> str:
    """A sentence for a text that is not plain, "" for one that is."""
    start = text[:_LOOKED_AT]
    tags = len(re.findall(r"</?[a-zA-Z][^<>]{0,200}>", start))
    if suffix in (".html", ".htm") or re.search(r"<!doctype html|<html", start[:2000], re.IGNORECASE):
        return (
            "This looks like HTML: its tags are learned with its text. Save the page as plain text to leave them out."
        )
    if start.lstrip().startswith("<?xml") or tags > 20 + start.count("\n"):
        return "This looks like XML: its tags are learned with its text. Take them out to learn the text alone."
    lines = [line for line in start.split("\n")[:50] if line.strip()][:-1]
    for sign, what in (("\t", "tabs"), (",", "commas"), (";", "semicolons")):
        widths = {line.count(sign) for line in lines}
        if len(lines) > 4 and len(widths) == 1 and widths != {0}:
            return (
                f"This looks like a table, with {what} between its columns, which are learned with the text. If one "
                "column is a label, add it as labelled texts."
            )
    if suffix == ".md":
        return "This is Markdown: its marks, such as # and **, are learned with its text."
    return ""
