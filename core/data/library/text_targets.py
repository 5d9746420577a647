"""What is predicted of texts: classes by folders, files or a column, several labels, or numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.label_sets import counts_of
from core.data.library.label_cells import Targets, targets_of
from core.data.library.read_options import TextOptions


def text_targets(
    labels: Sequence[str],
    options: TextOptions,
    name: str,
    settings: Settings,
    column: str | None,
    label_columns: tuple[str, ...],
) -> Targets:
    """As `core.data.library.label_cells.targets_of`; `column` is None for folders and files, which are classes."""
    if options.combinations or (column is None and options.task == "auto"):
        options = replace(options, task="classification")
    return targets_of(labels, options, name, settings, told=column or "label", labels=label_columns)


def peeked(
    labels: Sequence[str],
    options: TextOptions,
    name: str,
    settings: Settings,
    column: str | None,
    label_columns: tuple[str, ...],
) -> tuple[Targets | None, dict[str, int], str]:
    """The same before it is added, how many examples each class has, and why nothing can be learned, in a sentence."""
    try:
        found = text_targets(labels, options, name, settings, column, label_columns)
    except DataError as error:
        return None, dict(sorted(Counter(filter(None, labels)).items())), str(error)
    counts = counts_of(found.y, len(found.names)) if found.names else ()
    return found, dict(zip(found.names, counts, strict=True)), ""
