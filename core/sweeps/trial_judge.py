"""A trial judged by the others of its sweep: by its own training at the end of an epoch, or of scripts from outside."""

from dataclasses import replace

import db.runs
import db.sweeps
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.runs.kinds import NETWORK
from core.sweeps.definition import PARAMETERS, SECONDS, Goal, Pruning, read_definition
from core.sweeps.early_end import counted, is_due, why_pruned
from core.sweeps.trials import FIRST_CONFIRMATION
from db.engine import Session
from db.records import Actor, RunRecord, RunState
from db.sweep_records import TrialRecord


class Judge:
    """Of one run of a sweep that prunes."""

    def __init__(
        self, workspace: Workspace, trial: TrialRecord, rule: Pruning, goal: Goal, epochs: int | None
    ) -> None:  # fmt: skip
        self.rule, self.goal = rule, goal
        self._workspace = workspace
        self._trial = trial
        self._epochs = epochs  # of its training; None where nobody knows

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
        goal = definition.goals[0]
        return (
            None
            if goal.metric in (PARAMETERS, SECONDS)
            else cls(workspace, trial, definition.pruning, goal, _epochs(run))
        )

    @classmethod
    def of_run(cls, workspace: Workspace, run_id: int) -> "Judge | None":
        """As `of`, of the trial that the run is one of."""
        with workspace.read() as session:
            trial = db.sweeps.trial_of_run(session, run_id)
        return cls.of(workspace, trial)

    def is_due(self, points: int) -> bool:
        """Whether it is judged once it has so many values of its metric."""
        return is_due(self.rule, self._trial.number, points, self._epochs)

    def why_end_after(self, points: int) -> str:
        """By what is stored of it and the others; "" where it may go on. Raises StoreError."""
        with self._workspace.read() as session:
            runs = db.sweeps.first_runs(session, self._trial.sweep_id)
            runs[self._trial.number] = self._trial.run_id or 0
            values = db.sweeps.first_values(session, runs.values(), self.goal.metric, points)
        how = {"is_min": self.goal.is_min, "best": self.goal.kind == "best"}
        curves = {number: counted(values[run], **how) for number, run in runs.items() if run in values}
        own = curves.pop(self._trial.number, None)
        if own is None or len(own) < points:
            return ""
        return why_pruned(self.rule, self._trial.number, own, curves)

    def end(self, why: str, actor: Actor) -> bool:
        """Ask the run to end, and keep why; says whether it was not asked to stop already. Raises StoreError."""
        with self._workspace.write() as session:
            return ask_to_end(session, self._trial, why, actor)


def _epochs(run: RunRecord | None) -> int | None:
    return epochs_of(run.config) if run is not None and run.kind == NETWORK.name else None


def epochs_of(config: Raw) -> int | None:
    """Of a network's training; None where nobody knows."""
    training = config.get("training")
    found = training.get("epochs") if isinstance(training, dict) else None
    return found if isinstance(found, int) else None


def ask_to_end(session: Session, trial: TrialRecord, why: str, actor: Actor) -> bool:
    """As `Judge.end`."""
    running = RunState.RUNNING
    run = trial.run_id or 0
    if db.runs.transition(session, run, [running], running, actor=actor, verb="prune", stop_requested="prune"):
        db.sweeps.settle(session, [replace(trial, note=why)])
        return True
    return False
