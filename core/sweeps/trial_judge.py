"""A trial judged by the others of its sweep: by its own training at the end of an epoch, or of scripts from outside."""

import math
import time
from collections.abc import Mapping
from dataclasses import replace

import db.runs
import db.sweeps
from core.common.digits import same
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.runs.kinds import NETWORK
from core.sweeps.definition import PARAMETERS, SECONDS, Definition, Halving, Hyperband, read_definition
from core.sweeps.early_end import Curve, counted, is_due, may_have_stalled, why_pruned, why_stop_early
from core.sweeps.trials import FIRST_CONFIRMATION
from db.engine import Session
from db.records import Actor, RunRecord, RunState
from db.sweep_records import TrialRecord

_MOST_ENDED = 50  # trials, the newest, by which it is told whether another stops early
_TRAINED_ON = 10  # one trial in so many
_SCHEDULE = ("training.schedule", "training.epochs")
_AGAIN = 1.2  # times as many values, before it is asked again whether a trial stops early


class Judge:
    """Of one run of a sweep that prunes."""

    def __init__(
        self, workspace: Workspace, trial: TrialRecord, definition: Definition, run: RunRecord | None
    ) -> None:  # fmt: skip
        self.rule, self.goal = definition.pruning, definition.goals[0]
        self._epochs = _epochs(run)  # of its training; None where nobody knows
        counts_best = len(definition.goals) == 1 and self.goal.kind == "best" and self._epochs is not None
        stops_early = isinstance(self.rule, Halving | Hyperband)
        # Of a network whose weights are pruned no epoch counts before the last cut.
        loses_weights = run is not None and bool(run.config.get("pruning"))
        is_trained_on = loses_weights or trial.number % _TRAINED_ON == 0
        self._may_stop = stops_early and counts_best and not is_trained_on
        self._workspace = workspace
        self._trial = trial
        self._best, self._best_at = math.inf, 0  # of the values that it was told; smaller is better
        self._asked_at = 0

    @classmethod
    def of(cls, workspace: Workspace, trial: TrialRecord | None) -> "Judge | None":
        """None where nobody prunes: of another run, a confirmation, or by another rule. Raises StoreError."""
        if trial is None or trial.repeat >= FIRST_CONFIRMATION:
            return None
        with workspace.read() as session:
            sweep = db.sweeps.get(session, trial.sweep_id)
            run = db.runs.get(session, trial.run_id or 0)
        definition = read_definition(sweep.definition) if sweep else None
        if definition is None or definition.pruning.name in ("none", "wilcoxon"):
            return None
        is_measured = definition.goals[0].metric not in (PARAMETERS, SECONDS)
        return cls(workspace, trial, definition, run) if is_measured else None

    @classmethod
    def of_run(cls, workspace: Workspace, run_id: int) -> "Judge | None":
        """As `of`, of the trial that the run is one of."""
        with workspace.read() as session:
            trial = db.sweeps.trial_of_run(session, run_id)
        return cls.of(workspace, trial)

    def is_due(self, points: int) -> bool:
        """Whether it is judged once it has so many values of its metric."""
        return is_due(self.rule, self._trial.number, points, self._epochs)

    def may_stop_early(self, points: int, value: float) -> bool:
        """Whether `why_stop_early` is worth asking after this value, to be told of each; after a resume it is rarer.

        Every tenth trial is trained to its end, so that what others do after a stall stays known.
        """
        signed = value if self.goal.is_min else -value
        if signed < self._best and not same(signed, self._best):
            self._best, self._best_at = signed, points
        asks = self._may_stop and may_have_stalled(points, self._best_at) and points >= _AGAIN * self._asked_at
        self._asked_at = points if asks else self._asked_at
        return asks

    def why_end_after(self, points: int) -> str:
        """By what is stored of it and the others; "" where it may go on. Raises StoreError."""
        with self._workspace.read() as session:
            there = self._there(session, points)
        own = there.pop(self._trial.number, None)
        unit = "value" if self._epochs is None else "epoch"
        return "" if own is None else why_pruned(self.rule, self._trial.number, points, own, there, unit)

    def why_stop_early(self, points: int) -> str:
        """Why this many values are all that it needs to be judged as if trained to its end, by the newest trials that
        were; "" where it may go on, as a script always. Raises StoreError.
        """
        if not self._may_stop or self._epochs is None or points >= self._epochs:
            return ""
        with self._workspace.read() as session:
            own, _ = self._curves(session, {}, points)
            if own is None or len(own) < points:
                return ""
            _, others = self._curves(session, self._trained_alike(session), self._epochs + 1)
        return why_stop_early(self.rule, own, [curve for curve in others.values() if len(curve) == self._epochs])

    def _trained_alike(self, session: Session) -> dict[int, int]:
        """First runs of the newest finished trials whose rate falls, and may let them gain, when this one's does."""
        ended = sorted(db.sweeps.finished(session, self._trial.sweep_id))[-_MOST_ENDED:]
        known = db.sweeps.trials(session, self._trial.sweep_id, ended)
        schedule = _schedule(self._trial)
        alike = (each for each in known if each.repeat == 0 and each.run_id and _schedule(each) == schedule)
        return {each.number: each.run_id or 0 for each in alike}

    def _there(self, session: Session, points: int) -> dict[int, float]:
        """What counted of each trial after so many values, by its number: of those that came that far, and of those
        that ended by themselves before, which did not need the rest.
        """
        best: db.sweeps.How = "min" if self.goal.is_min else "max"
        how: db.sweeps.How = "last" if self.goal.kind == "last" else best
        known = db.sweeps.counted_by_then(session, self._trial.sweep_id, self.goal.metric, points, how)
        ended, sign = db.sweeps.finished(session, self._trial.sweep_id), 1 if self.goal.is_min else -1
        return {
            number: sign * value if math.isfinite(value) else math.inf
            for number, (count, value) in known.items()
            if count == points or number in ended
        }

    def _curves(
        self, session: Session, others: Mapping[int, int], points: int
    ) -> tuple[Curve | None, dict[int, Curve]]:  # fmt: skip
        """What counted of its own run and of these, by their trials' numbers, after each of so many values."""
        runs = {**others, self._trial.number: self._trial.run_id or 0}
        values = db.sweeps.first_values(session, runs.values(), self.goal.metric, points)
        how = {"is_min": self.goal.is_min, "best": self.goal.kind == "best"}
        curves = {number: counted(values[run], **how) for number, run in runs.items() if run in values}
        return curves.pop(self._trial.number, None), curves

    def end(self, why: str, actor: Actor) -> bool:
        """Ask the run to end, and keep why; says whether it was not asked to stop already. Raises StoreError."""
        with self._workspace.write() as session:
            return ask_to_end(session, self._trial, why, actor)


