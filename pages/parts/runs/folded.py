"""A cross-validation as one row of the table of runs: its mean and deviation, what its folds come to."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.common.digits import plus_minus
from core.runs.data_names import is_repeat, without_repeat
from core.runs.records import RunRecord, Summary
from core.verdicts.cross_validation import cross_validation
from pages.parts.runs.columns import METRIC, PARAM
from pages.shared import format as text
from pages.shared.run_table import name_text

FOLD_PARAMS = ("data.fold", "data.folds", "seed")  # that tell the folds apart

Folds = Mapping[int, Sequence[RunRecord]]  # by the run whose row it is, all of them


def cell(
    folds: Sequence[RunRecord],
    column: str,
    params: Mapping[int, Mapping[str, str]],
    summaries: Mapping[int, Mapping[str, Summary]],
) -> tuple[bool, Any]:
    """Whether the cell is of all folds together, and what it is then; of others that of its first run is right."""
    if column.startswith(METRIC):
        name, _, kind = column.removeprefix(METRIC).rpartition(".")
        found = cross_validation(folds, params, summaries, name, "last" if kind == "last" else "best")
        if found is None or math.isnan(found.mean):
            return True, ""
        lacking = len(found.folds) - len(found.values)
        return True, f"{plus_minus(found.mean, found.deviation)}{f' ({lacking} lacking)' if lacking else ''}"
    if column.startswith(PARAM) and is_repeat(key := column.removeprefix(PARAM)):
        values = dict.fromkeys(params.get(run.id, {}).get(key, "") for run in folds)
        return True, ", ".join(values) if len(values) <= 3 else f"{len(values)} values"
    match column:
        case "id":
            last = folds[-1].id
            return True, f"#{folds[0].id}–{last}" if last - folds[0].id == len(folds) - 1 else f"#{folds[0].id} …"
        case "name":
            return True, name_text(f"{without_repeat(folds[0].name)} · {len(folds)} folds")
        case "state":
            return True, list(dict.fromkeys(run.state.value for run in folds))
        case "duration":
            seconds = sum(run.trained_seconds for run in folds)
            return True, text.duration(seconds) if seconds else ""
        case "progress":
            return True, sum(run.progress for run in folds) / len(folds)
        case "tags":
            return True, list(dict.fromkeys(tag for run in folds for tag in run.tags))
    return False, None
