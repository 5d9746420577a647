"""The trials of a sweep as they are now: what is stored of them, joined with their runs."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import db.metrics
import db.sweeps
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import plural
from core.sweeps.definition import PARAMETERS, SECONDS, Definition, Goal, read_definition
from core.sweeps.same_values import config_key
from core.sweeps.trial_views import CONFIRM as CONFIRM
from core.sweeps.trial_views import REFUSED as REFUSED
from core.sweeps.trial_views import SweepView as SweepView
from core.sweeps.trial_views import Trial as Trial
from core.sweeps.trial_views import TrialRun as TrialRun
from core.sweeps.trial_views import TrialState, Values
from core.sweeps.wilcoxon import is_worse
from core.tracking.goals import goal_of
from db.engine import Session
from db.records import Summary
from db.sweep_records import FIRST_CONFIRMATION as FIRST_CONFIRMATION
from db.sweep_records import RunNow, SweepRecord, TrialRecord
from db.sweep_records import SweepState as SweepState


def view(context: Context, sweep_id: int) -> SweepView:
    """Raises NotFoundError."""
    with context.workspace.read() as session:
        return look(session, sweep_id)


def look(session: Session, sweep_id: int) -> SweepView:
    """Raises NotFoundError."""
    sweep = found_sweep(session, sweep_id)
    definition = read_definition(sweep.definition)
    return whole(sweep, definition, trials_of(session, definition, db.sweeps.trials(session, sweep_id)))


def found_sweep(session: Session, sweep_id: int) -> SweepRecord:
    """Raises NotFoundError."""
    sweep = db.sweeps.get(session, sweep_id)
    if sweep is None:
        raise NotFoundError(f"There is no sweep {sweep_id}; `python -m core sweep list` shows those there are.")
    return sweep


def measured(definition: Definition) -> list[str]:
    """Goals that are metrics."""
    return [goal.metric for goal in definition.goals if goal.metric not in (PARAMETERS, SECONDS)]


def trials_of(session: Session, definition: Definition, kept: Sequence[TrialRecord]) -> list[Trial]:
    """What is kept of trials, joined with their runs; in the same order, each by itself."""
    ids = [each.run_id for each in kept if each.run_id is not None]
    runs = db.sweeps.runs_now(session, ids)
    summaries = db.metrics.summaries(session, ids, measured(definition))
    by_number: dict[int, list[TrialRun]] = {}
    for each in kept:
        run = runs.get(each.run_id) if each.run_id is not None else None
        found = summaries.get(run.id, {}) if run else {}
        first = found.get(definition.goals[0].metric)
        values = values_of(definition.goals, found, run) if run else each.values
        clean = None if values is None or any(value is None for value in values) else tuple(map(float, values))  # type: ignore[arg-type]
        missing = _missing(definition.goals, found, run) if run else ()
        joined = TrialRun(each, run, clean, first.count if first else 0, missing)
        by_number.setdefault(each.number, []).append(joined)
    return [_trial(definition, of) for of in by_number.values()]


def whole(sweep: SweepRecord, definition: Definition, trials: Iterable[Trial]) -> SweepView:
    """With what follows for a trial from the others, and from the sweep's state."""
    every = tuple(_marked(_on_one_data(definition, trials)))
    if definition.pruning.name == "wilcoxon":
        every = _compared(definition, every)
    if sweep.state is SweepState.STOPPED:
        every = tuple(map(_left, every))
    return SweepView(sweep, definition, every)


def _left(trial: Trial) -> Trial:
    """Pruned, where the sweep was stopped between two of its seeds; it has the others when the sweep goes on."""
    if trial.state != "running" or any(each.is_active for each in trial.runs):
        return trial
    return replace(trial, state="pruned", cut=f"The sweep was stopped after {plural(len(trial.runs), 'seed')} of it.")


def values_of(goals: Sequence[Goal], summaries: dict[str, Summary], run: RunNow) -> Values | None:
    """Of each goal; None where one of them has none that is a number."""
    values = [_value(goal, summaries, run) for goal in goals]
    return tuple(values) if all(math.isfinite(value) for value in values) else None


