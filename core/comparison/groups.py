"""Runs that differ only in their seed or fold, together: mean and spread, always with how many seeds they stand for."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

import numpy as np
import pandas as pd

from core.comparison.curve_frames import MAX_POINTS, Axis, Floats, Histories, along, smoothed
from core.comparison.param_frames import Params, differing, short_value
from core.comparison.run_frames import DATA_SET, Kind, Summaries, label, value_of
from core.comparison.spread import PLAIN, How, Spread, centres, ends, missing_told, spread_of
from core.runs.data_names import data_set, folds_of, is_repeat, without_repeat
from core.runs.highlights import may_count
from core.runs.search_names import short_name
from core.verdicts.repeats import FOLD, Key, Result, by_seed, counts, key_of
from db.records import RunRecord

_KINDS: tuple[Kind, ...] = ("last", "best")
_TOLD_GROUPS = 6  # of which it is told what is missing
_TOLD = 3  # params that a name repeats
_LONG = 40  # characters of a name, from which on legends cut it


@dataclass(frozen=True)
class Group:
    """Runs of one config, or of the same values of some params; `id` is the first one's number, whose colour stands
    for all.
    """

    id: int
    name: str
    runs: tuple[RunRecord, ...]
    # By the run the first one of its config, and its seed and fold; a run that is not there is by itself.
    places: Mapping[int, tuple[int, Key]] = field(default_factory=dict, repr=False)
    is_single: bool = False  # a run that stands for itself, whatever became of it, and not for a config

    def seeds(self, values: Mapping[int, Hashable]) -> list[list[int]]:
        """The runs that its centre stands for, those of one config and seed together: as in verdicts they count once.

        Args:
            values: of each run that has one, by its number.
        """
        by_config: dict[int, list[Result[Hashable]]] = {}
        for run in self.runs:
            if run.id in values:
                config, key = self.places.get(run.id, (run.id, ("", "")))
                by_config.setdefault(config, []).append((run, key, values[run.id]))
        return [[run.id for run, _, _ in seed] for each in by_config.values() for seed in by_seed(each).values()]

    @property
    def n(self) -> int:
        """Seeds that count or may still, whatever the metric."""
        return len(self.seeds({run.id: run.id for run in self.runs if self.is_single or may_count(run)}))

    def values(self, summaries: Summaries, metric: str, kind: Kind) -> dict[int, float]:
        """By the run's number, of those that count: as in verdicts."""
        found = ((run, value_of(summaries, run.id, metric, kind)) for run in self.runs)
        return {run.id: value for run, value in found if counts(run, value, alone=self.is_single)}

    def spread(self, summaries: Summaries, metric: str, kind: Kind, how: How = PLAIN) -> Spread:
        values = self.values(summaries, metric, kind)
        seeds = self.seeds(values)
        counted = {run_id for seed in seeds for run_id in seed}
        without = [(run, value_of(summaries, run.id, metric, kind)) for run in self.runs if run.id not in values]
        missing = missing_told(without, (run for run in self.runs if run.id in values.keys() - counted))
        return spread_of([fmean(values[run_id] for run_id in seed) for seed in seeds], how, missing)


def seed_groups(runs: Sequence[RunRecord], params: Params) -> list[Group]:
    """The runs by config, seed and fold aside, in the order of their first run; a group may hold a single run.

    Of groups whose runs have one name, each is called by the params in which it differs from the others, too.
    """
    groups = [replace(named_group(members), places=_places([members], params)) for members in _configs(runs, params)]
    names = _apart(groups, params)
    return [replace(group, name=_told(*names[group.id], f"n={group.n}")) for group in groups]


def named_group(members: Sequence[RunRecord]) -> Group:
    """Of runs of one config, at least one."""
    return Group(min(run.id for run in members), without_repeat(members[0].name), tuple(members))


def _configs(runs: Sequence[RunRecord], params: Params) -> list[list[RunRecord]]:
    by_config: dict[frozenset[tuple[str, str]], list[RunRecord]] = {}
    for run in runs:
        config = frozenset(item for item in params.get(run.id, {}).items() if not is_repeat(item[0]))
        by_config.setdefault(config, []).append(run)
    return list(by_config.values())


def _places(configs: Sequence[Sequence[RunRecord]], params: Params) -> dict[int, tuple[int, Key]]:
    return {run.id: (runs[0].id, key_of(run.id, params.get(run.id, {}))) for runs in configs for run in runs}


def has_folds(groups: Sequence[Group], params: Params) -> bool:
    """Whether some of them hold several folds of a cross-validation."""
    return any(
        len({told.get(FOLD) for run in group.runs if folds_of(told := params.get(run.id, {}))}) > 1 for group in groups
    )


