"""What is known of a sweep and its trials at one moment."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from core.sweeps.definition import Definition
from core.sweeps.same_values import config_key
from db.records import RunState
from db.sweep_records import RunNow, SweepRecord, TrialRecord

TrialState = Literal["queued", "running", "finished", "pruned", "failed"]
REFUSED = "refused"  # its config does not fit together, so that there never was a run
SEARCH, CONFIRM = "search", "confirm"  # origins
Values = tuple[float, ...]


@dataclass(frozen=True)
class TrialRun:
    """One run of a trial. `values`: of each goal, None while there is none that is a number."""

    kept: TrialRecord
    run: RunNow | None  # None where it was deleted, or never was
    values: Values | None
    points: int = 0  # values that were recorded of the first goal
    missing: tuple[str, ...] = ()  # goals of which a run that is still there has no number
    other_than: int | None = None  # number of the trial that it cannot be ranked with: its data were others by then

    @property
    def is_active(self) -> bool:
        return self.run is not None and not self.run.state.is_finished

    @property
    def state(self) -> str:
        """Of the run, as it is, or as it was before it was deleted."""
        return self.run.state.value if self.run is not None else self.kept.state or RunState.LOST.value

    @property
    def is_sound(self) -> bool:
        """Whether it came to its end with values."""
        return self.state == "finished" and self.values is not None

    @property
    def seconds(self) -> float:
        return self.run.trained_seconds if self.run is not None else self.kept.seconds


@dataclass(frozen=True)
class Trial:
    """One config that was tried. `values`: of each goal, the mean over its repeats that have them."""

    number: int
    params: dict[str, Any]
    origin: str
    runs: tuple[TrialRun, ...]
    state: TrialState
    values: Values | None
    confirmations: tuple[TrialRun, ...] = ()
    cut: str = ""  # why further repeats are left out
    same_as: int | None = None  # the number of the first trial of the same config

    @property
    def seconds(self) -> float:
        return sum(each.seconds for each in self.runs)

    @property
    def note(self) -> str:
        # Of several seeds that of the one by which the trial is what it is.
        is_bad = self.state == "failed"
        runs = sorted(self.runs, key=lambda each: each.is_sound if is_bad else each.state != self.state)
        why = self.cut or next((each.kept.note for each in runs if each.kept.note), "")
        same = "" if self.same_as is None else f"The same config as trial {self.same_as}."
        return " ".join(filter(None, (why, same)))

    @property
    def is_over(self) -> bool:
        return self.state in ("finished", "pruned", "failed")

    @property
    def points(self) -> int:
        return max((each.points for each in self.runs), default=0)

    @cached_property
    def config(self) -> str:
        return config_key(self.params)

    @property
    def run_ids(self) -> list[int]:
        return [each.kept.run_id for each in self.runs if each.kept.run_id is not None]


@dataclass(frozen=True)
class SweepView:
    """A sweep with everything that is known of it at one moment."""

    sweep: SweepRecord
    definition: Definition
    trials: tuple[Trial, ...]

    @cached_property
    def all_runs(self) -> list[TrialRun]:
        return [each for trial in self.trials for each in (*trial.runs, *trial.confirmations)]

    @cached_property
    def active(self) -> list[TrialRun]:
        """Its own runs: one that it began from, and that somebody resumes, is none of its business."""
        return [each for each in self.all_runs if each.is_active and each.kept.origin != "earlier"]

    @property
    def next_number(self) -> int:
        return max((trial.number for trial in self.trials), default=-1) + 1

    @cached_property
    def searched(self) -> list[Trial]:
        """Those whose training counts for the budget: not what ran before the sweep."""
        return [trial for trial in self.trials if trial.origin != "earlier"]

    @cached_property
    def chosen(self) -> list[Trial]:
        """Those that the search chose, of which the budget has a number: what people add comes on top of it."""
        return [trial for trial in self.trials if trial.origin == SEARCH]

    @cached_property
    def seconds(self) -> float:
        return sum(trial.seconds for trial in self.searched)

    @cached_property
    def ranked(self) -> list[Trial]:
        """Those that were trained to their end, the best by the first goal first."""
        ended = [trial for trial in self.trials if trial.state == "finished" and trial.values]
        sign = 1 if self.definition.goals[0].is_min else -1
        return sorted(ended, key=lambda trial: sign * (trial.values or (math.inf,))[0])

    def best(self) -> Trial | None:
        """The first of `ranked`."""
        return next(iter(self.ranked), None)
