"""What a table holds, before it is added: its columns as they were understood, and its first rows as they will be."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library.gathered import Gathered, gathered
from core.data.library.no_effect import of_columns
from core.data.library.read_options import ColumnGuess, Progress, TableOptions, TablePreview, within
from core.data.library.row_parts import parts_of_rows
from core.data.library.table import Target, check_names, fallback_decimal, target_of
from core.data.library.tables.author_parts import PARTS
from core.data.library.tables.decide import Decision, decide, guess_target
from core.data.library.tables.features import Values, features_of
from core.data.library.tables.label_targets import with_columns
from core.data.library.tables.values import as_texts

_ROWS = 20
_CLASSES = 5  # in a sentence


def peek(settings: Settings, path: Path, options: TableOptions, progress: Progress) -> TablePreview:
    """Raises DataError: what no table can be made of."""
    with gathered(settings, path, options.origin or path.name, options, within(progress, 0, 0.7)) as table:
        options = with_columns(options, table.cells.columns)
        check_names(options, table)
        progress(0.7, "looking at the columns")
        decisions = decide(table.cells, options, fallback_decimal(table))
        progress(0.9, "reading the first rows")
        told, problem = _aim(table, decisions, options, settings)
        return replace(preview_of(table, decisions, options), told=told, problem=problem)


def preview_of(table: Gathered, decisions: Mapping[str, Decision], options: TableOptions) -> TablePreview:
    """Of cells that are at hand; of several labels in a cell it says nothing.

    Raises:
        DataError: what was said of the columns can only be a mistake.
    """
    found = {name: _features(table, decision, options) for name, decision in decisions.items()}
    columns = tuple(_described(decisions[name].guess, *each) for name, each in found.items())
    given, _, _ = parts_of_rows(table, decisions, options)
    shown = [values for each, _ in found.values() for values in each]
    first = table.first
    return TablePreview(
        first.encoding,
        first.delimiter,
        table.cells.rows,
        int((given == PARTS.index("test")).sum()),
        columns,
        tuple(table.cells.first(_ROWS)),
        options.target if options.target in table.cells.columns else guess_target(columns),
        int((given == PARTS.index("validation")).sum()),
        first.header,
        first.header_reason,
        tuple(values.name for values in shown),
        tuple(zip(*(map(_cell, values.values.tolist()) for values in shown), strict=True)),
        first.sheets,
        first.sheet,
        (*table.notes, *of_columns(table.cells, decisions, options)),
    )


def _aim(
    table: Gathered, decisions: Mapping[str, Decision], options: TableOptions, settings: Settings
) -> tuple[tuple[str, ...], str]:
    """What the target that was said makes, or why it cannot be one, in sentences."""
    if not options.target:
        return (), ""
    others = {name: each for name, each in decisions.items() if name not in (options.target, *options.more_targets)}
    try:
        given, _, _ = parts_of_rows(table, others, options)
        found = target_of(settings, table, decisions, options, given >= 0)
    except DataError as error:
        return (), str(error)
    return found.told if found.task == "multilabel" else (_sentence(found, options.target),), ""


def _sentence(found: Target, name: str) -> str:
    if found.task == "regression":
        return f"{name} is the target: regression, of numbers from {found.y.min():,.6g} to {found.y.max():,.6g}."
    shown = ", ".join(found.classes[:_CLASSES]) + (", …" if len(found.classes) > _CLASSES else "")
    return f"{name} is the target: classification, {len(found.classes):,} classes ({shown})."


def _features(table: Gathered, decision: Decision, options: TableOptions) -> tuple[list[Values], str]:
    """What a column gives in the first rows; of a date by all rows, as its beginning is counted from.

    With what is wrong where it cannot be read as it was said: its cells are then shown as they are.
    """
    name = decision.guess.name
    first = table.cells.column(name, first=True)
    first = first.at(np.arange(first.rows) < _ROWS)
    column = table.cells.column(name) if decision.kind == "date" else first
    try:
        found = [each for each, _ in features_of(column, decision, options)]
        return [replace(each, values=each.values[:_ROWS]) for each in found], ""
    except DataError as error:
        return [Values(name, as_texts(first, options))], str(error)


def _described(guess: ColumnGuess, values: list[Values], problem: str) -> ColumnGuess:
    question = problem or guess.question
    return replace(guess, features=tuple(each.name for each in values), question=question)


def _cell(value: float | str) -> float | str | None:
    if isinstance(value, str):
        return value or None
    return None if math.isnan(value) else value
