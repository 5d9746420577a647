"""What the runs of one config say of it: a value for each seed and fold."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from core.runs.data_names import folds_of, is_repeat
from core.runs.highlights import WITH_RESULT
from db.records import RunRecord, RunState, Summary

Kind = Literal["last", "best"]
Key = tuple[str, str]  # seed and fold
_Value = TypeVar("_Value", bound=Hashable)
Result = tuple[RunRecord, Key, _Value]
MOST = 1e60  # what is larger diverged
SHARES = ("accuracy", "f1", "auc", "precision", "recall")  # metrics from 0 to 1
FOLD, FOLDS = "data.fold", "data.folds"
_ALONE = "run "  # what stands for the seed of a run without one begins so


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
    is_searched: bool = False  # all of them are results of a search, the best of which are too good

    @property
    def deviation(self) -> float:
        """Standard deviation; NaN of fewer than two."""
        count = len(self.values)
        if count < 2:
            return math.nan
        mean = self.mean
        return math.hypot(*(value - mean for value in self.values.values())) / math.sqrt(count - 1)

    @property
    def mean(self) -> float:
        """NaN of none."""
        return math.fsum(self.values.values()) / len(self.values) if self.values else math.nan


def counts(run: RunRecord, value: float, *, alone: bool = False) -> bool:
    """Whether a run's value says how good its config is, wherever several are put together: verdicts, means and bands.

    Not that of a run which is at work still, failed, was lost or pruned, and none that is no number or diverged.

    Args:
        alone: it is told of the run itself, whatever became of that.
    """
    return math.isfinite(value) if alone else run.state in WITH_RESULT and abs(value) < MOST


def repeats(
    runs: Sequence[RunRecord],
    params: Mapping[int, Mapping[str, str]],
    summaries: Mapping[int, Mapping[str, Summary]],
    metric: str,
    kind: Kind,
) -> Repeats:
    """Of the runs of one config."""
    results: list[Result[float]] = []
    ahead: list[Key] = []
    running = missing = pruned = folds = 0
    for run in runs:
        told = params.get(run.id, {})
        folds = max(folds, folds_of(told))
        summary = summaries.get(run.id, {}).get(metric)
        value = math.nan if summary is None else float(getattr(summary, kind))
        key = key_of(run.id, told)
        if not run.state.is_finished:
            running += 1
            ahead.append(key)
        elif run.state is RunState.PRUNED:
            pruned += 1
        elif not counts(run, value):
            missing += 1
        else:
            results.append((run, key, value))
    found = by_seed(results)
    values = {key: math.fsum(value for _, _, value in each) / len(each) for key, each in found.items()}
    stand = [run for each in found.values() for run, _, _ in each]
    counted = tuple(run.id for run in stand)
    left_out = [run for run, _, _ in results if run.id not in counted]
    chosen = tuple(run.id for run in left_out if run.told_search)
    again, is_searched = len(left_out) - len(chosen), bool(stand) and all(run.of_search for run in stand)
    return Repeats(values, counted, folds, running, missing, pruned, tuple(ahead), again, chosen, is_searched)


def key_of(run_id: int, told: Mapping[str, str]) -> Key:
    """By its params. A seed that was run twice is one seed, and without one each run is by itself."""
    fold = told.get(FOLD) or ""
    return seed_of(told) or ("" if fold else f"{_ALONE}{run_id}"), fold


def seed_of(told: Mapping[str, str]) -> str:
    return " ".join(told[key] for key in sorted(told) if is_repeat(key) and key != FOLD and told[key])


def by_seed(results: Sequence[Result[_Value]]) -> dict[Key, list[Result[_Value]]]:
    """The results of one config that count, those of one seed and fold together: they are one repeat.

    The best of many results is better than the config is (winner's curse). Those by which a search went are left out
    once two fresh seeds at least have ended with a value, whoever launched these.
    """
    fresh = [each for each in results if not each[0].told_search]
    ended = [each for each in fresh if each[0].state in WITH_RESULT]
    return _by_key(fresh if len(_by_key(ended)) > 1 else results)


def _by_key(results: Sequence[Result[_Value]]) -> dict[Key, list[Result[_Value]]]:
    """Of runs without a seed the first one alone where all gave the very same: nothing is left to chance."""
    found: dict[Key, list[Result[_Value]]] = {}
    for each in results:
        found.setdefault(each[1], []).append(each)
    alone = [key for key in found if key[0].startswith(_ALONE)]
    if len({found[key][0][2] for key in alone}) == 1:
        for key in alone[1:]:
            del found[key]
    return found
