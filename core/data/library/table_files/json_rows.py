"""JSON: a record on each line, a list of records, or an object that holds such a list or a list for each column."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted, shortened
from core.data.library.decoding import encoding_of
from core.data.library.read_options import Progress, TableOptions
from core.data.library.table_files.json_layouts import DEEPEST, laid_out
from core.data.library.table_files.rows import batched, check_width, named, too_many
from core.data.library.table_files.table_file import Batches, TableFile

_LINES_PER_TELL = 5000
_SEEN = 1000  # records by which the columns of a file of lines are known


def open_json_lines(settings: Settings, path: Path, name: str, options: TableOptions, _: Progress) -> TableFile:
    encoding = encoding_of(path, options.encoding, name)

    def records() -> Iterator[dict[str, Any]]:
        with path.open(encoding=encoding) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _record(_parsed(line, name, number), name, number)

    first = list(islice(records(), _SEEN))
    return _table(settings, name, encoding, first, records, options)


def open_json(settings: Settings, path: Path, name: str, options: TableOptions, progress: Progress) -> TableFile:
    encoding = encoding_of(path, options.encoding, name)
    progress(0.0, "reading JSON")
    text = path.read_text(encoding)
    try:
        found = _loaded(text)
    except _TwinError as error:
        raise DataError(f"{name} holds {error}") from error
    except ValueError as error:
        lines = list(islice((line.strip() for line in text.split("\n") if line.strip()), 2))
        if len(lines) == 2 and all(line.startswith("{") for line in lines):
            return open_json_lines(settings, path, name, options, progress)
        raise DataError(f"{name} is no JSON: {shortened(str(error))}. Correct it, or get it again.") from error
    except RecursionError as error:
        raise DataError(f"{name} holds lists within lists without end; accepted is a list of records.") from error
    laid = laid_out(found, name, options)
    records = [_record(each, name, number) for number, each in enumerate(laid.records, start=1)]
    table = _table(settings, name, encoding, records[:_SEEN], lambda: iter(records), options)
    return replace(table, header=laid.header, header_reason=laid.reason, notes=(*laid.notes, *table.notes))


def _table(
    settings: Settings,
    name: str,
    encoding: str,
    first: Sequence[dict[str, Any]],
    records: Callable[[], Iterable[dict[str, Any]]],
    options: TableOptions,
) -> TableFile:
    if not first:
        raise DataError(f"{name} holds no rows. Check the file, and get it again.")
    keys = list(dict.fromkeys(key for record in first for key in record))
    check_width(len(keys), name, settings)
    columns = named(keys, True, len(keys), name, options)
    known = set(keys)
    nested = {key for key in keys if any(isinstance(record.get(key), dict | list) for record in first)}
    kept = {key for key, column in zip(keys, columns, strict=True)
            if (key in nested and column != options.target) or options.columns.get(column) == "ignore"}  # fmt: skip

    def rows(progress: Progress) -> Iterator[list[str]]:
        for count, record in enumerate(records(), start=1):
            if count % _LINES_PER_TELL == 0:
                progress(min(1.0, count / max(count, len(first))), f"{count:,} rows read")
            if count > settings.max_examples:
                raise too_many(count, name, settings)
            if not known.issuperset(record):
                strange = next(key for key in record if key not in known)
                raise DataError(
                    f"{name}: record {count:,} has a field {quoted(strange)}, which none of the first {_SEEN:,} has. "
                    "Give it to one of the first, or leave it out."
                )
            yield [_text(record.get(key), key, name, count, key in kept) for key in keys]

    def batches(progress: Progress) -> Batches:
        return batched(rows(progress), len(keys))

    declared = {column: "nested" for key, column in zip(keys, columns, strict=True) if key in nested}
    told = [column for key, column in zip(keys, columns, strict=True) if "." in key]
    notes = [f"{name}: objects within the records give a column for each field: {', '.join(told[:5])}."] if told else []
    reason = "The records name their fields."
    return TableFile(name, columns, batches, True, reason, encoding, declared=declared, notes=tuple(notes))


class _TwinError(ValueError):
    pass


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        key, times = Counter(key for key, _ in pairs).most_common(1)[0]
        raise _TwinError(
            f"an object that gives the key {quoted(key)} {'twice' if times == 2 else f'{times} times'}; one would be "
            "lost. Keep one, or name them apart."
        )
    return found


class _Number(str):
    """As it is written, however long; beside a text in quotes."""


def _loaded(text: str) -> Any:
    """Numbers as they are written, however long; NaN, as Python writes it, is missing."""
    return json.loads(
        text,
        object_pairs_hook=_without_twins,
        parse_float=_Number,
        parse_int=_Number,
        parse_constant=lambda word: None if word == "NaN" else word,
    )


def _parsed(line: str, name: str, number: int) -> Any:
    try:
        return _loaded(line)
    except _TwinError as error:
        raise DataError(f"{name}, line {number:,} holds {error}") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name}, line {number:,} is no JSON: {shortened(str(error))}. Correct it.") from error


def _record(found: Any, name: str, number: int) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise DataError(
            f'{name}: row {number:,} is no record, such as {{"a": 1, "y": "no"}}; received {quoted(found)}.'
        )
    flat = list(_flat(found))
    if len(dict(flat)) < len(flat):
        key = Counter(key for key, _ in flat).most_common(1)[0][0]
        raise DataError(
            f"{name}: row {number:,} has a field {quoted(key)} and one of that name within an object; one value would "
            "be lost. Name them apart."
        )
    return dict(flat)


def _flat(record: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The fields; those of an object within by the keys that lead to them, as meta.label."""
    for key, value in record.items():
        if isinstance(value, dict) and depth < DEEPEST:
            yield from _flat(value, f"{before}{key}.", depth + 1)
        else:
            yield before + key, value


def _text(value: Any, key: str, name: str, row: int, nested: bool) -> str:
    """A cell; lists and objects as JSON where they are accepted."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list) and nested:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict | list):
        what = "an object" if isinstance(value, dict) else "a list"
        raise DataError(
            f"{name}: the field {quoted(key)} of record {row:,} holds {what}; "
            "accepted are texts, numbers and truth values. Write each of its parts as a field of its own, or leave it "
            f"out: --column {quoted(f'{key}=ignore')}."
        )
    return str(value)
