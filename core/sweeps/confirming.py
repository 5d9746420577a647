"""What fresh seeds say of the configs that a search found best.

The best of many noisy results is better than the config is: the winner's curse. The mean of fresh seeds has no such
bias, so that the difference of both is what the search promised too much.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.runs.repeating import usual_seconds
from core.sweeps.trials import SweepView, Trial


@dataclass(frozen=True)
class Confirmed:
    """Of one config, by the first goal. `drop`: how much worse than `found` the mean is; below 0 it is better."""

    trial: Trial
    found: float
    values: tuple[float, ...]  # of fresh seeds
    is_min: bool
    failed: int = 0  # further seeds that ended without a value, which the mean does not stand for
    running: int = 0  # fresh seeds that are not at rest yet
    by_run: Mapping[int, float] = field(default_factory=dict)  # of `values` those whose runs are still there

    @property
    def seeds(self) -> int:
        return len(self.values)

    @property
    def mean(self) -> float | None:
        return statistics.fmean(self.values) if self.values else None

    @property
    def deviation(self) -> float | None:
        return statistics.stdev(self.values) if len(self.values) > 1 else None

    @property
    def drop(self) -> float | None:
        if self.mean is None:
            return None
        return self.mean - self.found if self.is_min else self.found - self.mean


def results_of(found: Iterable[Confirmed]) -> list[float]:
    """What the search had of each, and the means of fresh seeds: they stand beside each other, with the same digits."""
    return [value for each in found for value in (each.found, each.mean) if value is not None]


def training_ahead(trials: Sequence[Trial], seeds: int) -> float | None:
    """Seconds that so many fresh seeds of each take, one after another, as long as those that it was found by; None
    where nothing is known of one.
    """
    took = [usual_seconds([each.run for each in trial.runs if each.run]) for trial in trials]
    return None if None in took else sum(seeds * (each or 0.0) for each in took)


def leading(found: Sequence[Confirmed]) -> Confirmed | None:
    """The best of what `confirmed` gives; None where another has no fresh seed done yet that could be beside it: of one
    alone nobody can say that it leads.
    """
    valued = [each for each in found if each.values]
    is_alone = len(valued) == 1 and any(each.running for each in found if each is not valued[0])
    return valued[0] if valued and not is_alone else None


def confirmed(view: SweepView) -> list[Confirmed]:
    """Of every trial that was launched again, the best of fresh seeds first, those without any last."""
    is_min = view.definition.goals[0].is_min
    found = []
    for trial in view.trials:
        if trial.confirmations and trial.values is not None:
            ended = [each for each in trial.confirmations if each.state == "finished" and each.values is not None]
            values = tuple(each.values[0] for each in ended if each.values is not None)
            running = sum(each.is_active for each in trial.confirmations)
            failed = len(trial.confirmations) - running - len(values)
            by_run = {each.run.id: value for each, value in zip(ended, values, strict=True) if each.run is not None}
            found.append(Confirmed(trial, trial.values[0], values, is_min, failed, running, by_run))
    sign = 1 if is_min else -1
    return sorted(found, key=lambda each: (each.mean is None, sign * (each.mean or 0.0)))
