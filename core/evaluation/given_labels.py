"""The labels that a run's network gives to one example, by the thresholds that its evaluation chose."""

from collections.abc import Sequence
from typing import NamedTuple

from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.data.base import Array
from core.evaluation.label_report import HALF
from core.evaluation.report_files import read_report


class GivenLabel(NamedTuple):
    name: str
    probability: float
    threshold: float
    is_given: bool


def given_labels(names: Sequence[str], probabilities: Array, levels: Sequence[float]) -> list[GivenLabel]:
    """Those that are given first, each by probability; `probabilities` [labels]."""
    found = [
        GivenLabel(name, float(share), level, bool(share > level))
        for name, share, level in zip(names, probabilities, levels, strict=True)
    ]
    return sorted(found, key=lambda label: (not label.is_given, -label.probability))


def levels_of(settings: Settings, run_id: int, names: Sequence[str]) -> tuple[float, ...]:
    """The threshold of each label; HALF as long as the run was not evaluated."""
    try:
        found = read_report(settings, run_id).multilabel
    except TraindeckError:
        found = None
    levels = tuple(label.threshold for label in found.labels) if found else ()
    return levels if len(levels) == len(names) else (HALF,) * len(names)
