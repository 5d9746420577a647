"""The rows of a table's test set, as the evaluation kept them: what explanations compare with and shuffle."""

from collections.abc import Collection

import numpy as np

from core.common.errors import DataError, NotFoundError
from core.common.settings import Settings
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples
from core.data.examples import drawn, row_features
from core.evaluation.predictions import FEATURE, unique
from core.evaluation.report_files import read_predictions


def kept_rows(settings: Settings, run_id: int, info: DataInfo, most: int | None = None) -> tuple[Examples, Array]:
    """The examples as the data have them, and their labels as `predictions.parquet` has them.

    Args:
        most: so many at most, drawn at random, the same each time; None takes all.

    Raises:
        DataError: the run has not been evaluated, or has more features than are kept.
        EvaluationError: the file cannot be read.
    """
    try:
        stored = read_predictions(settings, run_id)
    except NotFoundError as error:
        raise DataError(
            "A row is explained against those of the test set, which are kept once the run is evaluated, at its end. "
            "Wait for it, or have it evaluated on its Evaluation tab."
        ) from error
    if most is not None and len(stored) > most:
        stored = stored.iloc[drawn(len(stored), most)]
    if info.kind == "rows":
        names = [f"{FEATURE}{number}" for number, _ in enumerate(row_features(info), start=1)]
        _check(names, stored.columns)
        return stored[names].to_numpy(np.float64).reshape(len(stored), *info.shape), stored["label"].to_numpy()
    x: dict[str, Array] = {}
    for kind, features, dtype in ((NUMBERS, info.numbers, np.float64), (CATEGORIES, info.categories, object)):
        names = [f"{FEATURE}{name}" for name in unique([each.name for each in features])]
        _check(names, stored.columns)
        if names:
            x[kind] = stored[names].to_numpy(dtype)
    return x, stored["label"].to_numpy()


def _check(names: list[str], kept: Collection[str]) -> None:
    missing = [name for name in names if name not in kept]
    if missing:
        raise DataError(
            f"Rows of more than 100 features are not kept with the predictions, so there is none to compare with: "
            f"{missing[0].removeprefix(FEATURE)} is missing."
        )
