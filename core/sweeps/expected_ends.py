"""What trials that were given up would have come to, had they gone on as the others did.

Optuna's TPE takes any trial that was trained to its end as better than any that was given up. With ASHA it then goes
for long by the first trials, which were trained to their end because there was nothing to compare them with. By a value
of the same kind for all it goes by the best ones.
"""

from collections.abc import Mapping, Sequence

import numpy as np

import db.sweeps
from core.common.context import Context
from core.sweeps.definition import PARAMETERS, SECONDS
from core.sweeps.early_end import Curve, counted
from core.sweeps.trials import SweepView, Trial

_MOST = 200  # trials, the newest, by which the others are judged
Pairs = tuple[Sequence[float], Sequence[float]]  # values of the same trials at one moment and at a later one


def expected_ends(context: Context, view: SweepView) -> dict[int, float]:
    """In the goal's unit, by the numbers of trials that were given up; without those of whose kind no other went on.

    A trial with the value v after so many epochs is taken to the next number of epochs at which trials were given up,
    and from there on to the end, each time to the value that had the same rank among those that went on.

    Raises:
        StoreError
    """
    definition = view.definition
    goal = definition.goals[0]
    given_up = {
        trial.number: trial for trial in view.trials if trial.state == "pruned" and trial.values and trial.points
    }
    if not given_up or len(definition.goals) > 1 or goal.metric in (PARAMETERS, SECONDS):
        return {}
    counts = sorted({trial.points for trial in given_up.values()})
    known = [trial for trial in view.trials if trial.is_over and trial.values and trial.points > counts[0]][-_MOST:]
    sign = 1.0 if goal.is_min else -1.0
    values = _at(context, known, goal.metric, counts, is_min=goal.is_min, best=goal.kind == "best")
    ends = {trial.number: sign * trial.values[0] for trial in known if trial.state == "finished" and trial.values}
    moments: list[Mapping[int, float]] = [*values, ends]
    found = {}
    for number, trial in given_up.items():
        value, first = sign * (trial.values or (np.nan,))[0], counts.index(trial.points)
        for now, later in zip(moments[first:], moments[first + 1 :], strict=False):
            both = sorted(now.keys() & later.keys())
            if not both:
                break
            value = _ranked_alike(value, [now[each] for each in both], [later[each] for each in both])
        else:
            found[number] = sign * value
    return found


def _at(
    context: Context, trials: Sequence[Trial], metric: str, counts: Sequence[int], *, is_min: bool, best: bool
) -> list[dict[int, float]]:
    """What each trial's first run counted after so many values, smaller is better; without those that had no number."""
    runs = {trial.number: trial.run_ids[0] for trial in trials if trial.run_ids}
    with context.workspace.read() as session:
        curves = db.sweeps.first_values(session, runs.values(), metric, counts[-1])
    known: dict[int, Curve] = {
        number: counted(curves[run], is_min=is_min, best=best) for number, run in runs.items() if run in curves
    }
    return [
        {
            number: float(curve[count - 1])
            for number, curve in known.items()
            if len(curve) >= count and np.isfinite(curve[count - 1])
        }
        for count in counts
    ]


def _ranked_alike(value: float, now: Sequence[float], later: Sequence[float]) -> float:
    """The later value that has the rank which this one has now, between two in proportion; past them as the last."""
    before, after = np.sort(now), np.sort(later)
    return float(np.interp(value, before, after)) + max(0.0, value - float(before[-1]))
