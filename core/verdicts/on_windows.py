"""Two networks that forecast the same windows of a series.

Windows that begin one after the other share most of what is to be forecast, so that their errors are no independent
examples: over 52 windows of 11 steps Student's test calls one of two equal networks better in far more than 5 of 100
cases, and so does Diebold and Mariano's (1995) with Harvey's correction (16 of 100). So means of stretches are compared
between which as many windows are left out as overlap.
"""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.verdicts.estimates import Estimate, paired

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 4  # stretches

Floats = NDArray[np.float64]


def is_forecast(frame: "pd.DataFrame") -> bool:
    """Whether a frame of core.evaluation.predictions is of a forecast."""
    return "true 1" in frame and "predicted 1" in frame


def are_same(first: "pd.DataFrame", second: "pd.DataFrame") -> bool:
    """Whether both forecast the same windows."""
    names = [name for name in map(str, first.columns) if name.partition(" ")[0] in ("series", "time", "true")]
    return len(first) == len(second) and all(name in second and first[name].equals(second[name]) for name in names)


def absolute(first: "pd.DataFrame", second: "pd.DataFrame") -> Estimate | str:
    """The second's mean absolute error less the first's; why nothing can be said, as half a sentence."""
    steps = sum(str(name).startswith("true ") for name in first.columns)
    begins = first["time 1"].to_numpy()
    apart = _errors(second, steps) - _errors(first, steps)
    _, places = np.unique(begins, return_inverse=True)  # several series at one time are one
    by_time = np.array([apart[places == place].mean() for place in range(places.max() + 1)])
    together = _overlapping(first, steps)
    stretches = _stretches(by_time, together)
    if len(stretches) < FEWEST:
        return (
            f"{len(by_time)} test windows of {steps} steps, which overlap, are {len(stretches)} independent stretches, "
            f"and {FEWEST} are needed"
        )
    found, difference = paired([0.0] * len(stretches), stretches.tolist()), float(apart.mean())
    if not found.error:
        return Estimate(difference, 0.0, found.freedom, found.chance)
    from scipy.special import stdtr

    return Estimate(
        difference, found.error, found.freedom, float(2 * stdtr(found.freedom, -abs(difference) / found.error))
    )


def _errors(frame: "pd.DataFrame", steps: int) -> Floats:
    """Mean over the steps, [windows]."""
    apart = [frame[f"true {step}"] - frame[f"predicted {step}"] for step in range(1, steps + 1)]
    return np.asarray(np.abs(np.stack([each.to_numpy(np.float64) for each in apart])).mean(axis=0))


def _overlapping(frame: "pd.DataFrame", steps: int) -> int:
    """How many windows that begin one after the other share a step with the first of them, itself included."""
    begins = np.unique(frame["time 1"].to_numpy())
    if len(begins) < 2:
        return 1
    first = frame[frame["time 1"] == begins[0]].iloc[0]
    stride = next((step - 1 for step in range(2, steps + 1) if first[f"time {step}"] == begins[1]), steps)
    return math.ceil(steps / stride)


def _stretches(values: Floats, together: int) -> Floats:
    """Means of stretches of windows that share no step with those of another."""
    length = together + 1 if together > 1 else 1
    starts = range(0, len(values) - length + 1, length + together - 1)
    return np.array([values[start : start + length].mean() for start in starts])
