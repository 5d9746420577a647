"""Panels about several runs: curves, tables, verdicts, leaderboards, effects. The same charts and words as on pages."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from core import charts, runs
from core.common.context import Context
from core.common.digits import aligned, plus_minus_aligned
from core.common.errors import DataError
from core.common.text import plural, quoted, suggestion
from core.comparison import (
    Group,
    How,
    Params,
    Summaries,
    by_chart,
    column,
    curve_frame,
    differing,
    group_frame,
    group_table,
    in_unit,
    label,
    metric_names,
    param_groups,
    seed_groups,
    table,
    winners,
)
from core.comparison.ranking import metrics_to_judge_by, searched_by
from core.comparison.spread import N_TOLD
from core.reports.blocks import Block, Chart, Legend, Table, Words
from core.reports.panel_specs import Curves, OfRuns, RunTable
from core.runs.data_names import is_repeat
from core.runs.records import RunQuery, RunRecord
from core.runs.search_names import short_name
from core.sweeps.sweep_goals import kind_by_goals, newest_goal
from core.sweeps.trials import view as sweep_view
from core.tracking.downsampling import MAX_POINTS

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES = 50  # more cannot be told apart
_MOST_RUNS = 2000  # of an experiment, a search or a sweep, the newest ones
_MOST_ROWS = 50
_HEIGHT = 320
_ALL_POINTS = 10**9


@dataclass(frozen=True)
class Found:
    """The runs that a panel is about. `notes`: what of them is not there, or not shown."""

    runs: Sequence[RunRecord]
    params: Params
    summaries: Summaries
    notes: list[Block]

    @property
    def ids(self) -> list[int]:
        return [run.id for run in self.runs]

    @cached_property
    def groups(self) -> list[Group]:
        return seed_groups(self.runs, self.params)

    def grouped(self, keys: Sequence[str]) -> list[Group]:
        """By these params, or by whole configs where none are given. Raises DataError: none of the runs has one."""
        for key in keys:
            if not any(key in told for told in self.params.values()):
                every = dict.fromkeys(name for told in self.params.values() for name in told)
                raise DataError(
                    f"None of its runs has the param {quoted(key)}, by which it groups{suggestion(key, every)}."
                )
        return param_groups(self.runs, self.params, keys) if keys else self.groups


def found(context: Context, of: OfRuns, most: int = _MOST_RUNS) -> Found:
    """Raises DataError, where none is left, and what the search raises."""
    notes: list[Block] = []
    records = _records(context, of)
    lacking = _lacking(context, of, [run.id for run in records])
    if not records:
        raise DataError(f"None of its runs is there: {_asked(of)}.{f' {lacking}' if lacking else ''}")
    if lacking:
        notes.append(Words(lacking, "warning"))
    if len(records) > most:
        notes.append(Words(f"{plural(most, 'run')} of {len(records):,}, the newest, are shown.", "small"))
        records = records[-most:]
    ids = [run.id for run in records]
    return Found(records, runs.params(context, ids), runs.summaries(context, ids), notes)


def _lacking(context: Context, of: OfRuns, shown: Collection[int]) -> str:
    """Which of the runs that it names are not shown, and why; "" of others."""
    away = dict.fromkeys(number for number in of.runs if number not in shown)
    trashed = [run.id for run in runs.get_many(context, away)]
    told = {
        "they are in the trash": trashed,
        "they were deleted or never existed": [number for number in away if number not in trashed],
    }
    return " ".join(
        f"Not shown, as {why}: runs {', '.join(map(str, numbers))}." for why, numbers in told.items() if numbers
    )


def _records(context: Context, of: OfRuns) -> list[RunRecord]:
    """The oldest first, those in the trash left out; of numbers in their order."""
    ids: Sequence[int] = of.runs
    if of.sweep:
        trials = sweep_view(context, of.sweep).all_runs
        ids = [each.kept.run_id for each in trials if each.kept.run_id is not None]
    if of.runs or of.sweep:
        return [run for run in runs.get_many(context, ids) if run.trashed_at is None]
    asked = RunQuery(experiments=(of.experiment,) if of.experiment else (), limit=_MOST_RUNS + 1)
    return list(reversed(runs.listing(context, asked, of.search).runs))


def _asked(of: OfRuns) -> str:
    if of.runs:
        return f"runs {', '.join(map(str, of.runs))}"
    return (
        f"search {of.search!r}"
        if of.search
        else f"experiment {of.experiment!r}"
        if of.experiment
        else f"sweep {of.sweep}"
    )


def curves(context: Context, panel: Curves) -> list[Block]:
    grouped = bool(panel.grouped or panel.by)
    of = found(context, panel, _MOST_RUNS if grouped else MOST_LINES)
    known = metric_names(of.summaries, of.ids)
    metrics = list(panel.metrics) or _first_metrics(known)
    exact = bool(panel.smoothing or grouped)  # not to be computed from a thinned curve
    histories = runs.histories(context, of.ids, metrics, _ALL_POINTS if exact else MAX_POINTS)
    axis = panel.axis if panel.axis != "epoch" or any(run.steps_per_epoch for run in of.runs) else "step"
    if grouped:
        groups = of.grouped(panel.by)
        frame = group_frame(groups, histories, axis, panel.smoothing, How(panel.centre, panel.band))
        shown = [(group.id, group.name) for group in groups]
    else:
        frame = curve_frame(of.runs, histories, axis, panel.smoothing)
        shown = [(run.id, label(run)) for run in of.runs]
    if frame.empty:
        raise DataError(f"None of its runs has recorded {', '.join(metrics) or 'a metric'}.")
    frame, x_title = in_unit(frame, axis)
    colours = charts.colours_apart(key for key, _ in shown)
    blocks: list[Block] = [*of.notes, Legend(tuple((colours[key], charts.short(name, 60)) for key, name in shown))]
    for base, names in by_chart([name for name in metrics if (frame["metric"] == name).any()]).items():
        rows = frame[frame["metric"].isin(names)]
        title = f"{base}, training solid, validation dashed" if len(names) > 1 else names[0]
        figure = charts.curves(
            rows, x_title=x_title, log_y=panel.log, height=_HEIGHT, legend=False, colours=colours, y_title=title
        )
        blocks.append(Chart(figure, f"{base} of {', '.join(name for _, name in shown[:5])} over {x_title.lower()}"))
        if panel.log and (unshown := charts.unshown_on_log(rows)):
            blocks.append(Words(unshown, "small"))
    return blocks


def _first_metrics(known: Sequence[str]) -> list[str]:
    for names in (("loss", "val_loss"), ("loss",)):
        if all(name in known for name in names):
            return [*names, *(name for name in ("accuracy", "val_accuracy") if name in known)]
    return list(known[:1])


def run_table(context: Context, panel: RunTable) -> list[Block]:
    grouped = bool(panel.grouped or panel.by)
    of = found(context, panel, _MOST_ROWS)
    metrics = list(panel.metrics) or judging(context, of)[:2]
    differ = [key for key in differing(of.ids, of.params) if not grouped or not is_repeat(key)]
    keys = list(panel.params) or sorted(differ, key=lambda key: key not in panel.by)
    columns = {key: column(of.ids, of.params, key) for key in keys[:12]}
    values = _values(context, of, metrics)
    if grouped:
        frame = group_table(of.grouped(panel.by), columns, of.summaries, metrics, How(band="std"))
        results = {title: _means(frame, name) for title, name in values.items()}
        grouped_rows = _table(frame, "group", results, list(columns), {}, "Configs and their results")
        return [*of.notes, grouped_rows, Words(f"± is the standard deviation over seeds or folds. {N_TOLD}", "small")]
    frame = table(of.runs, columns, of.summaries, metrics)
    results = {title: aligned([value_or_none(each) for each in frame[name]]) for title, name in values.items()}
    found_best = winners(frame, metrics)
    best = {title: found_best.get(name, []) for title, name in values.items()}
    frame["run"] = [f"#{run.id} {run.name}" for run in of.runs]
    return [*of.notes, _table(frame, "run", results, list(columns), best, "Runs with their params and results")]


def _table(
    frame: "pd.DataFrame",
    name: str,
    results: dict[str, list[str]],
    keys: list[str],
    best: dict[str, list[int]],
    alt: str,
) -> Table:
    """The name, the results, the params."""
    titles = ("Config" if name == "group" else "Run", *results, *map(short_name, keys))
    texts = [list(map(str, frame[name])), *results.values(), *([_text(value) for value in frame[key]] for key in keys)]
    ids = list(frame.index)
    strong = tuple(
        (ids.index(run_id), 1 + place) for place, metric in enumerate(results) for run_id in best.get(metric, ())
    )
    rows = tuple(zip(*texts, strict=True))
    numeric = [1 + len(results) + place for place, key in enumerate(keys) if _is_numeric(frame[key])]
    return Table(titles, rows, alt, (*range(1, 1 + len(results)), *numeric), strong)


def _is_numeric(values: Any) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _values(context: Context, of: Found, metrics: Sequence[str]) -> dict[str, str]:
    """By the title, which column of a table of runs or groups has the values that configs are judged by."""
    experiments = {run.experiment for run in of.runs}
    kinds = {name: kind_by_goals(context, experiments, name) for name in metrics}
    return {f"{name} (last)" if kind == "last" else name: f"{name} {kind}" for name, kind in kinds.items()}


def _means(frame: "pd.DataFrame", column: str) -> list[str]:
    """Of groups, with the standard deviation of several seeds, and why runs of one are not in it."""
    means, counts = frame[f"{column} mean"], frame[f"{column} n"]
    texts = plus_minus_aligned(list(means), list((frame[f"{column} high"] - means).where(counts > 1)))
    missing = frame[f"{column} missing"]
    return [f"{text} ({why})" if text and why else text for text, why in zip(texts, missing, strict=True)]


def value_or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def judging(context: Context, of: Found) -> list[str]:
    """Metrics that its configs can be judged by, what people judge by first."""
    goal = searched_by(of.runs, partial(newest_goal, context))
    return metrics_to_judge_by(of.groups, of.params, of.summaries, metric_names(of.summaries, of.ids), goal)
