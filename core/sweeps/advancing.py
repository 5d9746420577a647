"""One look at a sweep: keep what has come of trials, end those early that are worse, and queue what is wanted next.

All that it knows is in the store, and every trial is added to the sweep that was read, or not at all. So it may die at
any point and be done by another process, or by two at once: no trial is lost, and none is made twice.
"""

import time
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

import numpy as np

import db.sweeps
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, TraindeckError
from core.common.pause_points import pause_point
from core.sweeps import own_search
from core.sweeps.check_sweep import draft_of, draft_problems, seed_argument
from core.sweeps.early_end import last_due
from core.sweeps.expected_ends import expected_ends
from core.sweeps.kept_sweep import kept_view
from core.sweeps.same_values import config_key
from core.sweeps.spending import spent
from core.sweeps.trial_judge import Judge, ask_to_end
from core.sweeps.trial_names import of_sweep, of_trial
from core.sweeps.trials import REFUSED, SweepView, TrialRun
from db.engine import Session
from db.records import Actor, RunState
from db.sweep_records import SweepRecord, SweepState, TrialRecord

SWEEP = Actor("sweep", "process")
MOST_REFUSED = 20  # in a row, after which the space is not one to search in
MOST_ERRORS = 5
MOST_FAILED = 10  # in a row, after which a person should look: a budget of hours of training would never be spent
_LONGEST_NOTE = 1000
_MOST_ASKED = 8  # times for one trial, before a config is tried again


class SupersededError(TraindeckError):
    """The sweep was changed since it was read."""


