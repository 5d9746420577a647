"""What changes when something of compared runs does: the key of what is computed of them."""

from collections.abc import Sequence

from core.comparison import Group, Summaries
from core.runs.records import RunRecord
from pages.shared.curves import version
from pages.shared.data import Version


def group_versions(groups: Sequence[Group], summaries: Summaries) -> tuple[tuple[int, Version], ...]:
    """Of each run: its state, whether a search chose by it, and how far its metrics are recorded."""
    return tuple((run.id, _version(run, summaries)) for group in groups for run in group.runs)


def _version(run: RunRecord, summaries: Summaries) -> Version:
    return *version(run, summaries.get(run.id, {}).values()), (run.state.value, run.chosen_by_search, 0, run.attempt)
