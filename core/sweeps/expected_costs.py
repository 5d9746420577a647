"""What a trial costs by its values: how many times as long one trains with another batch size, or another network.

With as much time one finds more where a trial costs less. Where time counts TPE therefore goes by what is to be gained
a second (Snoek, Larochelle and Adams, 2012, "Practical Bayesian Optimization of Machine Learning Algorithms", 3.2).
"""

import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from core.sweeps.definition import SECONDS, Definition
from core.sweeps.fields import Choices, Varied
from core.sweeps.trials import Trial

_FEWEST = 6  # trials whose cost is known
_RIDGE = 0.02  # as if so much of a trial at each end of a range had cost the mean
_EPOCHS = "training.epochs"

Floats = NDArray[np.float64]
Effect = Callable[[Floats], Floats]  # of values, or places of choices: what each adds to the log of a cost
Effects = Mapping[str, Effect]


def counts_time(definition: Definition) -> bool:
    """Whether the search is to find as much as it can in a time, and not in a number of trials."""
    is_short = definition.pruning.name != "none" or definition.budget.hours is not None
    return is_short and len(definition.goals) == 1 and definition.goals[0].metric != SECONDS


def effects_of(definition: Definition, trials: Iterable[Trial]) -> Effects:
    """By field; none as long as too little is known.

    The log of a trial's cost is taken as a sum over its fields, each a straight line over where its range places a
    value, or a number for each choice (ridge regression).
    """
    known = [(trial, cost) for trial in trials if (cost := _cost(definition, trial))]
    if len(known) < _FEWEST:
        return {}
    fields = definition.fields
    columns = [_columns(varied, [trial.params.get(varied.field) for trial, _ in known]) for varied in fields]
    table = np.column_stack(columns)
    centred = table - table.mean(axis=0)
    costs = np.log([cost for _, cost in known])
    ridge = _RIDGE * np.eye(table.shape[1])
    weights = np.linalg.solve(centred.T @ centred + ridge, centred.T @ (costs - costs.mean()))
    ends = np.cumsum([each.shape[1] for each in columns])
    parts = np.split(weights, ends[:-1])
    return {varied.field: _effect(varied, part) for varied, part in zip(fields, parts, strict=True)}


def _cost(definition: Definition, trial: Trial) -> float:
    """Seconds of a training to its end, 0 where that is not known. Of one that ended early it is told by its epochs."""
    if trial.origin == "earlier" or not trial.is_over or not trial.runs or trial.runs[0].seconds <= 0:
        return 0.0
    first = trial.runs[0]
    if definition.kind != "network":
        return first.seconds if trial.state == "finished" else 0.0
    epochs = trial.params.get(_EPOCHS, definition.settings_of_base.get(_EPOCHS))
    return first.seconds * epochs / first.points if first.points and isinstance(epochs, int) else 0.0


def _columns(varied: Varied, values: list[object]) -> Floats:
    """[trials, columns]: zeros where the field is not set, or has a value that is not in its range."""
    is_known = np.array([varied.range.has(value) for value in values])
    places = [varied.range.place(value) if known else 0.0 for value, known in zip(values, is_known, strict=True)]
    rows: Floats = _basis(varied, np.array(places))
    rows[~is_known] = 0.0
    return rows


def _basis(varied: Varied, places: Floats) -> Floats:
    """[values, columns]: one column and 1 for each choice, or where in its range a number stands, and 1."""
    if isinstance(varied.range, Choices):
        chosen: Floats = (places[:, np.newaxis] == np.arange(len(varied.range.values))).astype(np.float64)
        return chosen
    low, high = varied.range.place(varied.range.low), varied.range.place(varied.range.high)
    return np.column_stack([(places - low) / (high - low), np.ones(len(places))])


def _effect(varied: Varied, weights: Floats) -> Effect:
    def effect(values: Floats) -> Floats:
        is_log = not isinstance(varied.range, Choices) and varied.range.log
        places = np.log(values) if is_log else values.astype(np.float64)
        return np.asarray(_basis(varied, places) @ weights)

    return effect


def gain_a_second(likelier: Floats, good: float, costs: Floats) -> Floats:
    """The log of the expected improvement by the cost, but for what is the same for all.

    Args:
        likelier: how much likelier values are among good configs than among the others, as TPE has it, in logs.
        good: the share of configs that are good (Bergstra et al., 2011, equation 1).
        costs: in logs.
    """
    return -np.logaddexp(math.log(good), math.log1p(-good) - likelier) - costs
