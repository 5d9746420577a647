"""The thresholds of labels that a run's evaluation chose."""

from collections.abc import Sequence

from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.evaluation.label_report import HALF
from core.evaluation.report_files import read_report


def levels_of(settings: Settings, run_id: int, names: Sequence[str]) -> tuple[float, ...]:
    """The threshold of each label; HALF as long as the run was not evaluated."""
    try:
        found = read_report(settings, run_id).multilabel
    except TraindeckError:
        found = None
    levels = tuple(label.threshold for label in found.labels) if found else ()
    return levels if len(levels) == len(names) else (HALF,) * len(names)
