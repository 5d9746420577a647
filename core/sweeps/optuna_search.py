"""Searches of Optuna, by ask and tell and without a storage of its own: the study is made anew of our trials each time.

Imported by the process that searches, and by nothing else: with its samplers Optuna takes 170 MB.
"""

import json
import logging
import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial, TrialState

from core.sweeps.definition import Definition
from core.sweeps.fields import Choices, Varied, Whole
from core.sweeps.own_search import spread
from core.sweeps.setting import Setting
from core.sweeps.trials import Trial

optuna.logging.set_verbosity(logging.ERROR)
warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)

_STATES = {"queued": TrialState.RUNNING, "running": TrialState.RUNNING, "finished": TrialState.COMPLETE}
_STATES |= {"pruned": TrialState.PRUNED, "failed": TrialState.FAIL}
_APART = 1_000_000  # seeds of the answers for one trial
_LONG_AGO = datetime(2020, 1, 1)  # that a study asks for, and no sampler
_KEEPS = ("cmaes", "nsga2")  # whose sampler notes at a trial what it needs to go on
_FIRST = 8  # results that TPE begins with, of configs that are spread evenly


def ask(
    definition: Definition,
    trials: Sequence[Trial],
    number: int,
    expected: Mapping[int, float],
    again: int = 0,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The params of the next trial, and what its sampler has to find at it later; `again` for another answer.

    Args:
        expected: results of pruned trials by their numbers, see `core.sweeps.expected_ends`.
    """
    if definition.method == "tpe" and not again and sum(_has_result(trial) for trial in trials) < _FIRST:
        return spread(definition, number), {}
    study = study_of(definition, trials, expected)
    study.sampler = _sampler(definition, number + _APART * again)
    trial = study.ask()
    params = Setting(definition).params(lambda varied, _: _suggested(trial, varied))
    kept = study.get_trials(deepcopy=False)[-1].system_attrs if definition.method in _KEEPS else {}
    return params, dict(kept)


def _has_result(trial: Trial) -> bool:
    return trial.state in ("finished", "pruned") and trial.values is not None


def study_of(
    definition: Definition, trials: Iterable[Trial], expected: Mapping[int, float] = MappingProxyType({})
) -> optuna.Study:
    """With all that was tried, by whichever method; `expected` as in `ask`."""
    best = optuna.study.StudyDirection
    directions = [best.MINIMIZE if goal.is_min else best.MAXIMIZE for goal in definition.goals]
    study = optuna.create_study(directions=directions)
    distributions = {varied.field: distribution(varied) for varied in definition.fields}
    study.add_trials([_told(definition, trial, distributions, expected.get(trial.number)) for trial in trials])
    return study


class _Told(FrozenTrial):
    """A trial as we know it, which no study changes. Adding it, Optuna takes a deep copy, its distributions and all:
    of ten thousand trials that took longer than the search.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> FrozenTrial:
        made = FrozenTrial.__new__(FrozenTrial)
        vars(made).update(vars(self))
        return made


def distribution(varied: Varied) -> BaseDistribution:
    match varied.range:
        case Choices(values=values):
            return CategoricalDistribution([json.dumps(value) for value in values])
        case Whole(low=low, high=high, step=step, log=log):
            last = low + (high - low) // (step or 1) * (step or 1)
            return IntDistribution(low, last, log=log, step=step or 1)
        case real:
            end = real.high if real.step is None else real.at(1.0)
            return FloatDistribution(real.low, end, log=real.log, step=real.step)


def _suggested(trial: optuna.Trial, varied: Varied) -> Any:
    name = varied.field
    match distribution(varied):
        case CategoricalDistribution(choices=choices):
            return json.loads(str(trial.suggest_categorical(name, choices)))
        case IntDistribution(low=low, high=high, log=log, step=step):
            return trial.suggest_int(name, low, high, log=log, step=step)
        case FloatDistribution(low=low, high=high, log=log, step=step):
            return float(f"{trial.suggest_float(name, low, high, log=log, step=step):.12g}")
        case other:
            raise TypeError(f"no field has {other}")


def _told(
    definition: Definition, trial: Trial, known: Mapping[str, BaseDistribution], expected: float | None
) -> FrozenTrial:  # fmt: skip
    state, distributions, params = _STATES[trial.state], {}, {}
    values = trial.values
    for varied in definition.fields:
        if varied.field in trial.params and varied.range.has(value := trial.params[varied.field]):
            distributions[varied.field] = known[varied.field]
            params[varied.field] = json.dumps(varied.range.meant(value)) if isinstance(varied.range, Choices) else value
    until: dict[int, float] = {}
    if state is TrialState.PRUNED and expected is not None:
        state, values = TrialState.COMPLETE, (expected,)
    elif state is TrialState.PRUNED and trial.values is not None and len(definition.goals) == 1:
        until = {max(trial.points, 1): trial.values[0]}
    elif state is TrialState.PRUNED:
        state = TrialState.FAIL
    return _Told(
        number=-1,
        trial_id=-1,
        state=state,
        value=None,
        values=list(values) if state is TrialState.COMPLETE and values else None,
        datetime_start=_LONG_AGO,
        datetime_complete=_LONG_AGO if state.is_finished() else None,
        params=params,
        distributions=distributions,
        user_attrs={},
        system_attrs=dict(trial.runs[0].kept.attributes),
        intermediate_values=until,
    )


def _sampler(definition: Definition, number: int) -> optuna.samplers.BaseSampler:
    seed = (definition.seed * 1_000_003 + number) % 2**32
    match definition.method:
        case "tpe":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # Optuna 6 is to have no gamma any more
                return optuna.samplers.TPESampler(seed=seed, n_startup_trials=_FIRST, gamma=_good)
        case "cmaes":
            return optuna.samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False)
        case "nsga2":
            # A population as large as the budget would never evolve.
            most = definition.budget.trials or 250
            return optuna.samplers.NSGAIISampler(seed=seed, population_size=max(4, min(50, most // 5)))
        case "gp":
            return optuna.samplers.GPSampler(seed=seed)
        case other:
            raise ValueError(f"{other} is a search of our own")


def _good(count: int) -> int:
    """How many of so many results are the good ones: 15 %, as in TPE's first paper (Bergstra et al., 2011)."""
    return min(max(2, math.ceil(0.15 * count)), 25)
