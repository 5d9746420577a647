"""The cross-validation that a run is a fold of: what `show` says of it."""

import math
from typing import Any

from core.cli.known_runs import KnownRuns
from core.cli.tables import console, print_table
from core.runs.data_names import folds_of
from core.runs.folds import MOST_SIBLINGS, alike, search_for
from core.verdicts.cross_validation import CrossValidation, cross_validation, metrics_of
from core.verdicts.folds_told import folds_told
from db.records import RunRecord


def show(known: KnownRuns, run: RunRecord) -> None:
    """Nothing of a run without folds."""
    found = _found(known, run)
    if found is None:
        return
    console.print()
    for line in folds_told(found):
        console.print(line, markup=False, highlight=False)
    rows = [
        [
            f"{each.fold + 1} of {found.count}",
            each.seed,
            each.run.id if each.run else None,
            _value(each.value),
            each.told,
        ]
        for each in found.folds
    ]
    print_table(["fold", "seed", "run", found.metric, ""], rows)


def as_json(known: KnownRuns, run: RunRecord) -> dict[str, Any] | None:
    found = _found(known, run)
    if found is None:
        return None
    return {
        "metric": found.metric, "folds": found.count, "mean": _value(found.mean), "deviation": _value(found.deviation),
        "interval": None if math.isnan(found.interval[0]) else list(found.interval),
        "told": " ".join(folds_told(found)),
        "runs": [
            {"fold": each.fold, "seed": each.seed, "id": each.run.id if each.run else None, "value": _value(each.value)}
            for each in found.folds
        ],
    }  # fmt: skip


def _found(known: KnownRuns, run: RunRecord) -> CrossValidation | None:
    own = known.params([run.id])
    if not folds_of(own.get(run.id, {})):
        return None
    there = known.listing((), MOST_SIBLINGS, search_for(own[run.id])).runs
    params = known.params([run.id, *(each.id for each in there)])
    runs = alike(run, there, params)
    summaries = known.summaries([each.id for each in runs])
    metric = next(iter(metrics_of(summaries)), "val_loss")
    return cross_validation(runs, params, summaries, metric)


def _value(value: float) -> float | None:
    return None if math.isnan(value) else value
