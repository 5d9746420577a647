"""What the runs of one config say of it: a value for each seed and fold."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.runs.data_names import folds_of, is_repeat
from core.runs.highlights import WITH_RESULT
from db.records import RunRecord, RunState, Summary

Kind = Literal["last", "best"]
Key = tuple[str, str]  # seed and fold
_Result = tuple[RunRecord, Key, float]
MOST = 1e60  # what is larger diverged, and its fourth power, which tests need, is no number
SHARES = ("accuracy", "f1", "auc", "precision", "recall")  # metrics from 0 to 1
FOLD, FOLDS = "data.fold", "data.folds"


@dataclass(frozen=True)
class Repeats:
    values: Mapping[Key, float]  # in the order of the runs; of two runs with one seed and fold the mean
    runs: tuple[int, ...]  # that they are of
    folds: int  # of a cross-validation; 0 where there is none
    running: int  # runs that are not at rest yet
    missing: int  # runs that failed, were lost, diverged, or have no finite value
    pruned: int = 0  # runs that were ended early, since they were worse than others
    ahead: tuple[Key, ...] = ()  # of those runs that are not at rest yet
    again: int = 0  # runs without a seed that only gave the very same value as the first: nothing is left to chance
    chosen: tuple[int, ...] = ()  # runs that are left out, since a search chose the config by their results

    @property
    def deviation(self) -> float:
        """Standard deviation; NaN of fewer than two."""
        count = len(self.values)
        if count < 2:
            return math.nan
        return math.sqrt(sum((value - self.mean) ** 2 for value in self.values.values()) / (count - 1))

    @property
    def mean(self) -> float:
        """NaN of none."""
        return math.fsum(self.values.values()) / len(self.values) if self.values else math.nan


def repeats(
    runs: Sequence[RunRecord],
    params: Mapping[int, Mapping[str, str]],
    summaries: Mapping[int, Mapping[str, Summary]],
    metric: str,
    kind: Kind,
) -> Repeats:
    """Of the runs of one config.

    The best of many results is better than the config is (winner's curse). Those by which a search chose it are left
    out where it was confirmed on fresh seeds, and two of these at least have a value.
    """
    results: list[_Result] = []
    ahead: list[Key] = []
    running = missing = pruned = folds = 0
    for run in runs:
        told = params.get(run.id, {})
        folds = max(folds, folds_of(told))
        summary = summaries.get(run.id, {}).get(metric)
        value = math.nan if summary is None else float(getattr(summary, kind))
        # A seed that was run twice is one seed, and without one each run is by itself.
        fold = told.get(FOLD) or ""
        seed = " ".join(told[key] for key in sorted(told) if is_repeat(key) and key != FOLD and told[key])
        key = seed or ("" if fold else f"run {run.id}"), fold
        if not run.state.is_finished:
            running += 1
            ahead.append(key)
        elif run.state is RunState.PRUNED:
            pruned += 1
        elif run.state not in WITH_RESULT or not abs(value) < MOST:
            missing += 1
        else:
            results.append((run, key, value))
    chosen: tuple[int, ...] = ()
    fresh = [each for each in results if not each[0].chosen_by_search]
    if len(fresh) < len(results) and len(_values(fresh)[0]) > 1:
        chosen, results = tuple(run.id for run, _, _ in results if run.chosen_by_search), fresh
    values, again = _values(results)
    counted = tuple(run.id for run, _, _ in results)
    return Repeats(values, counted, folds, running, missing, pruned, tuple(ahead), again, chosen)


def _values(results: Sequence[_Result]) -> tuple[dict[Key, float], int]:
    """The mean of each seed and fold; and how many runs without a seed are left out, as of `Repeats.again`."""
    found: dict[Key, list[float]] = {}
    for _, key, value in results:
        found.setdefault(key, []).append(value)
    values = {key: math.fsum(each) / len(each) for key, each in found.items()}
    alone = [key for key in values if key[0].startswith("run ")]
    again = alone[1:] if len({values[key] for key in alone}) == 1 else []
    return {key: value for key, value in values.items() if key not in again}, len(again)
