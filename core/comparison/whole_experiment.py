"""An experiment as a whole: its runs by config, and these from the best to the worst by a metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from core import runs as use_cases
from core.common.context import Context
from core.comparison.effects import Effect, effects
from core.comparison.groups import Group, seed_groups, told_apart
from core.comparison.param_frames import Params
from core.comparison.run_frames import Summaries, metric_names
from core.comparison.tried import Tried, advice, tried
from core.runs.records import RunQuery, RunRecord
from core.tracking.goals import goal_of
from core.verdicts.repeats import Repeats, repeats


@dataclass(frozen=True)
class WholeExperiment:
    name: str
    runs: Sequence[RunRecord]  # the newest of them, oldest first
    total: int  # that there are
    params: Params
    summaries: Summaries
    groups: Sequence[Group]
    metrics: Sequence[str]


def whole_experiment(context: Context, name: str, most: int) -> WholeExperiment:
    """Of at most so many runs, the newest."""
    page = use_cases.listing(context, RunQuery(experiments=(name,), limit=most))
    runs = list(reversed(page.runs))
    ids = [run.id for run in runs]
    params, summaries = use_cases.params(context, ids), use_cases.summaries(context, ids)
    return WholeExperiment(
        name, runs, page.total, params, summaries, seed_groups(runs, params), metric_names(summaries, ids)
    )


@dataclass(frozen=True)
class Ranked:
    """Configs that have a value of the metric, the best first."""

    metric: str
    groups: Sequence[Group]
    repeats: Mapping[int, Repeats]  # by the group's id
    params: Params

    @cached_property
    def names(self) -> dict[int, str]:
        """What each is called beside the others."""
        return told_apart(self.groups, self.params)

    @cached_property
    def effects(self) -> list[Effect]:
        values = {group.id: list(self.repeats[group.id].values.values()) for group in self.groups}
        return effects(self.groups, self.params, values)

    @cached_property
    def tried(self) -> list[Tried]:
        means = {group.id: self.repeats[group.id].mean for group in self.groups}
        return tried(self.groups, self.params, means, self.groups[0].id)

    @cached_property
    def advice(self) -> list[str]:
        counts = {group.id: len(self.repeats[group.id].values) for group in self.groups}
        return list(advice(self.groups, self.tried, counts, self.groups[0].id))


def ranked(found: WholeExperiment, metric: str) -> Ranked:
    of = {group.id: repeats(group.runs, found.params, found.summaries, metric, "best") for group in found.groups}
    sign = 1 if goal_of(metric) == "min" else -1
    order = sorted((group for group in found.groups if of[group.id].values), key=lambda each: sign * of[each.id].mean)
    return Ranked(metric, order, of, found.params)