def _missing(goals: Sequence[Goal], summaries: dict[str, Summary], run: RunNow) -> tuple[str, ...]:
    return tuple(goal.metric for goal in goals if not math.isfinite(_value(goal, summaries, run)))


def _value(goal: Goal, summaries: dict[str, Summary], run: RunNow) -> float:
    if goal.metric == SECONDS:
        return run.trained_seconds
    if goal.metric == PARAMETERS:
        return math.nan if run.parameters is None else run.parameters
    summary = summaries.get(goal.metric)
    if summary is None:
        return math.nan
    if goal.kind == "last":
        return summary.last
    if goal.is_min == (goal_of(goal.metric) == "min"):
        return summary.best  # of the epochs that may be the best: none before the last cut of a network that is pruned
    return summary.min if goal.is_min else summary.max


def _compared(definition: Definition, trials: Sequence[Trial]) -> tuple[Trial, ...]:
    is_min = definition.goals[0].is_min
    ended = [trial for trial in trials if trial.state == "finished" and trial.values]
    best = min(ended, key=lambda trial: (trial.values or (0.0,))[0] * (1 if is_min else -1), default=None)
    return tuple(_cut(trial, best, definition) for trial in trials)


def _marked(trials: Iterable[Trial]) -> list[Trial]:
    """Those of a config that another had before say so."""
    first: dict[str, int] = {}
    found = []
    for trial in trials:
        before = first.setdefault(trial.config, trial.number)
        found.append(trial if before == trial.number else replace(trial, same_as=before))
    return found


def _on_one_data(definition: Definition, trials: Iterable[Trial]) -> Iterator[Trial]:
    """What learned from other data than those before it has no value: a data set may be changed amid a sweep."""
    first: dict[str, tuple[str, int]] = {}  # fingerprint and number, by what trials differ in of the data's options
    for trial in trials:
        every = (*trial.runs, *trial.confirmations)
        told = next((each.run.data for each in every if each.run and each.run.data), "")
        if told:
            of_data = {name: value for name, value in trial.params.items() if name.startswith("data.")}
            known, number = first.setdefault(config_key(of_data), (told, trial.number))
            if any(_is_other(each, known) for each in every):
                every = tuple(
                    replace(each, values=None, other_than=number) if _is_other(each, known) else each for each in every
                )
                trial = _trial(definition, list(every))
        yield trial


def _is_other(each: TrialRun, data: str) -> bool:
    return each.run is not None and each.run.data not in ("", data)


def _cut(trial: Trial, best: Trial | None, definition: Definition) -> Trial:
    """Pruned, where its further repeats are left out since it is worse than the best."""
    if best is None or trial is best or trial.state != "running" or any(each.is_active for each in trial.runs):
        return trial
    own, others = ([each.values[0] for each in of.runs if each.values] for of in (trial, best))
    worse = is_worse(own, others, definition.goals[0].is_min, getattr(definition.pruning, "p", 0.1))
    why = f"After {plural(len(trial.runs), 'seed')} it was worse than trial {best.number}, seed by seed."
    return replace(trial, state="pruned", cut=why) if worse else trial


def _trial(definition: Definition, of: list[TrialRun]) -> Trial:
    runs = tuple(each for each in of if each.kept.origin != CONFIRM)
    first = runs[0].kept
    wanted = definition.repeats if first.origin != "earlier" else 1
    known = [each.values for each in runs if each.values is not None]
    values = tuple(sum(column) / len(known) for column in zip(*known, strict=True)) if known else None
    confirmations = tuple(each for each in of if each.kept.origin == CONFIRM)
    return Trial(first.number, first.params, first.origin, runs, _state(runs, wanted), values, confirmations)


def _state(runs: Sequence[TrialRun], wanted: int) -> TrialState:
    """Of one of whose seeds has no value it failed: the mean of the others would say that it always goes well."""
    states = [each.state for each in runs]
    if any(each.is_active for each in runs):
        return "queued" if all(state == "queued" for state in states) else "running"
    if any(state in ("pruned", "stopped") for state in states):
        return "pruned"
    if any(state != "finished" for state in states) or any(each.values is None for each in runs):
        return "failed"
    return "running" if len(runs) < wanted else "finished"
