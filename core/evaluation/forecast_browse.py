"""Looking through forecasts: a stretch of the test part, whole forecasts or one step ahead, as lines over time."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from core.data.base import Array
from core.evaluation.forecast_baselines import SEASONAL
from core.evaluation.forecasts import PREDICTED, SEASON, TIME, TRUE


class Drawn(NamedTuple):
    """Values over times; None parts what is not to be joined."""

    name: str
    times: list[Any]
    values: list[float | None]


def steps_of(frame: pd.DataFrame) -> int:
    """That are kept of each forecast."""
    return sum(str(column).startswith(TRUE) for column in frame.columns)


def truth(frame: pd.DataFrame) -> Drawn:
    """All that came in the time of these forecasts."""
    steps = steps_of(frame)
    times, places = np.unique(_matrix(frame, TIME, steps).ravel(), return_index=True)
    return Drawn("truth", times.tolist(), _matrix(frame, TRUE, steps).ravel()[places].tolist())


def whole(frame: pd.DataFrame) -> list[Drawn]:
    """Each forecast with all its steps, the next one where it ends."""
    steps = steps_of(frame)
    times = _matrix(frame, TIME, steps)
    chosen, end = [], -np.inf
    for place in np.argsort(times[:, 0], kind="stable").tolist():
        if times[place, 0] > end:
            chosen.append(place)
            end = times[place, -1]
    found = []
    for name, prefix in _kinds(frame):
        values = _matrix(frame, prefix, steps)[chosen]
        joined: list[Any] = []
        drawn: list[float | None] = []
        for at, row in zip(times[chosen].tolist(), values.tolist(), strict=True):
            joined += [*at, at[-1]]
            drawn += [*row, None]
        found.append(Drawn(name, joined[:-1], drawn[:-1]))
    return found


def ahead(frame: pd.DataFrame, step: int) -> list[Drawn]:
    """Of every forecast the value so many steps ahead, from 1."""
    order = frame[f"{TIME}{step}"].to_numpy().argsort(kind="stable")
    times = frame[f"{TIME}{step}"].to_numpy()[order].tolist()
    return [Drawn(name, times, frame[f"{prefix}{step}"].to_numpy()[order].tolist()) for name, prefix in _kinds(frame)]


def _kinds(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    yield "network", PREDICTED
    if f"{SEASON}1" in frame:
        yield SEASONAL, SEASON


def _matrix(frame: pd.DataFrame, prefix: str, steps: int) -> Array:
    found: Array = frame[[f"{prefix}{step}" for step in range(1, steps + 1)]].to_numpy()
    return found
