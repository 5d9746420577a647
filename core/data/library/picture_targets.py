"""What is predicted of pictures: the classes of their folders, or what a table beside them says."""

from collections.abc import Sequence

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library.label_cells import Targets, targets_of
from core.data.library.picture_labels import PictureLabels
from core.data.library.read_options import ImageOptions
from core.data.library.splitting import check_classes, class_names, numbered


def picture_targets(
    labels: Sequence[str], table: PictureLabels | None, options: ImageOptions, name: str, settings: Settings
) -> Targets:
    """`table` is None where the labels are folders. Raises DataError: nothing that could be learned."""
    if table is None and options.task in ("auto", "classification"):
        names = class_names(labels)
        task = check_classes(names, name, settings)
        return Targets(numbered(labels, names), names, task, np.ones(len(labels), bool))
    column, columns = (table.column, table.label_columns) if table else ("The folders", ())
    return targets_of(labels, options, name, settings, noun="picture", told=column, labels=columns)


def peeked_pictures(
    labels: Sequence[str], table: PictureLabels | None, options: ImageOptions, name: str, settings: Settings
) -> tuple[Targets | None, str]:
    """The same before they are added, or why not in a sentence."""
    try:
        return picture_targets(labels, table, options, name, settings), ""
    except DataError as error:
        return None, str(error)
