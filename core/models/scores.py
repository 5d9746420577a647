"""How good a version is: its main figure on the test set, how sure that is, and how it stands to the baselines."""

import math
from dataclasses import dataclass

from core.evaluation.baseline_scores import Verdict, of_facts, ranked_by, tested_on, verdict_of_run
from core.evaluation.chances import wilson
from core.tracking.goals import Goal, goal_of
from db.registry_records import VersionRecord

_NAMES = {
    **{name: name.upper() for name in ("mase", "mae", "rmse", "f1")},
    **{"r2": "R²", "f1_micro": "micro F1", "f1_macro": "macro F1", "smape": "sMAPE", "roc_auc": "ROC AUC"},
}


@dataclass(frozen=True)
class Score:
    metric: str
    value: float
    examples: int | None  # in the test set, where that is known

    @property
    def name(self) -> str:
        return metric_name(self.metric)

    @property
    def goal(self) -> Goal:
        return goal_of(self.metric)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Of an accuracy on so many examples, in 95 % of cases; None of others."""
        return wilson(self.value, self.examples) if self.metric == "test_accuracy" and self.examples else None


def metric_name(metric: str) -> str:
    """As people say it: accuracy, MASE."""
    name = metric.removeprefix("test_")
    return _NAMES.get(name, name.replace("_", " "))


def main_score(version: VersionRecord) -> Score | None:
    """That by which it is set beside baselines, otherwise its loss; None of a version that was not evaluated."""
    known = figures(version)
    found, _ = ranked_by(known, of_facts(version.facts)) or ("test_loss", False)
    return Score(found, known[found], tested_on(version.facts)) if found in known else None


def figures(version: VersionRecord) -> dict[str, float]:
    """All of its metrics that are numbers."""
    values = {name: value for name, value in version.metrics.items() if isinstance(value, int | float)}
    return {name: float(value) for name, value in values.items() if math.isfinite(value)}


def beside_baselines(version: VersionRecord) -> Verdict | None:
    return verdict_of_run(version.facts, figures(version))
