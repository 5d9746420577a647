"""JSON: a record on each line, a list of records, or an object that holds such a list or a list for each column."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted, shortened
from core.data.library.decoding import encoding_of
from core.data.library.read_options import Progress, TableOptions
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
        found = json.loads(text, parse_float=str, parse_int=str)
    except ValueError as error:
        lines = [line for line in text.split("\n", 3)[:2] if line.strip()]
        if len(lines) == 2 and all(line.strip().startswith("{") for line in lines):
            return open_json_lines(settings, path, name, options, progress)
        raise DataError(f"{name} is no JSON: {shortened(str(error))}. Correct it, or get it again.") from error
    except RecursionError as error:
        raise DataError(f"{name} holds lists within lists without end; accepted is a list of records.") from error
    records = _records(found, name)
    return _table(settings, name, encoding, records[:_SEEN], lambda: iter(records), options)


def _records(found: Any, name: str) -> list[dict[str, Any]]:
    """Of any of the layouts that pandas writes. Raises DataError."""
    if isinstance(found, dict) and isinstance(found.get("data"), list) and isinstance(found.get("columns"), list):
        found = [dict(zip(map(str, found["columns"]), row, strict=False)) for row in found["data"]]  # "split"
    elif isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        if len(lists) == 1:
            found = lists[0]  # "table", or one list among other things
        elif found and all(isinstance(value, list) for value in found.values()):
            found = [dict(zip(found, row, strict=False)) for row in zip(*found.values(), strict=False)]
        elif found and all(isinstance(value, dict) for value in found.values()):
            found = _by_column(found)
    if not isinstance(found, list) or not found:
        raise DataError(
            f'{name} holds no list of records; accepted are [{{"a": 1, "y": "no"}}, …], a record on each line, or a '
            "list for each column."
        )
    if all(isinstance(row, list) for row in found):
        head, *rows = found
        found = [dict(zip(map(str, head), row, strict=False)) for row in rows]
    return [_record(each, name, number) for number, each in enumerate(found, start=1)]


def _by_column(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """{"a": {"0": 1, "1": 2}, …} as pandas writes it, or {"0": {"a": 1, …}, …}."""
    keys = [tuple(value) for value in found.values()]
    if len(set(keys)) == 1 and not all(key.isdecimal() for key in keys[0]):
        return list(found.values())
    return [{column: values.get(row) for column, values in found.items()} for row in keys[0]]


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
    return TableFile(name, columns, batches, True, "The records name their fields.", encoding, declared=declared)


def _parsed(line: str, name: str, number: int) -> Any:
    try:
        return json.loads(line, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name}, line {number:,} is no JSON: {shortened(str(error))}. Correct it.") from error


def _record(found: Any, name: str, number: int) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise DataError(
            f'{name}: row {number:,} is no record, such as {{"a": 1, "y": "no"}}; received {quoted(found)}.'
        )
    return found


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
