"""A cross-validation in words."""

import math

from core.common.text import plural, quantity
from core.verdicts.cross_validation import CrossValidation, Fold
from core.verdicts.sentences import as_number


def folds_told(found: CrossValidation) -> list[str]:
    """Its mean, deviation and interval in a sentence; then what is not counted in it, and why."""
    count, metric = len(found.values), found.metric
    if not count:
        lines = [f"No fold has a value of {metric} yet."]
    else:
        mean = f"{metric} {_number(found.mean, found)} in the mean of {plural(count, 'fold')}"
        lines = [f"{mean}: a single one says nothing of its spread." if count == 1 else (
            f"{mean}, with a standard deviation of {_number(found.deviation, found)}; 95 % interval of the mean "
            f"{_ends(found)} (Nadeau and Bengio, as folds share training examples)."
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


def _ends(found: CrossValidation) -> str:
    low, high = found.interval
    return f"{_number(low, found)} to {_number(high, found)}"


def _number(value: float, found: CrossValidation) -> str:
    """Of a metric that somebody told in percent its deviation may be below 1, and is no share all the same."""
    return as_number(value, found.metric) if found.is_share else quantity(value, 4)
