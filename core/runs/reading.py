"""Finding runs: by number, by name, by search, by state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

import db.listing
import db.metrics
import db.params
import db.runs
import db.tags
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted
from core.runs.search import parse_search
from core.runs.search_names import Names
from db.engine import Session
from db.filters import AllOf
from db.listing import RunQuery
from db.records import ACTIVE_STATES, RunPage, RunRecord, RunState


def get(context: Context, run_id: int) -> RunRecord:
    """Raises NotFoundError."""
    with context.workspace.read() as session:
        run = db.runs.get(session, run_id)
    if run is None:
        raise NotFoundError(f"There is no run {run_id}. It may have been deleted; the Runs page lists those there are.")
    return run


def get_many(context: Context, run_ids: Iterable[int]) -> list[RunRecord]:
    """Those that exist, in the order asked for."""
    with context.workspace.read() as session:
        return db.runs.get_many(session, run_ids)


def with_uid(context: Context, uid: str) -> RunRecord:
    """Raises NotFoundError."""
    with context.workspace.read() as session:
        run_id = db.runs.with_uid(session, uid)
        run = None if run_id is None else db.runs.get(session, run_id)
    if run is None:
        raise NotFoundError(f"There is no run with the uid {quoted(uid)}. It may have been deleted.")
    return run


def find(context: Context, reference: str) -> RunRecord:
    """The run with this number, uid (or its first 6 or more characters) or name; the newest of that name.

    Raises:
        NotFoundError
    """
    with context.workspace.read() as session:
        found = db.runs.find_ids(session, reference.encode(errors="replace").decode().replace("\0", " "))
    if not found:
        raise NotFoundError(
            f"There is no run {quoted(reference)}. Accepted are a run's number, its uid or the start of it, or its "
            "name; "
            "`python -m core runs` lists them."
        )
    return get(context, found[0])


def listing(context: Context, query: RunQuery, search: str = "", zone: tzinfo | None = None) -> RunPage:
    """One page of the runs that match the query and the search text (see core.runs.search).

    `zone` is the reader's, for days and hours in the search; None for this process's. Raises SearchError.
    """
    with context.workspace.read() as session:
        return db.listing.page(session, _searched(session, query, search, zone))


def folds_together(
    context: Context, query: RunQuery, run_ids: Sequence[int], search: str = "", zone: tzinfo | None = None
) -> Mapping[int, list[int]]:
    """Of those of these runs that are folds, all runs of their cross-validation that match. Raises SearchError."""
    with context.workspace.read() as session:
        return db.listing.together(session, _searched(session, query, search, zone), run_ids)


def matching_ids(context: Context, query: RunQuery, search: str = "", zone: tzinfo | None = None) -> list[int]:
    """Every run that matches, whatever the page. Raises SearchError."""
    with context.workspace.read() as session:
        return db.listing.ids(session, _searched(session, query, search, zone))


def _searched(session: Session, query: RunQuery, search: str, zone: tzinfo | None) -> RunQuery:
    found = parse_search(search, Names.of(session), zone=zone)
    given = [each for each in (query.filter, found) if each is not None]
    return replace(query, filter=AllOf(tuple(given)) if len(given) > 1 else next(iter(given), None))


def active(context: Context) -> list[RunRecord]:
    """Runs that are queued or have a process, first queued first; a queued run's place is its position among them."""
    with context.workspace.read() as session:
        return db.runs.in_states(session, ACTIVE_STATES)


def queue_places(runs: Iterable[RunRecord]) -> dict[int, int]:
    """1 for the run that starts next, by run; of runs as `active` returns them."""
    queued = [run.id for run in runs if run.state is RunState.QUEUED]
    return {run_id: place for place, run_id in enumerate(queued, start=1)}


def experiments(context: Context) -> dict[str, int]:
    """Number of runs by experiment, the one used last first."""
    with context.workspace.read() as session:
        return db.runs.experiments(session)


def all_tags(context: Context) -> list[str]:
    with context.workspace.read() as session:
        return db.tags.every(session)


def column_names(context: Context) -> tuple[list[str], list[str]]:
    """Every param and every metric that some run has: what a table can show."""
    with context.workspace.read() as session:
        return db.params.keys(session), db.metrics.names(session)
