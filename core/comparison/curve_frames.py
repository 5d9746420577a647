"""Curves of several runs in one long frame: smoothed, thinned, and laid along the axis somebody wants."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.comparison.run_frames import label
from core.runs.attempts import elapsed
from core.tracking.downsampling import EMPTY, extended
from core.tracking.downsampling import MAX_POINTS as MAX_POINTS
from db.records import RunRecord, Series

Axis = Literal["step", "epoch", "time"]
AXES: tuple[Axis, ...] = ("step", "epoch", "time")
Histories = Mapping[tuple[int, str], Series]
Floats = NDArray[np.float64]

_COLUMNS = ("run_id", "run", "metric", "x", "value", "raw")
_UNITS = (("h", 3600.0, 3 * 3600.0), ("min", 60.0, 600.0), ("s", 1.0, 0.0))  # name, seconds, used from


def curve_frame(
    runs: Sequence[RunRecord],
    histories: Histories,
    axis: Axis,
    smoothing: float = 0.0,
    max_points: int = MAX_POINTS,
) -> pd.DataFrame:
    """One row a point, with the columns run_id, run, metric, x, value (smoothed) and raw.

    Runs whose length of an epoch is not known have no epoch axis; they are left out there.
    """
    parts = []
    for run in runs:
        for metric in dict.fromkeys(name for run_id, name in histories if run_id == run.id):
            series = histories[run.id, metric]
            if axis == "epoch" and not run.steps_per_epoch:
                continue
            # Smoothed before it is thinned: what is kept are extremes, and their mean is not that of all points.
            smooth = smoothed(series, smoothing)
            kept = extended(EMPTY, series, max_points)
            points, values = kept.points, smooth[kept.place]
            columns = (run.id, label(run), metric, along(run, points, axis), values, points.value)
            parts.append(pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True))))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_COLUMNS))


def smoothed(series: Series, weight: float) -> Floats:
    """Exponential moving average, free of the bias towards its start; `weight` 0 (as it is) to 1 (flat), exclusive.

    The weight is that of a typical step, or of a thousandth of the curve where steps are denser, so that a curve looks
    equally smooth however often it was recorded. NaN stays NaN and does not spread.
    """
    if weight <= 0 or len(series) < 3:
        return series.value
    steps = series.step.astype(np.float64)
    if steps[0] == steps[-1]:  # all that were logged without a step: one after the other
        steps = np.arange(len(steps), dtype=np.float64)
    unit = max(float(np.median(np.diff(steps))), (steps[-1] - steps[0]) / MAX_POINTS)
    values = pd.Series(np.where(np.isfinite(series.value), series.value, np.nan))
    halflife = pd.Timedelta(seconds=math.log(0.5) / math.log(min(weight, 0.999)))
    times = pd.Series(pd.to_datetime((steps - steps[0]) / unit, unit="s"))
    average = values.ewm(halflife=halflife, times=times)  # type: ignore[arg-type]  # the stubs know only numbers
    mean = average.mean().to_numpy(dtype=np.float64)
    return np.where(np.isfinite(series.value), mean, series.value)


def along(run: RunRecord, series: Series, axis: Axis) -> Floats:
    """Where the points lie on the axis: steps, epochs, or seconds of training, pauses between attempts left out."""
    if axis == "step":
        return series.step.astype(np.float64)
    if axis == "epoch":
        return series.step / run.steps_per_epoch
    return elapsed(run.stretches, series.wall_time)


def in_unit(frame: pd.DataFrame, axis: Axis) -> tuple[pd.DataFrame, str]:
    """The frame with elapsed time in seconds, minutes or hours, whichever reads best, and the title of its axis."""
    if axis != "time":
        return frame, axis_title(axis)
    name, seconds = _unit(frame)
    return frame.assign(x=frame["x"] / seconds), f"{axis_title(axis)} ({name})"


def unit(frame: pd.DataFrame, axis: Axis) -> float:
    """By what `in_unit` divides this frame's x."""
    return _unit(frame)[1] if axis == "time" else 1.0


def _unit(frame: pd.DataFrame) -> tuple[str, float]:
    longest = 0.0 if frame.empty else float(frame["x"].max())
    return next((name, seconds) for name, seconds, least in _UNITS if longest >= least)


def axis_title(axis: Axis) -> str:
    return {"step": "Step", "epoch": "Epoch", "time": "Elapsed time"}[axis]


def by_chart(metrics: Sequence[str]) -> dict[str, list[str]]:
    """Metrics by what they measure, in the given order: val_loss and test_loss stand with loss."""
    found: dict[str, list[str]] = {}
    for name in metrics:
        found.setdefault(name.removeprefix("val_").removeprefix("test_"), []).append(name)
    return {base: sorted(names, key=lambda name: name != base) for base, names in found.items()}


def curves_csv(runs: Sequence[RunRecord], histories: Histories) -> str:
    """Every point of the histories as CSV; times in seconds of training, and in UTC."""
    parts = []
    for run in runs:
        for metric in dict.fromkeys(name for run_id, name in histories if run_id == run.id):
            series = histories[run.id, metric]
            epochs = along(run, series, "epoch") if run.steps_per_epoch else np.full(len(series), np.nan)
            columns = {
                "run_id": run.id,
                "run": run.name,
                "metric": metric,
                "step": series.step,
                "epoch": epochs,
                "elapsed_seconds": along(run, series, "time"),
                "time_utc": pd.to_datetime(series.wall_time, unit="s", utc=True).round("ms"),
                "value": series.value,
            }
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts).to_csv(index=False, na_rep="NaN") if parts else ""