def param_groups(runs: Sequence[RunRecord], params: Params, keys: Sequence[str]) -> list[Group]:
    """The runs by their values of these params, whatever else differs, in the order of their first run."""
    by_values: dict[tuple[str, ...], list[RunRecord]] = {}
    for run in runs:
        told = params.get(run.id, {})
        by_values.setdefault(tuple(told.get(key) or "none" for key in keys), []).append(run)
    leaves, places = list(map(short_name, keys)), _places(_configs(runs, params), params)
    groups = [
        Group(min(run.id for run in members), ", ".join(map(_leaf_told, leaves, values)), tuple(members), places)
        for values, members in by_values.items()
    ]
    return [replace(group, name=f"{group.name} (n={group.n})") for group in groups]


def values_within(group: Group, params: Params, key: str) -> int:
    """How many values of a param the group's runs have, none being one, too: with several, the group has none."""
    return len({params.get(run.id, {}).get(key) or None for run in group.runs})


def ranked_together(groups: Sequence[Group], params: Params) -> tuple[list[Group], dict[int, str], bool]:
    """Which sides are ranked over what all went through, their names, and whether that is data sets.

    Of runs on several data sets a side is a config whatever its data.
    """
    runs = [run for group in groups for run in group.runs]
    if len({data_set(run) for run in runs}) < 2:
        return list(groups), told_apart(groups, params), False
    by_config: dict[tuple[tuple[str, str], ...], list[RunRecord]] = {}
    for run in runs:
        config = {key: value for key, value in params.get(run.id, {}).items() if not _is_of_data(key)}
        by_config.setdefault(tuple(sorted(config.items())), []).append(run)
    sides = [named_group(members) for members in by_config.values()]
    ids = [side.id for side in sides]
    keys = [key for key in differing(ids, params) if not _is_of_data(key)]
    names = {side.id: _values(side.id, params, keys) or without_repeat(side.runs[0].name) for side in sides}
    return sides, _numbered(names), True


def _is_of_data(key: str) -> bool:
    return is_repeat(key) or key.startswith("data.")


def _values(run_id: int, params: Params, keys: Sequence[str]) -> str:
    more = ", …" if len(keys) > _TOLD else ""
    leaves = list(map(short_name, keys[:_TOLD]))
    return ", ".join(map(_leaf_told, leaves, (params[run_id].get(key) or "none" for key in keys))) + more


def _leaf_told(leaf: str, value: str) -> str:
    return f"{leaf} {short_value(value)}"


def _numbered(names: Mapping[int, str]) -> dict[int, str]:
    seen = Counter(names.values())
    return {key: f"#{key} {name}" if seen[name] > 1 else name for key, name in names.items()}


def told_apart(groups: Sequence[Group], params: Params) -> dict[int, str]:
    """What each group is called beside the others, by its id: those of one name by the params in which they differ."""
    return {group_id: _told(*parts) for group_id, parts in _apart(groups, params).items()}


def _apart(groups: Sequence[Group], params: Params) -> dict[int, tuple[str, str]]:
    """By the group's id its name, numbered where nothing else tells it from another, and the values that do."""
    by_name: dict[str, list[int]] = {}
    for group in groups:
        by_name.setdefault(without_repeat(group.runs[0].name), []).append(group.id)
    found = {}
    for name, namesakes in by_name.items():
        keys = [key for key in differing(namesakes, params) if not is_repeat(key)] if len(namesakes) > 1 else []
        found.update({group_id: (name, _values(group_id, params, keys)) for group_id in namesakes})
    seen = Counter(found.values())
    return {key: (f"#{key} {parts[0]}", parts[1]) if seen[parts] > 1 else parts for key, parts in found.items()}


def labels_apart(runs: Sequence[RunRecord], params: Params) -> dict[int, str]:
    """As `label`, by the run's number; those of one name with the params in which they differ, first."""
    found = {}
    groups = seed_groups(runs, params)
    apart = _apart(groups, params)
    for group in groups:
        _, values = apart[group.id]
        for run in group.runs:
            number, _, name = label(run).partition(" ")
            found[run.id] = f"{number} {values} · {name}" if values else label(run)
    return {run.id: found[run.id] for run in runs}


def _told(name: str, *more: str) -> str:
    """What tells it apart stands first where the whole is so long that it may be cut."""
    inside = ", ".join(filter(None, more))
    if inside and len(name) + len(inside) > _LONG:
        return f"{inside} · {name}"
    return f"{name} ({inside})" if inside else name


