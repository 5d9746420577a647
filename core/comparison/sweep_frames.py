"""The trials of a sweep as frames to draw and to read."""

import json
import math
from typing import Any

import pandas as pd

from core.sweeps.trials import SweepView, Trial


def trial_frame(view: SweepView) -> pd.DataFrame:
    """A row a trial, in their order: number, run (its first one, 0 without), state, origin, seconds, a column for each
    goal and for each field; lists as text, and missing where a field is not set.

    `best` is the best of the first goal until then, over trials that were trained to their end.
    """
    goals = [goal.metric for goal in view.definition.goals]
    rows: list[dict[str, Any]] = []
    best, is_min = math.nan, view.definition.goals[0].is_min
    for trial in view.trials:
        values = trial.values or (math.nan,) * len(goals)
        if trial.state == "finished" and not math.isnan(values[0]):
            better = min if is_min else max
            best = values[0] if math.isnan(best) else better(best, values[0])
        rows.append(
            {
                "number": trial.number,
                "run": next(iter(trial.run_ids), 0),
                "state": trial.state,
                "origin": trial.origin,
                "seconds": trial.seconds,
                "best": best,
                **dict(zip(goals, values, strict=True)),
                **{varied.field: _cell(trial, varied.field) for varied in view.definition.fields},
            }
        )
    columns = ["number", "run", "state", "origin", "seconds", "best", *goals]
    return pd.DataFrame(rows, columns=[*columns, *(varied.field for varied in view.definition.fields)])


def slot_frame(view: SweepView, now: float) -> pd.DataFrame:
    """A row a run that has begun: number, run, slot, state, start and end in seconds since 1970."""
    rows = [
        (each.kept.number, run.id, ", ".join(run.slots), each.state, run.starting_at, run.finished_at or now)
        for each in view.all_runs
        if (run := each.run) is not None and run.starting_at is not None
    ]
    return pd.DataFrame(rows, columns=["number", "run", "slot", "state", "start", "end"])


def _cell(trial: Trial, field: str) -> Any:
    value = trial.params.get(field)
    return json.dumps(value) if isinstance(value, list | dict | bool) else value
