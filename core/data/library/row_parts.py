"""Which rows of a table are for which part: as its author gave them, or held back by chance, by groups or by time."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.common.errors import DataError
from core.common.text import plural, quoted
from core.data.base import Array
from core.data.library.cutting import Cut, cut
from core.data.library.gathered import Gathered
from core.data.library.read_options import TableOptions
from core.data.library.tables import missing
from core.data.library.tables.author_parts import PARTS, part_numbers
from core.data.library.tables.cells import Column
from core.data.library.tables.decide import Decision, decide_column
from core.data.library.tables.values import as_moments, as_numbers, as_texts


def without_group(decisions: Mapping[str, Decision], options: TableOptions) -> tuple[dict[str, Decision], list[str]]:
    """Without the column that says which rows belong together: it is nothing to learn from, unless that was said."""
    if not options.group or options.group in options.columns or options.group not in decisions:
        return dict(decisions), []
    told = f"Left out: {options.group}. It says which rows belong together, and is not learned from."
    return {name: decision for name, decision in decisions.items() if name != options.group}, [told]


def parts_of_rows(
    table: Gathered, decisions: Mapping[str, Decision], options: TableOptions
) -> tuple[Array, dict[str, Decision], list[str]]:
    """The part of each row as its author gave it, by a column or by the file.

    Returns:
        int8, places among PARTS, -1 for rows that are of none; the decisions without other such columns; those, told.

    Raises:
        DataError: a column that is said to give the parts gives none to train on.
    """
    of_files = np.repeat(np.array([PARTS.index(part) for part in table.rows], np.int8), list(table.rows.values()))
    saying = sorted(
        (name for name, each in decisions.items() if each.kind == "part" and name not in (options.group, options.time)),
        key=lambda name: name not in options.columns,
    )
    rest = {name: each for name, each in decisions.items() if name not in saying[1:]}
    if not saying:
        return of_files, rest, []
    first = table.cells.column(saying[0]).without(missing.said(table.cells.column(saying[0]), options))
    of_rows = part_numbers(first, asked=first.name in options.columns)
    if len(table.rows) > 1:
        of_rows = np.where(of_rows < 0, of_files, of_rows)
    if not (of_rows == 0).any():
        raise DataError(
            f"The column {quoted(first.name)} puts no row into the training part; it holds "
            f"{', '.join(quoted(text, 30) for text in first.texts()[:5])}. Accepted are words such as train, "
            "validation and test, or 0 and 1 in a column such as is_test."
        )
    others = [f"Left out: {name}. The parts are those of {first.name}." for name in saying[1:]]
    return of_rows, rest, others


def cut_rows(
    table: Gathered,
    options: TableOptions,
    used: Array,
    y: Array,
    classes: tuple[str, ...],
    given: Array,
) -> Cut:
    """Rows to their parts: as they were given, or held back by chance, by groups or by time."""
    groups = as_texts(table.cells.column(options.group).at(used), options).tolist() if options.group else None
    parts = [PARTS[part] for part in given[used].tolist()]
    times, moments = list[str](), None
    if options.time:
        column = table.cells.column(options.time).at(used)
        times, moments = as_texts(column, options).tolist(), _moments(column, options)
    return cut(y, classes, parts, options, table.first.name, groups, moments, times)


def _moments(column: Column, options: TableOptions) -> Array:
    """A number for each row, by which rows are in the order of time. Raises DataError: neither dates nor numbers."""
    said = {name: kind for name, kind in options.columns.items() if kind != "ignore"}  # it may well be left out, too
    decision = decide_column(column, replace(options, columns=said))
    if decision.kind == "date":
        dated = as_moments(column, decision, options)
        moments = np.where(np.isnat(dated), np.nan, dated.astype(np.int64)).astype(np.float64)
    else:
        try:
            moments, _ = as_numbers(column, decision, options)
        except DataError as error:
            raise DataError(
                f"Rows cannot be in the order of {quoted(column.name)}: it holds neither dates nor numbers, such as "
                f"{', '.join(quoted(text, 30) for text in column.texts(2))}. Take a column of dates or numbers."
            ) from error
    missing = np.flatnonzero(np.isnan(moments))
    if len(missing):
        raise DataError(
            f"{plural(len(missing), 'row')} have no {quoted(column.name)}, by which rows are in order; the first is "
            f"row {missing[0] + 1:,}. Fill it in, or leave these rows out."
        )
    return moments


def dated(given: Array, decisions: Mapping[str, Decision], options: TableOptions) -> list[str]:
    """That rows with dates could be parted by time."""
    dates = [name for name, each in decisions.items() if each.layout is not None and each.layout.order != "time"]
    if options.time or options.group or (given == PARTS.index("test")).any() or not dates or not options.test_share:
        return []
    return [
        f"The rows have dates, and the test part is taken by chance: --time {quoted(dates[0])} takes the last. Added "
        "as the kind series in place of table, what comes next is forecast from what was before."
    ]
