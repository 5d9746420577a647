"""Runs beside each other: the params that matter, and each metric's last and best value."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import pandas as pd

from core.common.digits import same
from core.runs.data_names import data_set
from core.tracking.goals import goal_of
from db.records import RunRecord, Summary

Summaries = Mapping[int, Mapping[str, Summary]]  # by run, then by metric
DATA_SET = "data set"  # a column
Kind = Literal["last", "best"]


def label(run: RunRecord) -> str:
    """What a run is called where several stand side by side: names need not be unique, numbers are.

    Its data set is named, too, unless its name does so.
    """
    data = data_set(run)
    told = f" · {data}" if data and data.casefold() not in run.name.casefold() else ""
    return f"#{run.id} {run.name}{told}"


def metric_names(summaries: Summaries, run_ids: Iterable[int]) -> list[str]:
    """Every metric that some of the runs have; what is judged by first, telemetry last."""
    names = {name for run_id in run_ids for name in summaries.get(run_id, {})}
    return sorted(names, key=lambda name: (name.startswith("system/"), not name.startswith("val_"), name))


def value_of(summaries: Summaries, run_id: int, metric: str, kind: Kind) -> float:
    """NaN when the run has no such metric."""
    summary = summaries.get(run_id, {}).get(metric)
    return math.nan if summary is None else float(getattr(summary, kind))


def table(
    runs: Sequence[RunRecord], columns: Mapping[str, pd.Series], summaries: Summaries, metrics: Sequence[str]
) -> pd.DataFrame:
    """A row a run, indexed by its number: name, data set, last, best and its step of each metric, the params."""
    names = {"run": [run.name for run in runs], DATA_SET: [data_set(run) for run in runs]}
    frame = pd.DataFrame(names, index=[run.id for run in runs])
    for metric in metrics:
        for kind in ("last", "best"):
            frame[f"{metric} {kind}"] = [value_of(summaries, run.id, metric, kind) for run in runs]
        frame[f"{metric} best step"] = [
            summaries[run.id][metric].best_step if metric in summaries.get(run.id, {}) else None for run in runs
        ]
    for key, values in columns.items():
        frame[key] = values
    return frame


def winners(frame: pd.DataFrame, metrics: Sequence[str]) -> dict[str, list[int]]:
    """The runs with the best value of their data set, by the table's column; none where all have the same."""
    found: dict[str, list[int]] = {}
    for metric in metrics:
        for name in (f"{metric} {kind}" for kind in ("last", "best")):
            for _, values in frame[name].dropna().groupby(frame[DATA_SET]):
                top = values.min() if goal_of(metric) == "min" else values.max()
                is_best = [same(value, top) for value in values]
                best = [int(run_id) for run_id in values.index[is_best]]
                if len(best) < len(values):
                    found.setdefault(name, []).extend(best)
    return found
