"""Params of several runs: which differ, and their values by run."""

from collections.abc import Mapping, Sequence

import pandas as pd

Params = Mapping[int, Mapping[str, str]]  # by run, then by key, as text


def differing(run_ids: Sequence[int], params: Params) -> list[str]:
    """Keys whose value is not the same in all of the runs, in the order of the config; none and "" are the same."""
    keys = dict.fromkeys(key for run_id in run_ids for key in params.get(run_id, {}))
    return [key for key in keys if len({params.get(run_id, {}).get(key) or None for run_id in run_ids}) > 1]


def column(run_ids: Sequence[int], params: Params, key: str) -> pd.Series:
    """A param by run: numbers when all that have it have numbers, otherwise text; missing where a run has none."""
    texts = pd.Series([params.get(run_id, {}).get(key) for run_id in run_ids], index=list(run_ids), dtype=object)
    numbers = pd.to_numeric(texts.where(texts != ""), errors="coerce")
    given = texts.notna() & (texts != "")
    return numbers if given.any() and numbers[given].notna().all() else texts
