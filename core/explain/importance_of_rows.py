"""What a network of rows goes by: features, each shuffled among the rows of the test set."""

import numpy as np

from core.data.base import Array, Examples
from core.data.examples import count, take
from core.evaluation.kept_rows import kept_rows
from core.explain.chosen_output import outputs_told
from core.explain.dependence import dependence
from core.explain.explained_row import feature_values
from core.explain.permutation_importance import permutation_importance
from core.explain.tested import Tested
from core.inference.decisions import decided, two_columns
from core.jobs.explanation import Dependence
from core.jobs.importance import Importance, Shuffled

_ROWS = 4000  # of the test set, at most
_REPEATS = 10
_DRAWN, _DRAWN_ROWS, _DRAWN_CLASSES = 12, 200, 10  # features whose dependence is told, over so many rows


def importance_of_rows(tested: Tested, level: float) -> Importance:
    """
    Args:
        level: the threshold, of two classes.

    Raises:
        DataError: the test rows were not kept.
        EvaluationError: they cannot be read.
    """
    info = tested.info
    x, labels = kept_rows(tested.settings, tested.run_id, info, _ROWS)
    classes = info.class_names if info.is_classification else ()
    names = [name for name, _ in feature_values(info, take(x, slice(0, 1)))]

    def score(rows: Examples) -> Array:
        given = tested.answers(rows)
        return _recalls(given, labels, len(classes), level) if classes else _error(given, labels)

    def told(share: float) -> None:
        tested.told(f"shuffling {names[min(len(names) - 1, int(share * len(names)))]}", share)

    whole, falls, errors = permutation_importance(score, x, _REPEATS, told)
    order = np.argsort(-falls[:, 0], kind="stable").tolist()
    features = [
        Shuffled(
            name=names[each],
            fall=float(falls[each, 0]),
            error=float(errors[each, 0]),
            by_class=tuple(falls[each, 1:].tolist()),
            by_class_error=tuple(errors[each, 1:].tolist()),
        )
        for each in order
    ]
    return Importance(
        score="accuracy" if classes else "mean absolute error",
        value=float(abs(whole[0])),
        rows=count(x),
        repeats=_REPEATS,
        classes=tuple(name for number, name in enumerate(classes) if (labels == number).any()),
        features=tuple(features),
        dependences=_dependences(tested, x, [(each, names[each]) for each in order[:_DRAWN]]),
    )


def _dependences(tested: Tested, x: Examples, features: list[tuple[int, str]]) -> tuple[Dependence, ...]:
    some = take(x, np.linspace(0, count(x) - 1, min(count(x), _DRAWN_ROWS)).astype(int))
    outputs = outputs_told(tested.info, tested.columns(x), _DRAWN_CLASSES)
    titles = tuple(each.name for each in outputs)
    found = [dependence(tested.of(outputs), some, place, name, titles) for place, name in features]
    return tuple(each for each in found if each is not None)


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
