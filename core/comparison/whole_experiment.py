"""An experiment as a whole: its runs by config, and these from the best to the worst by a metric.

Thousands of runs are read once. After that `KeptExperiment` reads those that changed, and puts together anew only the
configs that they are of.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from sys import intern

import db.experiment_rows
import db.metrics
import db.params
from core.common.context import Context
from core.comparison.coverage import Coverage, coverage
from core.comparison.effects import Effect, effects
from core.comparison.groups import Group, named_group, told_apart
from core.comparison.param_frames import Params, differing
from core.comparison.run_frames import Summaries, metric_names
from core.comparison.tried import Advice, Tried, advice, tried
from core.runs.data_names import data_of_params, is_repeat
from core.runs.records import RunRecord
from core.tracking.goals import goal_of
from core.verdicts.repeats import Kind, Repeats, repeats
from core.verdicts.standing import standing
from core.verdicts.two_sides import measured_on
from db.records import Summary

_Config = frozenset[tuple[str, str]]
_LATE = 0.8  # of the steps of a run: a best value that came later says that more steps may bring more


@dataclass(frozen=True)
class WholeExperiment:
    """`runs` have no configs and no facts: what is said of a few of them reads these by itself."""

    name: str
    runs: Sequence[RunRecord]  # the oldest first
    params: Params
    summaries: Summaries
    groups: Sequence[Group]
    metrics: Sequence[str]
    varied: Params  # of each group, by its id, those in which groups differ, seeds and folds aside
    known: dict[tuple[str, Kind, int], tuple[Group, Repeats]] = field(default_factory=dict, repr=False)
    elsewhere: frozenset[int] = frozenset()  # runs on other data sets, which were left out

    @cached_property
    def data_sets(self) -> dict[str, int]:
        """Those that its configs learn from, "" where that is not told, with how many do; the most frequent first."""
        return dict(Counter(data_of_params(self.params.get(group.id, {})) for group in self.groups).most_common())

    def on(self, data: str) -> "WholeExperiment":
        """Of its configs those on this data set: results on one say nothing of those on another."""
        groups = [group for group in self.groups if data_of_params(self.params.get(group.id, {})) == data]
        ids = {run.id for group in groups for run in group.runs}
        runs = [run for run in self.runs if run.id in ids]
        return replace(
            self, runs=runs, groups=groups, metrics=metric_names(self.summaries, ids),
            varied=varied(groups, self.params), elsewhere=frozenset(run.id for run in self.runs) - ids,
        )  # fmt: skip

    def repeats(self, group: Group, metric: str, kind: Kind) -> Repeats:
        """Kept as long as the group is the same, which is made anew with each of its runs that changes."""
        kept = self.known.get((metric, kind, group.id))
        if kept is None or kept[0] is not group:
            kept = group, repeats(group.runs, self.params, self.summaries, metric, kind)
            self.known[metric, kind, group.id] = kept
        return kept[1]


def varied(groups: Iterable[Group], params: Params) -> Params:
    """Of each group, by its id, the params in which groups differ, seeds and folds aside."""
    ids = [group.id for group in groups]
    keys = [key for key in differing(ids, params) if not is_repeat(key)]
    given = {run_id: params.get(run_id, {}) for run_id in ids}
    return {run_id: {key: of_run[key] for key in keys if key in of_run} for run_id, of_run in given.items()}


class KeptExperiment:
    """Any number of threads may read it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._stamps: dict[int, db.experiment_rows.Stamp] = {}
        self._runs: dict[int, RunRecord] = {}
        self._params: dict[int, dict[str, str]] = {}
        self._summaries: dict[int, dict[str, Summary]] = {}
        self._config_of: dict[int, _Config] = {}
        self._members: dict[_Config, dict[int, None]] = {}
        self._groups: dict[_Config, Group] = {}
        self._varied: Params = {}
        self._known: dict[tuple[str, Kind, int], tuple[Group, Repeats]] = {}

    def read(self, context: Context) -> WholeExperiment:
        """As the store is now."""
        with self._lock:
            with context.workspace.read() as session:
                stamps = db.experiment_rows.stamps(session, self._name)
                changed = [run_id for run_id, stamp in stamps.items() if self._stamps.get(run_id) != stamp]
                gone = self._runs.keys() - stamps.keys()
                if changed:
                    self._runs |= db.experiment_rows.read(session, self._name, changed)
                    read = db.params.of_runs(session, changed)
                    params = {run_id: _interned(read.get(run_id, {})) for run_id in changed}
                    found = db.metrics.summaries(session, changed)
            if changed:
                self._params |= params
                self._summaries |= {run_id: found.get(run_id, {}) for run_id in changed}
            self._regroup(changed, gone)
            self._stamps = stamps
            return self._whole()

    def _regroup(self, changed: Iterable[int], gone: Iterable[int]) -> None:
        touched: dict[_Config, None] = {}
        for run_id in gone:
            touched |= self._leave(run_id)
            for kept in (self._runs, self._params, self._summaries):
                kept.pop(run_id, None)
        for run_id in changed:
            config = frozenset(item for item in self._params[run_id].items() if not is_repeat(item[0]))
            if self._config_of.get(run_id) != config:
                touched |= self._leave(run_id)
                self._config_of[run_id] = config
                self._members.setdefault(config, {})[run_id] = None
            touched[config] = None
        ids = {config: group.id for config in touched if (group := self._groups.get(config))}
        for config in touched:
            if members := self._members.get(config):
                self._groups[config] = named_group([self._runs[run_id] for run_id in members])
            else:
                self._members.pop(config, None)
                self._groups.pop(config, None)
        if ids != {config: group.id for config in touched if (group := self._groups.get(config))}:
            self._varied = varied(self._groups.values(), self._params)

    def _leave(self, run_id: int) -> dict[_Config, None]:
        """Which config the run was of until now."""
        config = self._config_of.pop(run_id, None)
        if config is None:
            return {}
        self._members[config].pop(run_id, None)
        return {config: None}

    def _whole(self) -> WholeExperiment:
        runs = [self._runs[run_id] for run_id in self._stamps]
        groups = list(self._groups.values())
        if len(self._known) > 4 * len(groups) + 1000:  # of configs that are gone, and metrics that nobody asks for now
            self._known.clear()
        return WholeExperiment(
            self._name, runs, dict(self._params), dict(self._summaries), groups,
            metric_names(self._summaries, self._stamps), self._varied, self._known,
        )  # fmt: skip