def _schedule(trial: TrialRecord) -> Raw:
    """What it has of the sweep's params that say how the learning rate changes over its training."""
    return {name: value for name, value in trial.params.items() if name.startswith(_SCHEDULE)}


def _epochs(run: RunRecord | None) -> int | None:
    return epochs_of(run.config) if run is not None and run.kind == NETWORK.name else None


def epochs_of(config: Raw) -> int | None:
    """Of a network's training; None where nobody knows."""
    training = config.get("training")
    found = training.get("epochs") if isinstance(training, dict) else None
    return found if isinstance(found, int) else None


def ask_to_end(session: Session, trial: TrialRecord, why: str, actor: Actor) -> bool:
    """As `Judge.end`; one that has not begun is taken off the queue."""
    run, queued, working = trial.run_id or 0, RunState.QUEUED, (RunState.RUNNING, RunState.STARTING)
    off = {"reason": "Pruned by its sweep before it began.", "finished_at": time.time()}
    is_asked = any(
        db.runs.transition(session, run, [state], state, actor=actor, verb="prune", stop_requested="prune")
        for state in working
    ) or db.runs.transition(session, run, [queued], RunState.PRUNED, actor=actor, verb="prune", **off)
    if is_asked:
        db.sweeps.settle(session, [replace(trial, note=why)])
    return is_asked
