"""A cross-validation in words."""

import math

from core.common.digits import with_deviation
from core.common.text import plural
from core.verdicts.cross_validation import CrossValidation, Fold


def folds_told(found: CrossValidation) -> list[str]:
    """Its mean, deviation and interval in a sentence; then what is not counted in it, and why."""
    count, metric = len(found.values), found.metric
    if not count:
        lines = [f"No fold has a value of {metric} yet."]
    else:
        mean, low, high, deviation = _numbers(found)
        told = f"{metric} {mean} in the mean of {plural(count, 'fold')}"
        lines = [f"{told}: a single one says nothing of its spread." if count == 1 else (
            f"{told}, with a standard deviation of {deviation}; 95 % interval of the mean "
            f"{low} to {high} (Nadeau and Bengio, as folds share training examples)."
        )]  # fmt: skip
    running = sum(each.run is not None and not each.run.state.is_finished for each in found.folds)
    if running:
        lines.append(f"{plural(running, 'fold')} {'is' if running == 1 else 'are'} not at rest yet.")
    never = sum(each.run is None for each in found.folds)
    if never:
        lines.append(f"{plural(never, 'fold')} {'was' if never == 1 else 'were'} never launched.")
    without = sum(
        each.run is not None and each.run.state.is_finished and math.isnan(each.value) for each in found.folds
    )
    if without:
        lines.append(f"{plural(without, 'fold')} ended without a value.")
    return lines


def apart(fold: Fold, found: CrossValidation) -> str:
    """How far a fold is from the mean, in standard deviations; what is to be said of one without a value."""
    if math.isnan(fold.value) or not found.deviation > 0:
        return fold.told
    return f"{round((fold.value - found.mean) / found.deviation, 1) + 0.0:+.1f} sd".replace("+0.0", "0.0")


def _numbers(found: CrossValidation) -> list[str]:
    """The mean, the ends of its interval and the deviation."""
    return with_deviation(found.deviation, found.mean, *found.interval)