class Advancing:
    """Looks at sweeps time and again. What it remembers only saves reading what no longer changes."""

    def __init__(self, context: Context) -> None:
        self._context = Context(context.workspace, SWEEP)
        self._errors: dict[int, int] = {}  # looks in a row that ended with one
        self._judged: dict[int, int] = {}  # values of its metric that a run had when it was judged last

    def look(self, sweep_id: int) -> None:
        """Until there is nothing to do but wait.

        Raises:
            NotFoundError, StoreError
        """
        while self._step(kept_view(self._context, sweep_id)):
            pass
        self._errors.pop(sweep_id, None)

    def failed(self, sweep_id: int, error: Exception) -> None:
        """A look at it ended with an error of a kind that nobody foresaw: after a few in a row it pauses and says why,
        since it would go on like that, and nobody who looks at it would know.

        Raises:
            StoreError
        """
        self._errors[sweep_id] = self._errors.get(sweep_id, 0) + 1
        if self._errors[sweep_id] >= MOST_ERRORS:
            del self._errors[sweep_id]
            self._pause(sweep_id, f"No trial can be made: {' '.join(str(error).split()) or type(error).__name__}")

    def _step(self, view: SweepView) -> bool:
        """Whether there may be more to do at once."""
        is_news = self._settle(view)
        self._prune(view)
        self._end_in_vain(view)
        if view.sweep.state is SweepState.FINISHED and (seed := _pending(view, all_made=True)) is not None:
            return len(view.active) < view.definition.at_once and self._add(view, *seed)  # of a trial by hand
        if view.sweep.state is not SweepState.RUNNING:
            return False
        if is_news and (why := _why_in_vain(view)):
            self._pause(view.sweep.id, why)
            return False
        why = spent(view)
        pending = _pending(view, all_made=bool(why))
        if pending is None and why:
            return False if view.active else self._end(view, why)
        if len(view.active) >= view.definition.at_once:
            return False
        return self._add(view, *(pending or (view.next_number, 0, None)))

    def _settle(self, view: SweepView) -> bool:
        """Keep what came of runs at rest that were not at rest when this was last done, or have changed since.

        Returns whether there were any.
        """
        changed = []
        for each in view.all_runs:
            is_over = each.run is None or each.run.state.is_finished
            state = each.state if is_over else ""
            if each.kept.state == state:
                continue
            values = each.values if is_over else None
            note = (_why_ended(view, each) if is_over else "") or each.kept.note
            changed.append(replace(each.kept, state=state, values=values, seconds=each.seconds, note=note))
        if changed:
            with self._context.workspace.write() as session:
                db.sweeps.settle(session, changed)
        return bool(changed)

    def _prune(self, view: SweepView) -> None:
        """Scripts; a training judges itself as soon as an epoch has ended (core.sweeps.trial_judge)."""
        if view.definition.kind == "network":
            return
        for each in view.active:
            judge = Judge.of(self._context.workspace, each.kept) if _can_end(each) else None
            if judge is None:
                continue
            due = last_due(judge.rule, each.kept.number, self._judged.get(each.kept.run_id or 0, 0), each.points)
            if due:
                self._judged[each.kept.run_id or 0] = due
                if why := judge.why_end_after(due):
                    self._ask_to_end(each, why)

    def _end_in_vain(self, view: SweepView) -> None:
        """Further seeds of a config of which one was pruned: so is the config, whatever these come to. Each is asked
        once, so that one which a person takes up again goes on.
        """
        at_work = {each.kept.number for each in view.active}
        for trial in view.trials:
            if trial.number not in at_work:
                continue
            gone = next((each for each in trial.runs if each.state == "pruned"), None)
            if gone is None:
                continue
            why = f"Ended with another seed of it, run {gone.kept.run_id}. {gone.kept.note}".rstrip()
            for each in trial.runs:
                if each.run is not None and each.is_active and not each.run.stop_requested and each.kept.note != why:
                    self._ask_to_end(each, why)

    def _ask_to_end(self, each: TrialRun, why: str) -> None:
        with self._context.workspace.write() as session:
            ask_to_end(session, each.kept, why, SWEEP)

    def _add(self, view: SweepView, number: int, repeat: int, params: dict[str, Any] | None) -> bool:
        attributes: dict[str, Any] = {}
        if params is None:
            params, attributes = _asked(self._context, view, number)
        pause_point("asked")
        sweep, definition = view.sweep, view.definition
        trial = TrialRecord(sweep.id, number, repeat, None, params, attributes)
        name = of_trial(sweep.name, number, f"repeat {repeat}" if repeat else "")
        draft = draft_of(definition, params, repeat, name, seed_argument(definition, self._context))
        draft = replace(draft, tags=(*draft.tags, of_sweep(sweep.id)), created_by=sweep.created_by)

        def within(session: Session, ids: list[int]) -> None:
            add_to(session, sweep, replace(trial, run_id=ids[0]))

        make = runs.create_script if definition.kind == "script" else runs.create
        try:
            make(self._context, draft, within=within)
        except SupersededError:
            return True
        except ConfigError as error:
            if gone := draft_problems(definition, draft_of(definition, {}), self._context):
                # Not this config's fault: what every one needs, such as the data set, is not there any more.
                told = "; ".join(map(str, gone[:3]))
                self._pause(sweep.id, f"No trial can be made any more. {told} Then go on.")
                return False
            return self._refuse(view, trial, str(error))
        pause_point("added")
        return True

    def _refuse(self, view: SweepView, trial: TrialRecord, why: str) -> bool:
        refused = replace(trial, state=REFUSED, note=why[:_LONGEST_NOTE])
        with self._context.workspace.write() as session:
            if not db.sweeps.change(session, view.sweep):
                return True
            db.sweeps.add_trials(session, [refused])
        last = view.trials[-(MOST_REFUSED - 1) :]
        if len(last) == MOST_REFUSED - 1 and all(each.runs[0].state == REFUSED for each in last):
            self._pause(view.sweep.id, f"The last {MOST_REFUSED} configs do not fit together, and none was run: {why}")
        return True

    def _pause(self, sweep_id: int, why: str) -> None:
        with self._context.workspace.write() as session:
            now = db.sweeps.get(session, sweep_id)
            if now is not None and now.state is SweepState.RUNNING:
                db.sweeps.change(session, now, state=SweepState.PAUSED, reason=why[:_LONGEST_NOTE])

    def _end(self, view: SweepView, why: str) -> bool:
        with self._context.workspace.write() as session:
            ended = {"state": SweepState.FINISHED, "reason": why, "finished_at": time.time()}
            return not db.sweeps.change(session, view.sweep, **ended)


def add_to(session: Session, sweep: SweepRecord, *trials: TrialRecord) -> None:
    """Raises SupersededError, where the sweep is no longer as it was read."""
    if not db.sweeps.change(session, sweep):
        raise SupersededError(f"Sweep {sweep.id} has changed meanwhile. Look at it, and try again.")
    db.sweeps.add_trials(session, trials)


