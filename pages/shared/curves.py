"""Curves of runs at work: how far each is drawn, so that the browser asks only for what comes after."""

from collections.abc import Iterable, Mapping

import pandas as pd

from core import comparison
from core.runs.records import RunRecord, Summary
from pages.frontend.chart import LiveCurve
from pages.shared.data import Version


def version(run: RunRecord, known: Iterable[Summary]) -> Version:
    """Changes when the run has recorded something new, or was resumed and repeats a part of it."""
    return tuple((summary.metric, summary.count, summary.last_step, run.attempt) for summary in known)


def live_curves(
    runs: Iterable[RunRecord],
    known: Mapping[int, Mapping[str, Summary]],
    frame: pd.DataFrame,
    axis: comparison.Axis,
    seconds: float,
) -> list[LiveCurve]:
    """For each line that `charts.curves` draws of this frame, in its order; none when no run is at work.

    `seconds` is the unit of an axis of time. `known` are the summaries that were read before the frame was: what came
    in between is asked for once more.
    """
    by_id = {run.id: run for run in runs}
    if all(run.state.is_finished for run in by_id.values()):
        return []
    return [
        _live_curve(by_id[run_id], known[run_id][metric], axis, seconds)
        for run_id, metric in frame[["run_id", "metric"]].drop_duplicates().itertuples(index=False)
    ]


def _live_curve(run: RunRecord, summary: Summary, axis: comparison.Axis, seconds: float) -> LiveCurve:
    drawn = (run.id, summary.metric, summary.last_step, summary.count, summary.last_sequence)
    if axis == "time":
        return LiveCurve(*drawn, by="elapsed", scale=seconds)
    return LiveCurve(*drawn, by="step", scale=run.steps_per_epoch if axis == "epoch" else 1.0)
