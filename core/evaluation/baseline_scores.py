"""What baselines reach on a run's test set, and what that says of the network.

core.evaluation.baselines computes it. It is kept in the report and among the run's facts, so that whoever shows a
result can show both.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from core.common.text import quantity

FACT = "baselines"  # among a run's facts
MAJORITY = "the majority class"
TITLES = {  # of what is shown of them, in this order
    "test_accuracy": "Accuracy",
    "test_f1_micro": "F1, micro",
    "test_f1_macro": "F1, macro",
    "test_subset_accuracy": "All labels right",
    "test_roc_auc": "ROC AUC",
    "test_average_precision": "Average precision",
    "test_mae": "MAE",
    "test_rmse": "RMSE",
    "test_mase": "MASE",
    "test_smape": "sMAPE %",
    "test_r2": "R²",
    "test_perplexity": "Perplexity",
    "test_loss": "Loss",
}
_SURE = 1.96  # standard errors of a difference, beyond which it is told as one
_FREQUENT = 0.9  # share of the majority class, from which on an accuracy says little of the others
_ALIKE = 0.01  # share by which errors and perplexities must differ to be told apart
_ADVICE = "Look at its curves: train longer, with another learning rate or a smaller network, or use the baseline."


class Baseline(BaseModel):
    """One baseline: a plain model fitted on the training part and judged on the test set as the network was."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    metrics: dict[str, float]  # by the names of the run's own: test_accuracy, test_rmse, test_perplexity, …
    fitted_on: int  # training examples that it was fitted on
    available: int  # training examples of the run
    taken: str = "chosen by chance"  # which they were, where they are not all
    step_mae: tuple[float, ...] = ()  # of a forecast, by steps ahead; not among a run's facts
    notes: tuple[str, ...] = ()  # what was left out so that it took no longer
    seconds: float = 0.0

    @property
    def told(self) -> str:
        """What it was fitted on, in a sentence."""
        whole = self.fitted_on == self.available
        part = f"the {self.available:,} training examples" if whole else (
            f"{self.fitted_on:,} of the {self.available:,} training examples, {self.taken}"
        )  # fmt: skip
        return f"Fitted on {part}{''.join(f'; {note}' for note in self.notes)}."


@dataclass(frozen=True)
class Verdict:
    """How the network stands to the best of the baselines."""

    standing: Literal["above", "level", "below"]
    text: str  # in a sentence, or two where something is to be done
    short: str  # "2.4 points above logistic regression (0.792)"


@dataclass(frozen=True)
class _Measure:
    """A metric by which the two are set beside each other."""

    metric: str
    name: str
    rises: bool  # whether more is better


_MEASURES = (
    _Measure("test_perplexity", "perplexity", False),
    _Measure("test_mase", "MASE", False),
    _Measure("test_rmse", "RMSE", False),
    _Measure("test_accuracy", "accuracy", True),
    _Measure("test_f1_micro", "micro F1", True),
)
# Of rare classes: whatever the threshold, and whatever weights make a network say them more often.
_OF_RARE = (_Measure("test_average_precision", "average precision", True),)


def of_facts(facts: Mapping[str, Any]) -> tuple[Baseline, ...]:
    """Those among a run's facts; none of what cannot be read."""
    try:
        return tuple(TypeAdapter(list[Baseline]).validate_python(facts.get(FACT, [])))
    except ValidationError:
        return ()


def verdict_of_run(facts: Mapping[str, Any], test_metrics: Mapping[str, float]) -> Verdict | None:
    """The same by a run's facts and the last values of its metrics."""
    found, count = of_facts(facts), tested_on(facts)
    return verdict(test_metrics, found, count) if found and count is not None else None


def tested_on(facts: Mapping[str, Any]) -> int | None:
    """How many test examples there are by a run's facts; None where that is not among them."""
    examples = facts.get("examples")
    count = examples.get("test") if isinstance(examples, dict) else None
    return count if isinstance(count, int) else None


