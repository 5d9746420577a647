"""The ways in which JSON holds a table: a list of records or of rows, records by their ids, a list for each column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.common.errors import DataError
from core.common.text import plural, quoted
from core.data.library.read_options import TableOptions
from core.data.library.table_files.rows import FIRST, header_of, named

DEEPEST = 8  # objects within objects that are looked into
_TOLD = 5  # columns
_NAMED = "The records name their fields."


@dataclass(frozen=True)
class Laid:
    """A table, whichever way it was laid out."""

    records: list[Any]  # objects, unless the file is wrong
    header: bool = True
    reason: str = _NAMED
    notes: tuple[str, ...] = ()


def laid_out(found: Any, name: str, options: TableOptions) -> Laid:
    """Of any of the layouts that pandas writes, and a list of rows. Raises DataError."""
    notes: tuple[str, ...] = ()
    if isinstance(found, dict) and isinstance(found.get("data"), list) and isinstance(found.get("columns"), list):
        head = [str(each) for each in found["columns"]]  # "split"
        return Laid(_by_row(head, found["data"], name, replace(options, names=()), 1))
    if isinstance(found, dict):
        found, notes = _of_object(found, name, options)
    if not isinstance(found, list) or not found or found[0] == []:
        raise DataError(
            f'{name} holds no list of records; accepted are [{{"a": 1, "y": "no"}}, …], a record on each line, or a '
            "list for each column."
        )
    if all(isinstance(row, list) for row in found):
        return _of_rows(found, name, options)
    return Laid(found, notes=notes)


def _of_object(found: dict[str, Any], name: str, options: TableOptions) -> tuple[Any, tuple[str, ...]]:
    direct = {key: value for key, value in found.items() if _is_list_of_records(value)}
    lists = direct or _lists(found)
    all_lists = bool(found) and all(isinstance(value, list) for value in found.values())
    columns = all_lists and len({*map(len, found.values())}) == 1
    if len(lists) == 1 and not (columns and len(found) > 1):
        return next(iter(lists.values())), ()  # "table", or one list among other things
    if len(direct) > 1 and not columns:
        raise DataError(
            f"{name} holds {len(lists)} lists of records: {', '.join(list(lists)[:5])}. Write each into a file of "
            "its own; those of one folder may be called train.json, val.json and test.json."
        )
    if all_lists and not columns:
        lengths = ", ".join(f"{quoted(key)} has {len(value):,}" for key, value in list(found.items())[:_TOLD])
        raise DataError(
            f"{name} holds lists of different lengths: {lengths}. Which values belong together is open; give each list "
            "one for every row, null where it is missing."
        )
    if columns:
        return [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)], ()
    if found and all(isinstance(value, dict) for value in found.values()):
        return _of_objects(found, name, options)
    return found, ()


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _lists(found: dict[str, Any], depth: int = 0) -> dict[str, list[Any]]:
    """Lists of records within an object, by the keys that lead to them."""
    lists: dict[str, list[Any]] = {}
    for key, value in found.items():
        if _is_list_of_records(value):
            lists[key] = value
        elif isinstance(value, dict) and depth < DEEPEST:
            lists |= {f"{key}.{inner}": each for inner, each in _lists(value, depth + 1).items()}
    return lists


def _of_objects(
    found: Mapping[str, dict[str, Any]], name: str, options: TableOptions
) -> tuple[list[dict[str, Any]] | None, tuple[str, ...]]:
    """{"id7": {"a": 1, …}, …}, or columns by the index of rows, {"a": {"0": 1, …}, …}, as pandas writes them."""
    inner = list(dict.fromkeys(key for value in found.values() for key in value))
    if len(found) > 1 and len(inner) == sum(map(len, found.values())):
        return None, ()  # nothing is alike
    if _are_records(found, inner, options.target):
        return list(found.values()), ()
    lacking = [(column, len(inner) - len(values)) for column, values in found.items() if len(values) < len(inner)]
    if lacking and all(key.isdecimal() for key in inner):
        inner.sort(key=int)
    told = ", ".join(f"{quoted(column)} has none in {count:,}" for column, count in lacking[:_TOLD])
    notes = (f"{name}: the columns are joined by their index, {plural(len(inner), 'row')}; {told}.",) if lacking else ()
    return [{column: values.get(row) for column, values in found.items()} for row in inner], notes


def _are_records(found: Mapping[str, dict[str, Any]], inner: Sequence[str], target: str) -> bool:
    """Where the target does not tell it, by the index that pandas counts, else by what is alike."""
    if target and (target in inner) != (target in found):
        return target in inner
    if all(key.isdecimal() for key in inner):
        return all(key.isdecimal() for key in found) and len(found) > len(inner)
    # Numbers of a file are a class of their own, that they stay as they are written.
    mixed = [len({type(value) is str for value in each.values() if value is not None}) > 1 for each in found.values()]
    return sum(mixed) * 2 > len(found) or len(found) >= len(inner)


def _of_rows(found: Sequence[list[Any]], name: str, options: TableOptions) -> Laid:
    """[["a", "y"], [1, "no"], …], whose first row may be data as well."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in found[:FIRST]]
    header, reason = header_of(texts, options)
    head = list(named(texts[0], header, len(texts[0]), name, replace(options, names=())))
    return Laid(_by_row(head, found[int(header) :], name, options, 1 + header), header, reason)


def _by_row(
    head: Sequence[str], rows: Sequence[Any], name: str, options: TableOptions, start: int
) -> list[dict[str, Any]]:
    """Args: start: the number of the first row, for messages."""
    names = named(head, True, len(head), name, replace(options, names=()))
    wrong = next((at for at, row in enumerate(rows) if not isinstance(row, list) or len(row) != len(names)), None)
    if wrong is not None:
        row = rows[wrong]
        has = f"has {plural(len(row), 'value')}" if isinstance(row, list) else "is no list"
        raise DataError(
            f"{name}: row {wrong + start:,} {has}, and the columns are {len(names)}: {', '.join(names[:_TOLD])}. Give "
            "each row a value for every column, null where it is missing."
        )
    return [dict(zip(names, row, strict=True)) for row in rows]
