"""Runs of one config wherever they are: those of the store that differ from given ones in seed and fold alone."""

from collections.abc import Sequence

import db.params
import db.runs
from core.common.context import Context
from core.runs.data_names import is_repeat, same_data
from core.runs.highlights import may_count
from core.runs.results import params
from db.records import RunRecord


def others_of(context: Context, runs: Sequence[RunRecord]) -> list[RunRecord]:
    """Those of their config, in any experiment and outside the trash, that are none of them; oldest first.

    Args:
        runs: of one config, at least one.
    """
    known, first = {run.id for run in runs}, runs[0]
    own = _shared(params(context, [first.id]).get(first.id, {}))
    if not own:  # nothing is told of what it is
        return []
    with context.workspace.read() as session:
        able = [run_id for run_id in db.params.with_all(session, first.kind, own) if run_id not in known]
        told = db.params.of_runs(session, able)
        found = db.runs.get_many(session, [run_id for run_id in able if _shared(told.get(run_id, {})) == own])
    return [run for run in found if same_data(run, first)]


def may_join(context: Context, runs: Sequence[RunRecord]) -> list[RunRecord]:
    """Those of `others_of` that say something beside these, or will: not what failed, nor what a search went by."""
    return [run for run in others_of(context, runs) if may_count(run) and not run.told_search]


def _shared(told: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in told.items() if not is_repeat(key)}
