"""What is in the registry."""

from collections.abc import Iterable

import db.events
import db.registry
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted, suggestion
from core.models.naming import named, split
from core.runs.events import SHOWN
from db.records import EventRecord
from db.registry_records import ModelRecord, VersionRecord

_TOLD = 5  # versions in a sentence


def listing(context: Context) -> list[ModelRecord]:
    """All models, the one with the newest version first."""
    with context.workspace.read() as session:
        return db.registry.models(session)


def descriptions(context: Context) -> dict[str, str]:
    """Of every model by its name: for what only names models, often."""
    with context.workspace.read() as session:
        return db.registry.descriptions(session)


def get(context: Context, name: str) -> ModelRecord:
    """Raises NotFoundError."""
    with context.workspace.read() as session:
        found = db.registry.find(session, name)
        known = [] if found else list(db.registry.descriptions(session))
    if found is None:
        there = f" There are {', '.join(known[:20])}." if known else " None is registered yet."
        raise NotFoundError(f"There is no model {quoted(name)}{suggestion(name, known)}.{there}")
    return found


def find(context: Context, reference: str) -> VersionRecord:
    """A version as people write it: digits@3, digits@champion, or digits for its champion.

    Raises ModelError, NotFoundError.
    """
    name, version = split(reference)
    return named(get(context, name), version)


def of_runs(context: Context, run_ids: Iterable[int]) -> list[VersionRecord]:
    """Versions made of these runs, also of runs that were deleted since."""
    with context.workspace.read() as session:
        return db.registry.versions_of_runs(session, run_ids)


def parents(context: Context, version: VersionRecord) -> list[VersionRecord]:
    """Versions made of the runs whose weights this one's run began from, or whose answers it learned from."""
    begun = [version.facts.get(name) for name in ("fine_tuned_from", "distilled_from")]
    uids = [each["uid"] for each in begun if isinstance(each, dict) and isinstance(each.get("uid"), str)]
    if not uids:
        return []
    with context.workspace.read() as session:
        return db.registry.versions_of_uids(session, list(dict.fromkeys(uids)))


def history(context: Context, name: str, limit: int = SHOWN) -> list[EventRecord]:
    """Who did what to a model, in the order in which it came about."""
    with context.workspace.read() as session:
        return db.events.of(session, "model", name, limit)


def kept_told(context: Context, run_ids: Iterable[int]) -> str:
    """Which versions keep what they need of runs that are deleted, in a sentence; "" where none came of them."""
    versions = [each.title for each in of_runs(context, run_ids)]
    if not versions:
        return ""
    more = len(versions) - _TOLD
    names = [*versions[:_TOLD], f"{more:,} more"] if more > 0 else versions
    if len(names) == 1:
        return f"{names[0]} keeps the network and all that it needs."
    return f"{', '.join(names[:-1])} and {names[-1]} keep their networks and all that they need."
