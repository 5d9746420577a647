"""Params of several runs: which differ, and how a metric depends on them."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from core.comparison.run_frames import Kind, Summaries, label, value_of
from db.records import RunRecord

Params = Mapping[int, Mapping[str, str]]  # by run, then by key, as text
SEED = "seed"
REPEATED = (SEED, "data.fold")  # in which runs differ that are the same experiment done again


def differing(run_ids: Sequence[int], params: Params) -> list[str]:
    """Keys whose value is not the same in all of the runs, in the order of the config."""
    keys = dict.fromkeys(key for run_id in run_ids for key in params.get(run_id, {}))
    return [key for key in keys if len({params.get(run_id, {}).get(key) for run_id in run_ids}) > 1]


def column(run_ids: Sequence[int], params: Params, key: str) -> pd.Series:
    """A param by run: numbers when all that have it have numbers, otherwise text; missing where a run has none."""
    texts = pd.Series([params.get(run_id, {}).get(key) for run_id in run_ids], index=list(run_ids), dtype=object)
    numbers = pd.to_numeric(texts.where(texts != ""), errors="coerce")
    given = texts.notna() & (texts != "")
    return numbers if given.any() and numbers[given].notna().all() else texts


def scatter_frame(
    runs: Sequence[RunRecord], params: Params, summaries: Summaries, param: str, metric: str, kind: Kind
) -> pd.DataFrame:
    """One row a run that has both, with the columns run_id, run, x (the param: all numbers, or all text) and y."""
    values = column([run.id for run in runs], params, param)
    rows = [
        (run.id, label(run), values[run.id], value_of(summaries, run.id, metric, kind))
        for run in runs
        if not _missing(values[run.id])
    ]
    frame = pd.DataFrame(rows, columns=["run_id", "run", "x", "y"])
    return frame[frame["y"].map(math.isfinite)].reset_index(drop=True) if rows else frame


def parallel_frame(
    runs: Sequence[RunRecord], params: Params, summaries: Summaries, metric: str, kind: Kind
) -> pd.DataFrame:
    """One row a run that has the metric: the params that differ among these, and the metric as the last column."""
    scored = {run.id: value_of(summaries, run.id, metric, kind) for run in runs}
    run_ids = [run_id for run_id, score in scored.items() if math.isfinite(score)]
    frame = pd.DataFrame({key: column(run_ids, params, key) for key in differing(run_ids, params)}, index=run_ids)
    return frame.assign(**{metric: [scored[run_id] for run_id in run_ids]})


def _missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))
