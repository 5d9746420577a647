"""Is a smaller value of a metric better, or a larger one?"""

import functools
import re
from typing import Literal

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


@functools.lru_cache(10_000)
def goal_of(metric: str) -> Goal:
    """ "min" for losses, errors and times, told by the words of the name; otherwise "max"."""
    words = re.split(r"[^a-z0-9]+", metric.lower())
    return "min" if _SMALLER_IS_BETTER.intersection(words) else "max"


def is_better(value: float, than: float, goal: Goal, by: float = 0.0) -> bool:
    """Whether a value is an improvement of more than `by`; NaN never is, and anything improves on NaN."""
    if value != value:
        return False
    if than != than:
        return True
    return value < than - by if goal == "min" else value > than + by
