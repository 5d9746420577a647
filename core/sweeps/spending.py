"""What a sweep's budget leaves, and when it will be spent."""

import math
import statistics
from dataclasses import dataclass

import numpy as np

import db.sweeps
from core.common.context import Context
from core.sweeps.own_search import cells, next_cell, untried
from core.sweeps.trials import SweepView, Trial

_RECENT = 20  # runs by which it is told how long one takes to start and to end


def spent(view: SweepView) -> str:
    """Why no further trial is begun, in a sentence; "" while there is something left."""
    budget, made = view.definition.budget, len(view.chosen)
    if budget.trials is not None and made >= budget.trials:
        return f"All {made} trials were made." if made > 1 else "The one trial was made."
    if budget.hours is not None and view.seconds >= 3600 * budget.hours:
        return f"{budget.hours:g} hours of training are spent."
    if budget.no_gain is not None and without_gain(view) >= budget.no_gain:
        return f"The last {budget.no_gain} trials brought nothing better."
    tried = {each.config for each in view.trials}
    if view.definition.method == "grid" and next_cell(view.definition, tried) is None:
        return "Every cell of the grid was tried."
    if untried(view.definition, tried) == []:
        return "Every config of the space was tried."
    return ""


def without_gain(view: SweepView) -> int:
    """Trials that are over since the last one that nothing before was better than, in one goal at least.

    What ran before the sweep is to be beaten, but counts for no trial without a gain.
    """
    front: list[tuple[float, ...]] = []
    signs = [1.0 if goal.is_min else -1.0 for goal in view.definition.goals]
    since = 0
    for trial in view.trials:
        if not trial.is_over:
            continue
        since += trial.origin != "earlier"
        if trial.state != "finished" or trial.values is None:
            continue
        point = tuple(sign * value for sign, value in zip(signs, trial.values, strict=True))
        if not any(dominates(other, point) or other == point for other in front):
            front = [other for other in front if not dominates(point, other)] + [point]
            since = 0
    return since


def dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether it is nowhere worse and somewhere better; smaller is better."""
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


def pareto_front(view: SweepView) -> list[Trial]:
    """Trials that were trained to their end and that no other one beats in all goals."""
    ended = [trial for trial in view.trials if trial.state == "finished" and trial.values is not None]
    signs = np.array([1.0 if goal.is_min else -1.0 for goal in view.definition.goals])
    points = np.array([trial.values for trial in ended]).reshape(len(ended), len(signs)) * signs
    # In this order, a point can only be beaten by one before it, and so by one of the front until there.
    front = np.empty((0, len(signs)))
    best: list[Trial] = []
    for place in np.lexsort(points.T[::-1]):
        point = points[place]
        if not ((front <= point).all(axis=1) & (front < point).any(axis=1)).any():
            front = np.vstack([front, point])
            best.append(ended[place])
    return sorted(best, key=lambda trial: trial.number)


def start_and_end(context: Context, kind: str) -> float | None:
    """Seconds that a run of this kind takes beside its training, the median of the newest; None before there is one."""
    with context.workspace.read() as session:
        known = db.sweeps.beside_training(session, kind, _RECENT)
    return statistics.median(known) if known else None


@dataclass(frozen=True)
class Forecast:
    """`left`: trials until the budget is spent, as far as that can be told; `seconds` from now until then."""

    left: int
    seconds: float


def forecast(view: SweepView) -> Forecast | None:
    """None while nothing is known of how long a trial takes, and where the budget does not say when it ends. Of a sweep
    that is over, until what it confirms has ended.
    """
    budget = view.definition.budget
    took = [
        each.run.finished_at - each.run.starting_at
        for each in view.all_runs
        if each.run and each.run.state.is_finished and each.run.finished_at and each.run.starting_at
    ]
    lefts: list[float] = []
    if budget.trials is not None:
        lefts.append(max(0, budget.trials - sum(trial.is_over for trial in view.chosen)))
    over = {trial.config for trial in view.trials if trial.is_over}
    if view.definition.method == "grid":
        lefts.append(max(0, len(cells(view.definition)) - sum(trial.is_over for trial in view.searched)))
    elif (others := untried(view.definition, over)) is not None:
        lefts.append(len(others))
    if not took or (view.sweep.state.is_over and not view.active):
        return None
    mean = sum(took) / len(took)
    places = {each.run.slots for each in view.all_runs if each.run and each.run.slots}
    if view.sweep.state.is_over:
        return Forecast(0, len(view.active) * mean / max(1, min(len(view.active), len(places))))
    if budget.hours is not None:
        trained = [trial.seconds for trial in view.searched if trial.is_over]
        each = sum(trained) / len(trained) if trained else math.inf
        lefts.append(max(0.0, 3600 * budget.hours - view.seconds) / each if each else 0.0)
    if not lefts:
        return None
    left = math.ceil(min(lefts))
    beside = max(1, min(view.definition.at_once, len(places)))  # of four at once on one slot three wait
    return Forecast(left, left * view.definition.repeats * mean / beside)