def group_frame(
    groups: Sequence[Group], histories: Histories, axis: Axis, smoothing: float = 0.0, how: How = PLAIN
) -> pd.DataFrame:
    """Centre and band of each group's curves, one row a point.

    The columns are run_id and run (of the group), metric, x, value (the centre), low and high (the band) and n: how
    many seeds have a value there. Runs are aligned along the axis; where one has no point at an x that another has,
    it is interpolated between its own points, never beyond its ends. Runs that failed, were lost or pruned are left out
    of the whole curve, as of every figure: where they ended, it would turn to what the others are.
    """
    parts = [
        _spread(group, metric, histories, axis, smoothing, how)
        for group in groups
        for metric in dict.fromkeys(name for run_id, name in histories if run_id in {run.id for run in group.runs})
    ]
    columns = ["run_id", "run", "metric", "x", "value", "low", "high", "n"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _spread(group: Group, metric: str, histories: Histories, axis: Axis, smoothing: float, how: How) -> pd.DataFrame:
    able = [run for run in group.runs if group.is_single or may_count(run)]
    known = {run.id: run for run in able if axis != "epoch" or run.steps_per_epoch}
    recorded = {
        run_id: found for run_id in known if (found := histories.get((run_id, metric))) is not None and len(found)
    }
    seeds = group.seeds({run_id: found.value.tobytes() for run_id, found in recorded.items()})
    counted = [run_id for seed in seeds for run_id in seed]
    lines = {each: (along(known[each], recorded[each], axis), smoothed(recorded[each], smoothing)) for each in counted}
    grid = np.unique(np.concatenate([x for x, _ in lines.values()])) if lines else np.array([])
    if len(grid) > MAX_POINTS:
        grid = grid[np.linspace(0, len(grid) - 1, MAX_POINTS).round().astype(int)]
    columns = [_mean_line([lines[run_id] for run_id in seed], grid) for seed in seeds]
    # No column at all still makes a frame with the right number of rows: none.
    values = pd.DataFrame(dict(enumerate(columns)), index=pd.Index(grid))
    low, high = ends(values, how)
    return pd.DataFrame(
        {
            "run_id": group.id,
            "run": group.name,
            "metric": metric,
            "x": grid,
            "value": centres(values, how.centre),
            "low": low,
            "high": high,
            "n": values.notna().sum(axis=1).to_numpy(),
        }
    )


def _mean_line(lines: Sequence[tuple[Floats, Floats]], grid: Floats) -> Floats:
    """Of the runs of one seed, as x and values."""
    found = [np.interp(grid, x, values, left=np.nan, right=np.nan) for x, values in lines]
    return found[0] if len(found) == 1 else pd.DataFrame(found).mean().to_numpy()


def group_table(
    groups: Sequence[Group],
    columns: Mapping[str, pd.Series],
    summaries: Summaries,
    metrics: Sequence[str],
    how: How = PLAIN,
) -> pd.DataFrame:
    """A row a group: n; of each metric its centre, the ends of its band, how many seeds have it, and what is missing;
    the params.
    """
    rows = []
    for group in groups:
        row: dict[str, object] = {"group": group.name, DATA_SET: data_set(group.runs[0]), "n": group.n}
        for metric in metrics:
            for kind in _KINDS:
                found, name = group.spread(summaries, metric, kind, how), f"{metric} {kind}"
                row |= {f"{name} {how.centre}": found.value, f"{name} low": found.low, f"{name} high": found.high}
                row |= {f"{name} n": found.n, f"{name} missing": found.missing}
        row |= {key: _shared(group, values) for key, values in columns.items() if not is_repeat(key)}
        rows.append(row)
    return pd.DataFrame(rows, index=[group.id for group in groups])


def left_out(
    groups: Sequence[Group], summaries: Summaries, metrics: Sequence[str], kinds: Sequence[Kind] = ("best",)
) -> str:
    """Which runs no centre stands for, in a sentence; "" where there are none."""
    told = dict.fromkeys(
        f"of {group.name} {found.missing}"
        for group in groups
        for metric in metrics
        for kind in kinds
        if (found := group.spread(summaries, metric, kind)).missing
    )
    more = f" and {len(told) - _TOLD_GROUPS} more" if len(told) > _TOLD_GROUPS else ""
    return f"Not in it: {'; '.join(list(told)[:_TOLD_GROUPS])}{more}." if told else ""


def _shared(group: Group, values: pd.Series) -> object:
    """A param's value in all runs of the group, none being a value, too."""
    found = {None if pd.isna(value := values[run.id]) or value == "" else value for run in group.runs}
    return "several" if len(found) > 1 else values[group.id]
