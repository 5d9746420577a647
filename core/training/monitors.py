"""What watches the monitored metric: the best epoch, early stopping, cuts of the learning rate on a plateau.

Each is fed one value per epoch, in order; a resumed run feeds the recorded values again and so gets where it was.
"""

import math

from core.config.schedules import Plateau, Schedule
from core.tracking.goals import Goal, is_better


class Best:
    """The best value so far. NaN never is, nor is infinity."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.value = math.nan

    def update(self, value: float) -> bool:
        """Take a value; says whether it is the best."""
        better = math.isfinite(value) and is_better(value, self.value, self.goal)
        if better:
            self.value = value
        return better


class Patience:
    """Counts epochs without an improvement of more than `min_delta`."""

    def __init__(self, goal: Goal, patience: int, min_delta: float = 0.0) -> None:
        self.goal = goal
        self.patience = patience
        self.min_delta = min_delta
        self.best = math.nan
        self.waited = 0

    def update(self, value: float) -> bool:
        """Take a value; says whether patience is at its end."""
        if is_better(value, self.best, self.goal, self.min_delta):
            self.best = value
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience


class PlateauCuts:
    """The share of the learning rate that is left after the cuts so far."""

    def __init__(self, goal: Goal, patience: int, gamma: float, floor: float) -> None:
        self._patience = Patience(goal, patience)
        self._gamma = gamma
        self._floor = floor
        self.factor = 1.0

    def update(self, value: float) -> bool:
        """Take a value; says whether the rate was cut."""
        if not self._patience.update(value) or self.factor <= self._floor:
            return False
        self.factor = max(self._floor, self.factor * self._gamma)
        self._patience.waited = 0
        return True


def plateau_cuts(goal: Goal, schedule: Schedule) -> PlateauCuts | None:
    """None of a schedule that knows before how the rate goes."""
    if not isinstance(schedule, Plateau):
        return None
    return PlateauCuts(goal, schedule.patience, schedule.gamma, schedule.floor)