def ranked_by(metrics: Collection[str], baselines: Sequence[Baseline]) -> tuple[str, bool] | None:
    """The metric, of those that are known, by which networks and baselines are set beside each other, and whether more
    of it is better.
    """
    return next(((each.metric, each.rises) for each in _measures(baselines) if each.metric in metrics), None)


def _measures(baselines: Sequence[Baseline]) -> tuple[_Measure, ...]:
    return (*_OF_RARE, *_MEASURES) if _majority(baselines) >= _FREQUENT else _MEASURES


def _majority(baselines: Sequence[Baseline]) -> float:
    """The share of the test set that is of the majority class; 0 where that is not known."""
    return next((each.metrics.get("test_accuracy", 0.0) for each in baselines if each.name == MAJORITY), 0.0)


def verdict(metrics: Mapping[str, float], baselines: Sequence[Baseline], examples: int) -> Verdict | None:
    """None where nothing can be set beside each other.

    Args:
        metrics: of the network, on the test set.
        examples: in the test set; by chance an accuracy on few of them is another.
    """
    for measure in _measures(baselines):
        own = metrics.get(measure.metric)
        known = [each for each in baselines if math.isfinite(each.metrics.get(measure.metric, math.nan))]
        if own is None or not known:
            continue
        best = (max if measure.rises else min)(known, key=lambda each: each.metrics[measure.metric])
        other = best.metrics[measure.metric]
        if measure.rises:
            counted, which = examples, "test examples"
            if measure in _OF_RARE:
                counted, which = round(examples * (1 - _majority(baselines))), f"{which} outside {MAJORITY}"
            return _points(own, other, best.name, measure.name, counted, which)
        return _shares(own, other, best.name, measure)
    return None


def _points(own: float, other: float, name: str, what: str, counted: int, which: str) -> Verdict:
    """Of accuracies, and about so of F1 over labels and of average precision.

    The two models saw the same examples, so the error of their difference is smaller than this.

    Args:
        counted: examples that decide it, and `which` they are.
    """
    error = math.sqrt((own * (1 - own) + other * (1 - other)) / max(1, counted))
    difference = own - other
    own_told, other_told = _scores(own, other)
    points = f"{100 * abs(difference):.{1 if abs(difference) >= 0.0005 else 4}f}"
    short = f"{points} points {'above' if difference > 0 else 'below'} {name} ({other_told})"
    if not difference:
        both = f"both are right in {own_told}" if what == "accuracy" else f"the {what} of both is {own_told}"
        return Verdict("level", f"The network is level with {name}: {both}.", f"level with {name}")
    told = f"The network is {short}: its {what} is {own_told}."
    if abs(difference) <= _SURE * error:
        return Verdict("level", f"{told} On {counted:,} {which} that may be chance.", f"{short}, undecided")
    if difference > 0:
        return Verdict("above", told, short)
    return Verdict("below", f"{told} {_ADVICE}", short)


def _scores(own: float, other: float) -> list[str]:
    """As they stand elsewhere, in four digits; in more where only those tell them apart."""
    shown = [max(f"{each:.3f}", f"{each:.4g}", key=len) for each in (own, other)]
    return shown if own == other or shown[0] != shown[1] else [f"{each:.6g}" for each in (own, other)]


def _shares(own: float, other: float, name: str, measure: _Measure) -> Verdict:
    """Of errors, and of perplexities."""
    share = (other - own) / other if other else -math.inf if own else 0.0
    beside = f"that of {name} ({quantity(other, 4)})"
    own_told = f"The network's {measure.name} of {quantity(own, 4)}"
    if abs(share) <= _ALIKE:
        return Verdict(
            "level", f"{own_told} is about {beside}.", f"{measure.name} level with {name} ({quantity(other, 4)})"
        )
    if share > 0:
        text = f"{100 * share:.0f} % below {beside}"
        return Verdict("above", f"{own_told} is {text}; less is better.", f"{measure.name} {text}")
    text = f"{100 * -share:.0f} % above {beside}" if -share < 10 else f"{1 - share:,.0f} times {beside}"
    text = text if math.isfinite(share) else f"above {beside}"
    return Verdict("below", f"{own_told} is {text}; less is better. {_ADVICE}", f"{measure.name} {text}")
