"""What runs reach on a test set beside what baselines reach on it, the best first."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from core.comparison.groups import Group
from core.comparison.run_frames import Summaries
from core.evaluation.baseline_scores import TITLES, Baseline, of_facts, ranked_by, tested_on, verdict
from core.runs.data_names import data_set, same_data
from core.runs.highlights import loss_note
from db.records import RunRecord


@dataclass(frozen=True)
class Row:
    """Of runs that differ in nothing but seed or fold, of a single run, or of a baseline."""

    name: str
    run_id: int | None  # None for a baseline
    values: Mapping[str, tuple[float, ...]]  # by metric; one of each seed, of baselines one where they are all the same
    told: str = ""  # how runs stand to the best of the baselines

    def mean(self, metric: str) -> float:
        return fmean(self.values[metric]) if self.values.get(metric) else math.nan


@dataclass(frozen=True)
class Beside:
    """Of runs that were tested on the same examples."""

    data: str  # name of the data set, with the rule of its threshold
    metrics: tuple[str, ...]
    ranked_by: str  # one of them
    rows: tuple[Row, ...]


def beside_baselines(groups: Sequence[Group], summaries: Summaries) -> list[Beside]:
    """One for each data set whose runs have baselines."""
    parts: list[list[Group]] = []
    for group in groups:
        part = next((part for part in parts if _same_test(part[0].runs[0], group.runs[0])), None)
        parts.append([group]) if part is None else part.append(group)
    return [found for part in parts if (found := _beside(part, summaries)) is not None]


def _same_test(one: RunRecord, other: RunRecord) -> bool:
    """On the same examples, and by the same rule: a baseline's threshold is chosen as the network's is."""
    alike = tested_on(one.facts) == tested_on(other.facts) and _rule(one) == _rule(other)
    return alike and same_data(one, other)


def _rule(run: RunRecord) -> Mapping[str, Any]:
    """By which the threshold of two classes is chosen."""
    found = run.config.get("evaluation", {}).get("threshold")
    return found if isinstance(found, dict) else {"name": "half"}


def _named(run: RunRecord) -> str:
    rule = _rule(run)
    told = {"half": "", "f1": "best F1", "youden": "Youden's index"}.get(rule["name"], f"{rule.get('value')}")
    return f"{data_set(run)}, threshold: {told}" if told else data_set(run)


def _beside(groups: Sequence[Group], summaries: Summaries) -> Beside | None:
    runs = [run for group in groups for run in group.runs]
    baselines = _pooled(runs)
    known = {metric for each in baselines for metric in each.values}
    if any(loss_note(run.facts) for run in runs):  # the networks' loss is another than theirs
        known -= {"test_loss"}
    rows = [_of_group(group, summaries, known) for group in groups]
    both = known & {metric for row in rows for metric in row.values}
    measure = ranked_by(both, [_baseline(each) for each in baselines])
    if measure is None:
        return None
    by, rises = measure
    ordered = sorted(
        [*rows, *baselines],
        key=lambda row: math.inf if math.isnan(row.mean(by)) else (-row.mean(by) if rises else row.mean(by)),
    )
    return Beside(_named(runs[0]), tuple(name for name in TITLES if name in known), by, tuple(ordered))


def _of_group(group: Group, summaries: Summaries, known: set[str]) -> Row:
    values = {name: _by_seed(group, summaries, name) for name in known}
    row = Row(group.name, group.id, {name: found for name, found in values.items() if found})
    with_baselines = {run.id: run for run in group.runs if of_facts(run.facts)}
    seeds = group.seeds({run_id: run_id for run_id in with_baselines})
    rivals = [_baseline(each) for each in _pooled([with_baselines[seed[0]] for seed in seeds])]
    found = verdict({name: row.mean(name) for name in row.values}, rivals, tested_on(group.runs[0].facts) or 0)
    return Row(row.name, row.run_id, row.values, found.short if found else "")


def _baseline(row: Row) -> Baseline:
    return Baseline(name=row.name, metrics={name: row.mean(name) for name in row.values}, fitted_on=0, available=0)


def _by_seed(group: Group, summaries: Summaries, metric: str) -> tuple[float, ...]:
    values = group.values(summaries, metric, "last")
    return tuple(fmean(values[run_id] for run_id in seed) for seed in group.seeds(values))


def _pooled(runs: Sequence[RunRecord]) -> list[Row]:
    """The baselines of all these runs, by name."""
    found: dict[str, dict[str, list[float]]] = {}
    for run in runs:
        for each in of_facts(run.facts):
            for metric, value in each.metrics.items():
                if metric in TITLES and math.isfinite(value):
                    found.setdefault(each.name, {}).setdefault(metric, []).append(value)
    return [
        Row(name, None, {metric: _alike(values) for metric, values in metrics.items()})
        for name, metrics in found.items()
    ]


def _alike(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(values[:1] if len(set(values)) == 1 else values)
