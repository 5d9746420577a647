"""The worker that finds out which features a run's network goes by; see core.jobs.importance."""

import traceback

import numpy as np

from core.common.errors import DataError, TraindeckError
from core.common.text import first_line
from core.data.base import Array, Examples
from core.data.examples import count, take
from core.evaluation.kept_rows import kept_rows
from core.explain.explain_row import feature_values
from core.explain.permutation_importance import permutation_importance
from core.inference.decisions import HALF, decided, two_columns
from core.jobs.importance import Importance, Shuffled, Wanted, applies
from core.workers.prediction import Network
from core.workers.work import Work

_ROWS = 4000  # of the test set, at most
_REPEATS = 10
_BATCH = 2048


def answer(work: Work, asked: Wanted) -> Importance:
    """Whatever goes wrong is told as its problem."""
    try:
        network = Network(work.workspace, str(asked.run))
        network.load()
        return _found(work, network, asked.run)
    except TraindeckError as error:
        return Importance(problem=str(error))
    except Exception as error:  # noqa: BLE001 - whatever a network raises
        traceback.print_exc()
        return Importance(problem=f"It could not be found out: {type(error).__name__}: {first_line(error)}")


def _found(work: Work, network: Network, run_id: int) -> Importance:
    """Raises TraindeckError."""
    info = network.info
    if not applies(info):
        raise DataError("Features are shuffled of rows that have one class or number each; this run's data are others.")
    x, labels = kept_rows(work.settings, run_id, info, _ROWS)
    classes = info.class_names if info.is_classification else ()
    chosen = network.threshold()
    level = chosen.threshold if chosen is not None else HALF

    def score(rows: Examples) -> Array:
        given = np.concatenate(
            [network.outputs(take(rows, slice(at, at + _BATCH))) for at in range(0, count(rows), _BATCH)]
        )
        return _recalls(given, labels, len(classes), level) if classes else _error(given, labels)

    names = [name for name, _ in feature_values(info, take(x, slice(0, 1)))]

    def told(share: float) -> None:
        work.progress(f"shuffling {names[min(len(names) - 1, int(share * len(names)))]}", share)

    whole, falls, errors = permutation_importance(score, x, _REPEATS, told)
    features = [
        Shuffled(name=name, fall=float(fall[0]), error=float(error[0]), by_class=tuple(fall[1:].tolist()))
        for name, fall, error in zip(names, falls, errors, strict=True)
    ]
    return Importance(
        score="accuracy" if classes else "mean absolute error",
        value=float(abs(whole[0])),
        rows=count(x),
        repeats=_REPEATS,
        classes=tuple(name for number, name in enumerate(classes) if (labels == number).any()),
        features=tuple(sorted(features, key=lambda each: -each.fall)),
    )


def _recalls(given: Array, labels: Array, classes: int, level: float) -> Array:
    """The accuracy, and the recall of each class that there are rows of."""
    shares = two_columns(given.reshape(len(labels), -1))
    right = decided(shares, level if classes == 2 else None) == labels
    return np.array(
        [right.mean(), *(right[labels == each].mean() for each in range(classes) if (labels == each).any())]
    )


def _error(given: Array, labels: Array) -> Array:
    """Minus the mean absolute error: greater is better."""
    return np.array([-np.abs(given.reshape(-1) - labels).mean()])
