"""What is made of a network's probabilities: the class that is predicted, the labels that are given."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.data.data_info import Array

HALF = 0.5


class GivenLabel(NamedTuple):
    name: str
    probability: float
    threshold: float
    is_given: bool


def two_columns(probabilities: Array) -> Array:
    """[examples, classes], also of a network that gives only the probability of the second class."""
    if probabilities.ndim == 2 and probabilities.shape[1] > 1:
        return probabilities
    second = probabilities.reshape(len(probabilities))
    return np.stack([1 - second, second], axis=1)


def taken(scores: Array, threshold: float) -> NDArray[np.int64]:
    """Class numbers: 1 from the threshold on. Of 0.5, a tie is for the first class, as everywhere else."""
    scores = scores.astype(np.float64)
    return np.asarray(scores > HALF if threshold == HALF else scores >= threshold, np.int64)


def decided(probabilities: Array, threshold: float | None) -> NDArray[np.int64]:
    """Class numbers of [examples, classes]; of two classes by the threshold, where there is one."""
    if threshold is None:
        return np.asarray(probabilities.argmax(axis=1), np.int64)
    return taken(probabilities[:, 1], threshold)


def given_labels(names: Sequence[str], probabilities: Array, levels: Sequence[float]) -> list[GivenLabel]:
    """Those that are given first, each by probability; `probabilities` [labels]."""
    found = [
        GivenLabel(name, float(share), level, bool(share > level))
        for name, share, level in zip(names, probabilities, levels, strict=True)
    ]
    return sorted(found, key=lambda label: (not label.is_given, -label.probability))
