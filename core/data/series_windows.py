"""Windows of series: which steps are learned from, which are forecast, and that no part sees another's targets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.data.data_info import Array
from core.data.series_facts import SeriesFacts
from core.data.series_times import calendar

_OBSERVED = 0.5  # of a window's inputs, at least: the others were filled


@dataclass(frozen=True)
class Cuts:
    """Of positions in time: validation and test begin there, and the data end."""

    validation: int
    test: int
    end: int

    def parts(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
        """From and up to, to train, to validate and to test."""
        return (0, self.validation), (self.validation, self.test), (self.test, self.end)


def cuts_of(positions: int, validation: float, test: float) -> Cuts:
    """Shares of the time: the test is the last of all, validation the last of what is before it."""
    test_at = round(positions * (1 - test))
    return Cuts(round(test_at * (1 - validation)), test_at, positions)


def count(spans: Sequence[tuple[int, int]], part: tuple[int, int], window: int, horizon: int, stride: int = 1) -> int:
    """Windows whose targets all lie in a part, and whose inputs lie before them in their series; without gaps."""
    total = 0
    for first, end in spans:
        low, high = max(part[0], first + window), min(part[1], end) - horizon
        total += max(0, (high - low) // stride + 1)
    return total


def starts_of(
    position: Array, series: Array, observed: Array, part: tuple[int, int], window: int, horizon: int, stride: int = 1
) -> Array:
    """Rows at which the targets of a window begin, [windows]; its inputs are the `window` rows before.

    All targets were observed and lie in the part; inputs may reach back into an earlier one, as they were known then.
    """
    rows = len(position)
    if rows < window + horizon:
        return np.empty(0, np.int64)
    starts = np.arange(window, rows - horizon + 1)
    ends = starts + horizon - 1
    seen = np.concatenate([[0], np.cumsum(observed)])
    fits = (series[starts - window] == series[ends]) & (position[starts] >= part[0]) & (position[ends] < part[1])
    fits &= seen[starts + horizon] - seen[starts] == horizon
    fits &= seen[starts] - seen[starts - window] >= _OBSERVED * window
    found: Array = starts[fits]
    if stride > 1 and len(found):
        of = series[found]
        firsts = np.searchsorted(of, np.unique(of))  # the rows of a series are together
        found = found[(position[found] - np.repeat(position[found[firsts]], np.diff([*firsts, len(of)]))) % stride == 0]
    return found


def channels(facts: SeriesFacts, features: Sequence[str], target: str) -> list[str]:
    """What a step of a window holds, in order."""
    past, known = list(features[: facts.past]), list(features[facts.past :])
    cycles = [f"{part} ({name})" for part in facts.calendar for name in ("sine", "cosine")]
    return [target, *past, *known, *(f"{name} ahead" for name in [*known, *cycles])]


def inputs(target: Array, numbers: Array, times: Array, starts: Array, window: int, facts: SeriesFacts) -> Array:
    """float64 [windows, window, channels]: the target, features, and beside each step what is known of the time a
    horizon later; so the last steps hold what is known of those to forecast.

    Args:
        times: of the rows, and of `horizon` rows past each start; in seconds.
    """
    back = np.arange(-window, 0)
    rows = starts[:, np.newaxis] + back
    later = rows + facts.horizon
    cycles = calendar(times, facts.calendar)
    known = numbers[:, facts.past :]
    parts = [target[rows][..., np.newaxis], numbers[rows], known[later], cycles[later]]
    return np.concatenate(parts, axis=2)


def outputs(target: Array, starts: Array, horizon: int) -> Array:
    """float64 [windows, horizon]."""
    found: Array = target[starts[:, np.newaxis] + np.arange(horizon)]
    return found
