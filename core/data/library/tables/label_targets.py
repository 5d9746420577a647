"""Several labels of each row of a table: columns of 0 and 1, or cells that hold several."""

from dataclasses import dataclass, replace

import numpy as np

from core.common.settings import Settings
from core.common.text import plural, quoted
from core.data.base import Array
from core.data.library.label_cells import check_several, label_sets, sets_wanted, without_labels
from core.data.library.label_columns import expanded, is_on
from core.data.library.read_options import ColumnKind, TableOptions
from core.data.library.splitting import check_classes
from core.data.library.tables.cells import Cells
from core.data.library.tables.decide import has_several
from core.data.library.tables.values import as_texts


@dataclass(frozen=True)
class LabelSets:
    y: Array  # uint8 [rows, labels]
    names: tuple[str, ...]
    told: tuple[str, ...]


def with_columns(options: TableOptions, columns: tuple[str, ...]) -> TableOptions:
    """With the columns that are meant by a pattern. Raises DataError: one that is not there."""
    if not options.more_targets and (options.target in columns or "*" not in options.target):
        return options
    first, *more = expanded((options.target, *options.more_targets), columns)
    return replace(options, target=first, more_targets=tuple(more))


def labels_wanted(cells: Cells, kind: ColumnKind, options: TableOptions, settings: Settings) -> LabelSets | None:
    """Of every row, where several labels are predicted; None where a class or a number is. Raises DataError.

    Args:
        kind: what the column of the target was taken for; numbers and dates are no sets unless that is said.
    """
    if options.more_targets:
        return _of_columns(cells, options, settings)
    if options.task != "multilabel" and (options.task != "auto" or kind in ("number", "date")):
        return None
    column = cells.column(options.target)
    if options.task == "auto" and not options.labels_by and not has_several(column):
        return None
    texts = as_texts(column, options).tolist()
    found = sets_wanted(texts, options)
    if found is None:
        return None
    made = label_sets(texts, found, f"The target {quoted(options.target)}", settings)
    return LabelSets(made.y, made.names, made.told)


def _of_columns(cells: Cells, options: TableOptions, settings: Settings) -> LabelSets:
    names = (options.target, *options.more_targets)
    check_several(names, options)
    check_classes(names, "The table", settings)
    y = np.zeros((cells.rows, len(names)), np.uint8)
    told = []
    for place, name in enumerate(names):
        column = cells.column(name)
        on = [is_on(value, name) for value in column.texts()]
        y[:, place] = np.array([*on, False], np.uint8)[column.codes]
        empty = int((column.codes < 0).sum())
        if empty and not all(on):
            told.append(f"{name}: {plural(empty, 'empty cell')} count{'s' if empty == 1 else ''} as 0.")
    told.insert(0, f"Each of {len(names)} columns is a label, {y.sum() / max(1, len(y)):.2f} of each row on average.")
    return LabelSets(y, names, (*told, *without_labels(y, "row")))
