"""The column that is predicted: classes, by the text of their cells, or numbers."""

import re

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted
from core.data.base import Array, Task
from core.data.library.read_options import TableOptions
from core.data.library.splitting import check_classes, class_names, numbered
from core.data.library.tables import ambiguous
from core.data.library.tables.cells import Column, told_merged
from core.data.library.tables.decide import Decision
from core.data.library.tables.values import as_numbers, as_texts
from core.data.number_scaling import MOST

_FEWEST = 5  # classes that a table of a few rows, for a try, may have


def is_regression(decision: Decision, options: TableOptions) -> bool:
    return decision.guess.task == "regression" if options.task == "auto" else options.task == "regression"


def known_rows(column: Column, decision: Decision, options: TableOptions) -> Array:
    """Which rows have a target, bool [rows]."""
    if is_regression(decision, options):
        found, infinite = as_numbers(column, decision, options)
        if infinite:
            raise DataError(
                f"The target {quoted(column.name)} has {plural(infinite, 'value')} that are infinite or beyond "
                f"{MOST:g}. Correct them."
            )
        return ~np.isnan(found)
    known: Array = as_texts(column, options, words=decision.kind != "number") != ""
    return known


def read_target(
    column: Column, decision: Decision, options: TableOptions, settings: Settings
) -> tuple[Array, Task, tuple[str, ...], list[str]]:
    """Of rows that have one: class numbers int32 and the classes' names, or numbers float64; and labels that are one.

    Raises:
        DataError: nothing to learn, or nothing that classes or numbers can be made of.
    """
    what = f"The target {quoted(column.name)}"
    if decision.kind == "date":
        digits = all(re.fullmatch(r"[\d.]+", text) for text in decision.guess.examples)
        as_number = f", --column {quoted(f'{column.name}=number')} for numbers" if digits else ""
        raise DataError(
            f"{what} holds dates, which cannot be predicted as they are. Take another column{as_number}, or --column "
            f"{quoted(f'{column.name}=category')} for classes."
        )
    if is_regression(decision, options):
        _check_spelling(column, options, what)
        y, _ = as_numbers(column, decision, options)
        if len(np.unique(y)) < 2:
            raise DataError(f"{what} has one value only, {y[0]:g}; there is nothing to learn. Choose another column.")
        return y, "regression", (), []
    labels = as_texts(column, options, words=decision.kind != "number").tolist()
    labels, joined = _without_zeros(labels)
    joined += [told_merged(column)] if column.merged else []
    names = class_names(labels)
    if options.task == "auto" and decision.nearly:
        raise DataError(
            f"{what} is nearly one of numbers: {decision.guess.question} Or take its values as classes: --task "
            "classification."
        )
    if len(names) > _FEWEST and len(names) * 2 > len(labels):
        numbers = decision.kind == "number"
        raise DataError(
            f"{what} has {len(names):,} different values in {len(labels):,} rows: too many to be classes, which "
            f"have several examples each.{f' {decision.guess.question}' if decision.guess.question else ''} "
            f"{'Take regression, or another column.' if numbers else 'Take another column.'}"
        )
    if len(names) > settings.max_classes and decision.kind == "number":
        raise DataError(f"{what} has {len(names):,} distinct numbers. Take regression, or another column.")
    return numbered(labels, names), check_classes(names, what, settings), names, joined


def _check_spelling(column: Column, options: TableOptions, what: str) -> None:
    """Raises DataError for values that recur, of which two are one number, unless it was said that they are numbers."""
    twins = ambiguous.spelled_twice(column.values)
    recur = len(column.values) * 2 <= int((column.codes >= 0).sum())
    if twins and recur and options.task == "auto" and options.columns.get(column.name) != "number":
        raise DataError(
            f"{what} holds {twins[0]} and {twins[1]}, which are one number, but two versions or sections. Say which: "
            f"--task regression for numbers, --column {quoted(f'{column.name}=category')} for classes."
        )


def _without_zeros(labels: list[str]) -> tuple[list[str], list[str]]:
    """1.0 as 1 where both are labels, as programs write whole numbers that once stood beside missing ones; and told."""
    names = set(labels)
    if not all(re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", name) for name in names):
        return labels, []
    whole = {name: re.sub(r"\.0+$", "", name) for name in names}
    same = sorted(name for name in names if whole[name] != name and whole[name] in names)
    if not same:
        return labels, []
    told = ", ".join(f"{name} as {whole[name]}" for name in same[:3])
    return [whole[name] for name in labels], [f"Labels that are the same number are one class: {told}."]
