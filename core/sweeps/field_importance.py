"""How much each varied field mattered, by two measures that answer two questions, with intervals by the bootstrap.

PED-ANOVA (Watanabe et al., 2023): which fields decide whether a config is among the best tenth. fANOVA (Hutter et al.,
2014): which fields explain how results differ over the whole space. Imported by the process that searches alone.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import optuna
from optuna.importance import BaseImportanceEvaluator, FanovaImportanceEvaluator, PedAnovaImportanceEvaluator

from core.sweeps.importance_told import FEWEST
from core.sweeps.optuna_search import study_of
from core.sweeps.trials import SweepView, Trial

_MOST = 600  # trials that are measured, drawn from more: intervals are narrow by then, and all would take minutes
_RESAMPLES = {"ped_anova": 100, "fanova": 20}
_TREES = 16  # of each resample of fANOVA: their spread is within that of the resamples
_INTERVAL = (5, 95)  # percentiles of the resamples


def importance(view: SweepView, expected: Mapping[int, float]) -> dict[str, Any] | None:
    """By measure and field: [value, low, high] in shares of 1; None of fewer trials than say anything.

    Of the first goal. A field that not all trials have is fANOVA's to leave out. Of very many trials a sample is
    measured.

    Args:
        expected: what pruned trials count for, see `core.sweeps.expected_ends`; others are left out.
    """
    ended = [trial for trial in view.trials if trial.state == "finished" and trial.values]
    pruned = [
        replace(trial, state="finished", values=(expected[trial.number],))
        for trial in view.trials
        if trial.number in expected
    ]
    ended = sorted(filter(_in_ranges(view), [*ended, *pruned]), key=lambda trial: trial.number)
    if len(ended) < FEWEST:
        return None
    found: dict[str, Any] = {"trials": len(ended), "pruned": len(pruned)}
    random = np.random.default_rng(0)
    if len(ended) > _MOST:
        ended = [ended[place] for place in sorted(random.choice(len(ended), _MOST, replace=False))]
        found["measured"] = _MOST
    for name, count in _RESAMPLES.items():
        value = _measured(view, ended, name)
        samples: dict[str, list[float]] = {field: [] for field in value}
        for _ in range(count):
            chosen = [ended[place] for place in random.integers(len(ended), size=len(ended))]
            again = _measured(view, chosen, name)
            for field in value:
                samples[field].append(again.get(field, 0.0))
        found[name] = {
            field: [share, *np.percentile(samples[field], _INTERVAL).tolist()] for field, share in value.items()
        }
    return found


def _in_ranges(view: SweepView) -> Callable[[Trial], bool]:
    """Of trials by hand some are not: a field that not all have would be left out."""
    ranges = {varied.field: varied.range for varied in view.definition.fields}
    return lambda trial: all(ranges[field].has(value) for field, value in trial.params.items() if field in ranges)


def _measured(view: SweepView, trials: Sequence[Trial], name: str) -> dict[str, float]:
    """Nothing where a resample does not say anything, as when all of its results are the same."""
    evaluator: BaseImportanceEvaluator = PedAnovaImportanceEvaluator()
    if name == "fanova":
        evaluator = FanovaImportanceEvaluator(n_trees=_TREES, seed=0)
    study = study_of(view.definition, trials)
    target = (lambda trial: trial.values[0]) if len(view.definition.goals) > 1 else None
    try:
        found = optuna.importance.get_param_importances(study, evaluator=evaluator, target=target)
    except (RuntimeError, ValueError):
        return {}
    finally:
        _forget_trees()
    return {field: float(share) for field, share in found.items()}


def _forget_trees() -> None:
    """Optuna keeps what it computes of a tree, and so the tree, as long as the process lives: 45 MB of 200 trials and
    their resamples. Its caches are those of methods, of which there are no others.
    """
    modules = [module for name, module in sys.modules.items() if name.startswith("optuna.importance")]
    classes = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    for method in [each for kind in classes for each in vars(kind).values()]:
        if callable(forget := getattr(method, "cache_clear", None)):
            forget()
