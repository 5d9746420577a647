"""What pruned trials would have come to, had they gone on as the others did.

Optuna's TPE takes any trial that was trained to its end as better than any that was pruned. With ASHA it then goes for
long by the first trials, which were trained to their end because there was nothing to compare them with. By a value of
the same kind for all it goes by the best ones.
"""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

import db.sweeps
from core.common.context import Context
from core.sweeps.definition import PARAMETERS, SECONDS, Goal
from core.sweeps.early_end import Curve, carried_on, counted
from core.sweeps.trials import SweepView, Trial

_MOST = 200  # trials, the newest, by which the others are judged
Moment = Mapping[int, float]  # what trials, by their numbers, had come to by then; smaller is better
Step = tuple[Curve, Curve]  # from one moment to the next: values of those that have both, each sorted


def expected_ends(context: Context, view: SweepView) -> dict[int, float]:
    """In the goal's unit, by the numbers of pruned trials; without those from whose end on no other went on.

    A trial with the value v after so many epochs is taken to the next number of epochs at which trials were pruned, and
    from there on to the end, each time to the value that had the same rank among those that went on.

    Raises:
        StoreError
    """
    goals = view.definition.goals
    if len(goals) > 1 or goals[0].metric in (PARAMETERS, SECONDS):
        return {}
    sign = 1.0 if goals[0].is_min else -1.0
    over = [(trial, sign * trial.values[0]) for trial in view.trials if trial.is_over and trial.values]
    pruned = [(trial, value) for trial, value in over if trial.state == "pruned" and trial.points]
    if not pruned:
        return {}
    counts = sorted({trial.points for trial, _ in pruned})
    known = [(trial, value) for trial, value in over if trial.points > counts[0]][-_MOST:]
    ends = {trial.number: value for trial, value in known if trial.state == "finished"}
    moments: list[Moment] = [*_at(context, [trial for trial, _ in known], goals[0], counts), ends]
    steps = [_step(now, later) for now, later in itertools.pairwise(moments)]
    found = {trial.number: _at_the_end(value, steps[counts.index(trial.points) :]) for trial, value in pruned}
    return {number: sign * value for number, value in found.items() if value is not None}


def _at(context: Context, trials: Sequence[Trial], goal: Goal, counts: Sequence[int]) -> list[Moment]:
    """What each trial's first run counted after so many values; without those that had no number."""
    runs = {trial.number: trial.run_ids[0] for trial in trials if trial.run_ids}
    with context.workspace.read() as session:
        curves = db.sweeps.first_values(session, runs.values(), goal.metric, counts[-1])
    how = {"is_min": goal.is_min, "best": goal.kind == "best"}
    known: dict[int, Curve] = {number: counted(curves[run], **how) for number, run in runs.items() if run in curves}
    ended = {trial.number for trial in trials if trial.state == "finished"}
    known |= {number: carried_on(known[number], counts[-1]) for number in known.keys() & ended}
    return [
        {
            number: float(curve[count - 1])
            for number, curve in known.items()
            if len(curve) >= count and np.isfinite(curve[count - 1])
        }
        for count in counts
    ]


def _step(now: Moment, later: Moment) -> Step:
    both = now.keys() & later.keys()
    return np.sort([now[each] for each in both]), np.sort([later[each] for each in both])


def _at_the_end(value: float, steps: Sequence[Step]) -> float | None:
    """After all steps: at each the later value of the rank that this one has, between two in proportion, and past the
    last one as far as now. None where nobody went on.
    """
    for now, later in steps:
        if not len(now):
            return None
        value = float(np.interp(value, now, later)) + max(0.0, value - float(now[-1]))
    return value
