"""What cells of labels are for a network: classes, several labels each, or numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted
from core.data.base import Array, Task
from core.data.library.read_options import Options, TableOptions
from core.data.library.several_labels import BLANK, LIST, Several, parted, several, sign_of
from core.data.library.splitting import check_classes, class_names, numbered
from core.data.library.tables.cells import Column
from core.data.library.tables.decide import Decision, decide_column
from core.data.library.tables.values import as_numbers

_FEWEST = 5  # classes that a few examples, for a try, may have
TOGETHER = "\x1f"  # between the names of columns that are labels, in one cell
Noun = Literal["text", "picture", "row"]


@dataclass(frozen=True)
class Targets:
    """What is predicted of each example."""

    y: Array  # of those that are kept
    names: tuple[str, ...]
    task: Task
    kept: Array  # bool [cells]
    told: tuple[str, ...] = ()


def targets_of(
    cells: Sequence[str],
    options: Options,
    what: str,
    settings: Settings,
    *,
    noun: Noun = "text",
    told: str = "label",
    labels: tuple[str, ...] = (),
) -> Targets:
    """What is predicted, by the task that was asked for or that the cells look like.

    Args:
        cells: one for each example, "" where it is empty.
        what: the file, for messages.
        told: name of the column.
        labels: of columns that are a label each, whose names stand in the cells, see TOGETHER.

    Raises:
        DataError: nothing to learn, or not what was asked for.
    """
    task = options.task
    if not labels and not any(cells):
        raise DataError(f"{what} holds no row with both a label and a {noun}. Choose other columns.")
    if labels:
        check_several(labels, options)
        return label_sets(cells, Several(TOGETHER, ""), what, settings, noun, labels)
    found = sets_wanted(cells, options)
    if found is not None:
        return label_sets(cells, found, what, settings, noun)
    kept = np.array([cell != "" for cell in cells], bool)
    known = [cell for cell in cells if cell]
    column, decision = _decided(cells, told)
    if task == "regression" or (task == "auto" and _are_numbers(known, decision)):
        return _numbers(column, decision, kept, told, task == "auto")
    names = class_names(known)
    _check_many(names, len(known), what, noun)
    whole: tuple[str, ...] = ()
    if task == "auto" and decision.kind == "number" and len(names) > 2:
        whole = (f"{told}: taken as {len(names):,} classes; --task regression takes it as a number.",)
    return Targets(numbered(known, names), names, check_classes(names, what, settings), kept, whole)


def sets_wanted(cells: Sequence[str], options: Options) -> Several | None:
    """How each cell holds a set of labels, where that was asked for, or is what the cells look like."""
    if options.task not in ("auto", "multilabel"):
        return None
    guess = several(cells)
    if options.labels_by:
        return Several(sign_of(options.labels_by), "")
    if options.task == "multilabel" and guess is None:
        return Several(",", "")
    return guess


def check_several(labels: Sequence[str], options: Options) -> None:
    """Raises DataError: several columns are predicted, and that is asked to be something else."""
    if options.task in ("classification", "regression"):
        raise DataError(
            f"{len(labels)} columns are to be predicted, which are labels of 0 and 1, and the task is said to be "
            f"{options.task}, which has one. Say one column, or --task multilabel."
        )


def label_sets(
    cells: Sequence[str],
    found: Several,
    what: str,
    settings: Settings,
    noun: Noun = "row",
    names: tuple[str, ...] = (),
) -> Targets:
    """Several labels of each example, or none. Raises DataError: less than two labels, or too many."""
    sets = [parted(cell, found.sign) for cell in cells]
    names = names or class_names([label for labels in sets for label in labels])
    if len(names) < 2:
        raise DataError(
            f"{what} has {plural(len(names), 'label')} in all, and several are to be told apart, parted by "
            f"{sign_told(found.sign)}. Say what parts the labels of a cell (--labels-by comma, semicolon, bar, blank "
            "or list), or take --task classification."
        )
    check_classes(names, what, settings)
    places = {name: number for number, name in enumerate(names)}
    y = np.zeros((len(sets), len(names)), np.uint8)
    for row, labels in enumerate(sets):
        y[row, [places[label] for label in labels]] = 1
    how = "Each column is a label" if found.sign == TOGETHER else f"Cells hold labels parted by {sign_told(found.sign)}"
    told = [f"{how}: {plural(len(names), 'label')}, {y.sum() / max(1, len(y)):.2f} of each {noun} on average."]
    if found.told:
        told.append(f"{found.told} --task classification takes each combination as a class instead.")
    return Targets(y, names, "multilabel", np.ones(len(sets), bool), (*told, *without_labels(y, noun)))


def without_labels(y: Array, noun: str) -> list[str]:
    """That examples have no label, which is legal, and may be a mistake."""
    empty = int((~y.any(axis=1)).sum())
    has = "has" if empty == 1 else "have"
    return [f"{plural(empty, noun)} {has} no label at all, and teach what is none of them."] if empty else []


def sign_told(sign: str) -> str:
    return {BLANK: "blanks", LIST: "the list's commas"}.get(sign, quoted(sign))


def _check_many(names: Sequence[str], count: int, what: str, noun: Noun) -> None:
    if len(names) > _FEWEST and len(names) * 2 > count:
        raise DataError(
            f"{what} has {len(names):,} different labels of {plural(count, noun)}: too many to be classes, which "
            f"have several examples each. Take another column or folder for the labels, or add {noun}s."
        )


def _decided(cells: Sequence[str], name: str) -> tuple[Column, Decision]:
    import pyarrow as pa

    encoded = pa.array(cells, pa.string()).dictionary_encode()
    column = Column(name, encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32))
    column = column.without(np.array([value == "" for value in column.texts()], bool))
    return column, decide_column(column, TableOptions())


def _are_numbers(known: Sequence[str], decision: Decision) -> bool:
    """Whether labels that are numbers are no classes: with decimals, or nearly each is another."""
    if decision.guess.task != "regression" or decision.kind != "number":
        return False
    distinct = set(known)
    each_its_own = len(distinct) > _FEWEST and len(distinct) * 2 > len(known)
    return each_its_own or not all(_is_whole(label) for label in distinct)


def _is_whole(label: str) -> bool:
    try:
        return float(label).is_integer()
    except ValueError:
        return False


def _numbers(column: Column, decision: Decision, kept: Array, told: str, guessed: bool) -> Targets:
    if decision.kind != "number":
        decision = decide_column(column, TableOptions(columns={column.name: "number"}))
    found, infinite = as_numbers(column, decision, TableOptions())
    if infinite:
        raise DataError(f"{quoted(told)} has {plural(infinite, 'value')} that are infinite. Correct them.")
    kept = kept & ~np.isnan(found)
    y = found[kept]
    if len(np.unique(y)) < 2:
        raise DataError(f"{quoted(told)} has less than two different numbers; there is nothing to learn.")
    note = f"{told}: a number is predicted (regression); --task classification takes each value as a class."
    return Targets(y, (), "regression", kept, (note,) if guessed else ())