def _why_ended(view: SweepView, each: TrialRun) -> str:
    """Of a run at rest, why its trial failed, or stopped early; "" of others."""
    if each.other_than is not None:
        return f"It learned from other data than trial {each.other_than}: the data set was changed meanwhile."
    if each.run is None:
        return ""
    if each.run.state is RunState.FINISHED and each.values is None:
        names = each.missing or tuple(goal.metric for goal in view.definition.goals)
        return f"It recorded no number of {' and '.join(names)}."
    is_told = each.run.state in (RunState.FINISHED, RunState.FAILED, RunState.LOST)
    return " ".join(each.run.reason.split())[:_LONGEST_NOTE] if is_told else ""


def _why_in_vain(view: SweepView) -> str:
    """Why it is of no use to begin further trials, "" where it is: the last ones all failed, or its data changed."""
    newest = max((trial for trial in view.searched if trial.is_over), key=lambda each: each.number, default=None)
    apart = [each.other_than for each in newest.runs if each.other_than is not None] if newest else []
    if newest and apart:
        return (
            f"The data set was changed: trial {newest.number} learned from other data than trial {apart[0]}, and "
            "cannot be ranked with it. Put the data back as they were and go on, or begin another sweep."
        )
    last = [trial for trial in view.searched if trial.is_over][-MOST_FAILED:]
    if len(last) < MOST_FAILED or any(trial.state != "failed" or trial.runs[0].state == REFUSED for trial in last):
        return ""
    why = next(filter(None, (_why_ended(view, each) for each in last[-1].runs)), "")
    return f"The last {MOST_FAILED} trials failed{f': {why}' if why else ', see their runs.'}"


def _can_end(each: TrialRun) -> bool:
    return each.run is not None and each.run.state is RunState.RUNNING and not each.run.stop_requested


def _pending(view: SweepView, *, all_made: bool) -> tuple[int, int, dict[str, Any]] | None:
    """The next repeat of a trial that needs more of them: number, repeat, params.

    Args:
        all_made: no further trial is to be begun. Until then, where one repeat may be pruned, and the others be in
            vain, they are trained one after another: what is free makes better use of other trials.
    """
    rule = view.definition.pruning.name
    one_by_one = rule == "wilcoxon" or (rule != "none" and not all_made)
    for trial in view.trials:
        wanted = trial.origin != "earlier" and len(trial.runs) < view.definition.repeats
        if not wanted or trial.is_over or (one_by_one and any(each.is_active for each in trial.runs)):
            continue
        if all(each.is_active or (each.state == "finished" and each.values) for each in trial.runs):
            return trial.number, len(trial.runs), trial.params
    return None


def _asked(context: Context, view: SweepView, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Params of the next trial, and what the searcher keeps at it.

    A space that is a list of configs has each tried once: again, with the same seeds, it would give the same again. In
    any other a config is only tried again where neither the search nor chance finds another, which the trial says.
    """
    definition, tried = view.definition, {trial.config for trial in view.trials}
    if definition.method == "grid":
        return own_search.next_cell(definition, tried) or {}, {}
    expected = expected_ends(context, view) if definition.method == "tpe" else {}
    params, kept = _searched(view, number, tried, expected)
    others = own_search.untried(definition, tried)
    if others and config_key(params) in tried:
        return others[int(np.random.default_rng([definition.seed, number]).integers(len(others)))], kept
    for again in range(1, _MOST_ASKED):
        if config_key(params) not in tried:
            break
        params, kept = _searched(view, number, tried, expected, again)
    if config_key(params) in tried:  # it insists: somewhere else is worth more than the same results again
        params = own_search.drawn(definition, number, tried, _MOST_ASKED)
    return params, kept


def _searched(
    view: SweepView, number: int, tried: Set[str], expected: Mapping[int, float], again: int = 0
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`again`: another answer of the searcher, which has given one that was tried already."""
    definition = view.definition
    if definition.method == "random":
        return own_search.drawn(definition, number, tried, again), {}
    if definition.method == "qmc":
        return own_search.spread(definition, number), {}
    from core.sweeps import optuna_search  # 40 MB, which who draws at random need not have

    return optuna_search.ask(definition, view.trials, number, expected, again)
