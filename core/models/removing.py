"""Delete versions and models, with what they keep. What an alias points at is in use, so that is asked for first."""

import db.events
import db.registry
from core.common.context import Context
from core.common.errors import StateError
from core.models import version_files
from core.models.naming import named
from core.models.registered import get
from core.runs.events import model_event
from core.runs.location import is_this_host
from core.runs.permissions import Action, require
from db.registry_records import ModelRecord, VersionRecord


def delete_version(context: Context, name: str, number: int) -> int:
    """For good; returns how many bytes the disk got back. Its run stays as it is.

    Raises:
        NotFoundError
        StateError: an alias points at it, or its files cannot be removed.
        ForbiddenError
    """
    require(context, Action.DELETE_MODEL)
    version = named(get(context, name), str(number))
    _refuse_in_use(version.title, version.aliases)
    told = {"version": number, "run": version.run_id, "checkpoint": version.checkpoint}
    with context.workspace.write() as session:
        now = db.registry.find(session, name)  # an alias may have come in the meantime
        _refuse_in_use(version.title, next((v.aliases for v in now.versions if v.id == version.id), ()) if now else ())
        db.registry.delete_version(session, version.id)
        db.events.add(session, [model_event(context, Action.DELETE_MODEL, name, told, {})])
    return _removed(context, [version])


def delete_model(context: Context, name: str) -> int:
    """With all of its versions, as `delete_version`."""
    require(context, Action.DELETE_MODEL)
    model = get(context, name)
    _refuse_in_use(f"Model {name}", tuple(model.aliases))
    with context.workspace.write() as session:
        now = db.registry.find(session, name)
        _refuse_in_use(f"Model {name}", tuple(now.aliases) if now else ())
        db.registry.delete_model(session, model.id)
        db.events.add(session, [model_event(context, Action.DELETE_MODEL, name, _told(model), {})])
    return _removed(context, model.versions)


def _told(model: ModelRecord) -> dict[str, object]:
    return {"model": model.name, "versions": [version.number for version in model.versions]}


def _refuse_in_use(what: str, aliases: tuple[str, ...]) -> None:
    if aliases:
        names = " and ".join(aliases)
        raise StateError(
            f"{what} is in use under the name{'s' if len(aliases) > 1 else ''} {names}. Move or remove "
            f"{'them' if len(aliases) > 1 else 'it'} first, then delete."
        )


def _removed(context: Context, versions: tuple[VersionRecord, ...] | list[VersionRecord]) -> int:
    settings = context.workspace.settings
    freed = 0
    for version in versions:
        if not is_this_host(settings, version.host):
            continue
        place = version_files.folder(settings, version.model_id, version.number)
        size, reason = version_files.removed(place)
        freed += size
        if reason:
            raise StateError(f"{version.title} is deleted, but its files could not be removed: {reason}.")
    return freed
