"""Finding runs: by number, by name, by search, by state."""

from collections.abc import Iterable
from dataclasses import replace

import db.listing
import db.metrics
import db.params
import db.runs
import db.tags
from core.common.errors import NotFoundError
from core.common.workspace import Workspace
from core.runs.search import parse_search
from db.listing import RunQuery
from db.records import ACTIVE_STATES, RunPage, RunRecord, RunState


def get(workspace: Workspace, run_id: int) -> RunRecord:
    """Raises NotFoundError."""
    with workspace.read() as session:
        run = db.runs.get(session, run_id)
    if run is None:
        raise NotFoundError(f"There is no run {run_id}. It may have been deleted; the Runs page lists those there are.")
    return run


def get_many(workspace: Workspace, run_ids: Iterable[int]) -> list[RunRecord]:
    """Those that exist, in the order asked for."""
    with workspace.read() as session:
        return db.runs.get_many(session, run_ids)


def find(workspace: Workspace, reference: str) -> RunRecord:
    """The run with this number, uid (or its first 6 or more characters) or name; the newest of that name.

    Raises:
        NotFoundError
    """
    with workspace.read() as session:
        found = db.runs.find_ids(session, reference.encode(errors="replace").decode())
    if not found:
        raise NotFoundError(
            f"There is no run {reference!r}. Accepted are a run's number, its uid or the start of it, or its name; "
            "`python -m core runs` lists them."
        )
    return get(workspace, found[0])


def listing(workspace: Workspace, query: RunQuery, search: str = "") -> RunPage:
    """One page of the runs that match the query and the search text (see core.runs.search). Raises ConfigError."""
    with workspace.read() as session:
        return db.listing.page(session, replace(query, filter=parse_search(search)))


def matching_ids(workspace: Workspace, query: RunQuery, search: str = "") -> list[int]:
    """Every run that matches, whatever the page."""
    with workspace.read() as session:
        return db.listing.ids(session, replace(query, filter=parse_search(search)))


def active(workspace: Workspace) -> list[RunRecord]:
    """Runs that are queued or have a process, first queued first; a queued run's place is its position among them."""
    with workspace.read() as session:
        return db.runs.in_states(session, ACTIVE_STATES)


def queue_places(runs: Iterable[RunRecord]) -> dict[int, int]:
    """1 for the run that starts next, by run; of runs as `active` returns them."""
    queued = [run.id for run in runs if run.state is RunState.QUEUED]
    return {run_id: place for place, run_id in enumerate(queued, start=1)}


def experiments(workspace: Workspace) -> dict[str, int]:
    """Number of runs by experiment, the one used last first."""
    with workspace.read() as session:
        return db.runs.experiments(session)


def all_tags(workspace: Workspace) -> list[str]:
    with workspace.read() as session:
        return db.tags.every(session)


def column_names(workspace: Workspace) -> tuple[list[str], list[str]]:
    """Every param and every metric that some run has: what a table can show."""
    with workspace.read() as session:
        return db.params.keys(session), db.metrics.names(session)
