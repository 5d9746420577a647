"""Is a smaller value of a metric better, or a larger one?"""

import functools
import re
from typing import Literal

from core.tracking.families import SYSTEM

Goal = Literal["min", "max"]

_SMALLER_IS_BETTER = {
    *("loss", "error", "err", "errors", "mae", "mse", "rmse", "msle", "mape", "nll", "perplexity", "mase"),
    *(
        "smape",
        "crossentropy",
        "entropy",
        "divergence",
        "wer",
        "cer",
        "distance",
        "seconds",
        "latency",
        "time",
        "duration",
    ),
}

_SETTINGS = ("lr", "learning rate", "weight decay", "momentum", "batch size")  # logged as they change
_COUNTERS = ("epoch", "step", "global step", "iteration", "iter", "timestamp")


@functools.lru_cache(10_000)
def is_result(metric: str) -> bool:
    """Whether a config can be better in it than another: not settings that are logged like results, how far a run is,
    and telemetry.
    """
    if metric.startswith(SYSTEM):
        return False
    parts = [" ".join(_words(part)) for part in metric.split("/")]
    is_setting = any(part in _SETTINGS or part.startswith("lr ") for part in parts)  # lr-Adam/pg1
    return not is_setting and parts[-1] not in _COUNTERS


@functools.lru_cache(10_000)
def goal_of(metric: str) -> Goal:
    """ "min" for losses, errors and times, told by the words of the name; otherwise "max"."""
    return "min" if _SMALLER_IS_BETTER.intersection(_words(metric)) else "max"


def _words(metric: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", metric.lower())


def is_better(value: float, than: float, goal: Goal, by: float = 0.0) -> bool:
    """Whether a value is an improvement of more than `by`; NaN never is, and anything improves on NaN."""
    if value != value:
        return False
    if than != than:
        return True
    return value < than - by if goal == "min" else value > than + by