def _interned(params: Mapping[str, str]) -> dict[str, str]:
    """Thousands of runs share nearly all of it."""
    return {intern(key): intern(value) for key, value in params.items()}


@dataclass(frozen=True)
class Ranked:
    """Configs that have a value of the metric, the best first: those that can be judged before those that cannot, and
    both by their means. `params`: of each group those that differ.
    """

    metric: str
    kind: Kind
    groups: Sequence[Group]
    ahead: Sequence[Group]  # with a better mean than the best, and not judged: on one run, or as a search found them
    others: Sequence[Group]  # without a value: pruned, failed or not at rest yet
    repeats: Mapping[int, Repeats]  # by the group's id
    params: Params
    elsewhere: frozenset[int] = frozenset()  # as of the experiment
    gains_to_the_end: bool = True  # whether a run of the best config had its best value near its end

    @cached_property
    def names(self) -> dict[int, str]:
        """What each is called beside the others."""
        return told_apart(self.groups, self.params)

    def group(self, wanted: int | None) -> Group:
        """By its id; the best for None."""
        return next((group for group in self.groups if group.id == wanted), self.groups[0])

    @cached_property
    def effects(self) -> list[Effect]:
        of = {group.id: self.repeats[group.id] for group in self.groups}
        values = {key: [*each.values.values()] for key, each in of.items()}
        places = {key: [*each.values] for key, each in of.items()}
        folds = {key: each.folds for key, each in of.items()}
        return effects(self.groups, self.params, values, folds, places, measured_on(self.metric))

    @cached_property
    def tried(self) -> list[Tried]:
        return tried(self._launched, self.params, self.groups[0].id)

    @cached_property
    def coverage(self) -> list[Coverage]:
        return coverage(self._launched, self.params, self.groups[0].id)

    @cached_property
    def _launched(self) -> list[int]:
        """Every config that was tried, whatever came of it, of the kind of runs that the best one is of."""
        kind = self.groups[0].runs[0].kind
        return [group.id for group in (*self.groups, *self.others) if group.runs[0].kind == kind]

    @cached_property
    def advice(self) -> list[Advice]:
        counts = {group.id: len(self.repeats[group.id].values) for group in self.groups}
        best = self.groups[0].id
        ahead = [(group.id, self.names[group.id], self.repeats[group.id].is_searched) for group in self.ahead[:1]]
        is_long_enough = not self.gains_to_the_end
        return list(advice(self.groups, self.tried, counts, best, ahead=ahead, is_long_enough=is_long_enough))


def ranked(found: WholeExperiment, metric: str, kind: Kind = "best") -> Ranked:
    of = {group.id: found.repeats(group, metric, kind) for group in found.groups}
    sign = 1 if goal_of(metric) == "min" else -1
    known = (group for group in found.groups if of[group.id].values)
    by_mean = sorted(known, key=lambda each: (sign * of[each.id].mean, each.id))  # as verdicts have it
    able = {group.id for group in standing(by_mean, of)}
    order = sorted(by_mean, key=lambda each: each.id not in able)
    ahead = by_mean[: by_mean.index(order[0])] if order else []
    others = [group for group in found.groups if not of[group.id].values]
    best = [found.summaries.get(run.id, {}).get(metric) for run in order[0].runs] if order else []
    late = any(each.best_step > _LATE * each.last_step for each in best if each is not None)
    return Ranked(metric, kind, order, ahead, others, of, found.varied, found.elsewhere, late)
