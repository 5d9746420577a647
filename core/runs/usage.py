"""Which runs learned from an added data set."""

from core import runs
from core.common.context import Context
from core.config.edit import flatten
from core.runs.records import RunQuery, RunRecord


def runs_with(context: Context, name: str) -> list[RunRecord]:
    """The runs whose config names this data set, whatever their state, also those in the trash; the newest first."""
    # "contains" and a look at each config: the search takes names that look like numbers for numbers.
    search = f'data.dataset ~ "{name}"'
    ids = [
        run_id for trashed in (False, True) for run_id in runs.matching_ids(context, RunQuery(trashed=trashed), search)
    ]
    found = runs.get_many(context, sorted(ids, reverse=True))
    return [run for run in found if flatten(run.config).get("data.dataset") == name]
