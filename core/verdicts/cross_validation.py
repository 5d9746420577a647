"""A cross-validation as one object: the folds of one config, what each came to, and what the mean of them is worth.

Folds share training examples, so that their deviation says too little of how the mean would vary: its error is widened
as Nadeau and Bengio (2003, Machine Learning 52) have it, by examples judged as a share of those learned from.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.runs.data_names import folds_of, whole
from core.runs.highlights import WITH_RESULT, first_to_judge_by
from core.verdicts.estimates import SURE, Estimate
from core.verdicts.repeats import FOLD, SHARES, Kind, counts, seed_of
from db.records import RunRecord, Summary

Place = tuple[str, int]  # the seed as its params have it, and the fold, counted from 0


@dataclass(frozen=True)
class Fold:
    seed: str
    fold: int  # counted from 0
    run: RunRecord | None  # the newest of it; None where it was never launched
    value: float  # NaN where there is none

    @property
    def told(self) -> str:
        """What is to be said of it beside its value; "" of one that is well."""
        if self.run is None:
            return "not launched"
        if not self.run.state.is_finished:
            return str(self.run.state)
        if self.run.state not in WITH_RESULT:
            return f"{self.run.state}, without a value"
        return "" if math.isfinite(self.value) else "no value"


@dataclass(frozen=True)
class CrossValidation:
    """Of one config and one metric."""

    metric: str
    count: int  # folds that the examples are cut into
    folds: tuple[Fold, ...]  # seed by seed, all of them, whether they were launched or not

    @property
    def values(self) -> list[float]:
        return [each.value for each in self.folds if math.isfinite(each.value)]

    @property
    def mean(self) -> float:
        """Over the folds that have a value; NaN of none."""
        return math.fsum(self.values) / len(self.values) if self.values else math.nan

    @property
    def deviation(self) -> float:
        """Standard deviation over them; NaN of fewer than two."""
        count, mean = len(self.values), self.mean
        return math.hypot(*(value - mean for value in self.values)) / math.sqrt(count - 1) if count > 1 else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Of the mean, at 95 %, corrected for what training parts share; NaN of fewer than two values."""
        count = len(self.values)
        if count < 2:
            return math.nan, math.nan
        error = self.deviation * math.sqrt(1 / count + 1 / (self.count - 1))
        low, high = Estimate(self.mean, error, count - 1, 0.0).interval(SURE)
        return (max(low, 0.0), min(high, 1.0)) if self.is_share else (low, high)

    @property
    def is_share(self) -> bool:
        """Of values from 0 to 1, as accuracies are unless somebody tells them in percent."""
        return any(name in self.metric for name in SHARES) and all(0 <= value <= 1 for value in self.values)

    @property
    def missing(self) -> tuple[Place, ...]:
        """Folds that were never launched, or left no value and are not at work."""
        return tuple((each.seed, each.fold) for each in self.folds if not math.isfinite(each.value) and (
            each.run is None or each.run.state.is_finished
        ))  # fmt: skip


def metrics_of(summaries: Mapping[int, Mapping[str, Summary]]) -> list[str]:
    """Metrics to look at it by, what people judge by first."""
    return first_to_judge_by({name for each in summaries.values() for name in each if "/" not in name})


def cross_validation(
    runs: Sequence[RunRecord],
    params: Mapping[int, Mapping[str, str]],
    summaries: Mapping[int, Mapping[str, Summary]],
    metric: str,
    kind: Kind = "best",
) -> CrossValidation | None:
    """Of the runs of one config; None where they are of no cross-validation. Of two runs of a fold the newer counts,
    unless the older alone has a value. Runs of a fold that is none of so many are left out.
    """
    count = max((folds_of(params.get(run.id, {})) for run in runs), default=0)
    found: dict[Place, Fold] = {}
    for run in sorted(runs, key=lambda each: each.id):
        told = params.get(run.id, {})
        fold = whole(told.get(FOLD) or 0)
        if fold is None or fold >= count:
            continue
        place = seed_of(told), fold
        summary = summaries.get(run.id, {}).get(metric)
        value = math.nan if summary is None else float(getattr(summary, kind))
        value = value if counts(run, value) else math.nan
        if place in found and math.isfinite(found[place].value) and not math.isfinite(value):
            continue
        found[place] = Fold(*place, run, value)
    if not found:
        return None
    seeds = sorted({seed for seed, _ in found}, key=lambda seed: (len(seed), seed))
    every = tuple(
        found.get((seed, fold)) or Fold(seed, fold, None, math.nan) for seed in seeds for fold in range(count)
    )
    return CrossValidation(metric, count, every)
