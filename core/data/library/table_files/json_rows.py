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
_DEEPEST = 8  # objects within objects whose fields become columns


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
    except ValueError as error:
        lines = list(islice((line.strip() for line in text.split("\n") if line.strip()), 2))
        if len(lines) == 2 and all(line.startswith("{") for line in lines):
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
        direct = {key: value for key, value in found.items() if _is_list_of_records(value)}
        lists = direct or _lists(found)
        columns = all(isinstance(value, list) for value in found.values()) and len({*map(len, found.values())}) == 1
        if len(lists) == 1 and not (columns and len(found) > 1):
            found = next(iter(lists.values()))  # "table", or one list among other things
        elif len(direct) > 1 and not columns:
            raise DataError(
                f"{name} holds {len(lists)} lists of records: {', '.join(list(lists)[:5])}. Write each into a file of "
                "its own; those of one folder may be called train.json, val.json and test.json."
            )
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


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _lists(found: dict[str, Any], depth: int = 0) -> dict[str, list[Any]]:
    """Lists of records within an object, by the keys that lead to them."""
    lists: dict[str, list[Any]] = {}
    for key, value in found.items():
        if _is_list_of_records(value):
            lists[key] = value
        elif isinstance(value, dict) and depth < _DEEPEST:
            lists |= {f"{key}.{inner}": each for inner, each in _lists(value, depth + 1).items()}
    return lists


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
    told = [column for key, column in zip(keys, columns, strict=True) if "." in key]
    notes = [f"{name}: objects within the records give a column for each field: {', '.join(told[:5])}."] if told else []
    reason = "The records name their fields."
    return TableFile(name, columns, batches, True, reason, encoding, declared=declared, notes=tuple(notes))


def _loaded(text: str) -> Any:
    """Numbers as they are written, however long; NaN, as Python writes it, is missing."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda word: None if word == "NaN" else word)


def _parsed(line: str, name: str, number: int) -> Any:
    try:
        return _loaded(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name}, line {number:,} is no JSON: {shortened(str(error))}. Correct it.") from error


def _record(found: Any, name: str, number: int) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise DataError(
            f'{name}: row {number:,} is no record, such as {{"a": 1, "y": "no"}}; received {quoted(found)}.'
        )
    return dict(_flat(found))


def _flat(record: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The fields; those of an object within by the keys that lead to them, as meta.label."""
    for key, value in record.items():
        if isinstance(value, dict) and depth < _DEEPEST:
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
