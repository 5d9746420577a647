"""Delete versions and models, with what they keep. What an alias points at is in use, so that is asked for first."""

import contextlib
from collections.abc import Sequence

import db.events
import db.registry
import db.serving
from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from core.models import origin, version_files
from core.models.naming import named
from core.models.registered import get
from core.runs.events import model_event
from core.runs.location import is_this_host
from core.runs.permissions import Action, require
from db.registry_records import VersionRecord
from db.serving_records import ServedRecord


def delete_version(context: Context, name: str, number: int) -> int:
    """For good; returns how many bytes the disk got back. Its run stays as it is.

    Raises:
        NotFoundError
        StateError: an alias points at it, it is served, or its files are on another host or cannot be removed.
        ForbiddenError
    """
    require(context, Action.DELETE_MODEL)
    wanted = named(get(context, name), str(number)).id
    with context.workspace.write() as session:
        model = db.registry.find_locked(session, name)
        version = next((each for each in model.versions if each.id == wanted), None) if model else None
        if version is None:
            raise NotFoundError(f"{name}@{number} was deleted in the meantime. Choose another version.")
        _refuse(context, version.title, version.aliases, [version])
        roles = _served(db.serving.served(session), version.model_id)
        _refuse_served(name, version.title, [role for role, used in roles.items() if used == str(version.number)])
        db.registry.delete_version(session, version.id)
        told = {"version": number, **origin.told(version)}
        db.events.add(session, [model_event(context, Action.DELETE_MODEL, name, told, {})])
    return _removed(context, [version])


def delete_model(context: Context, name: str) -> int:
    """With all of its versions, as `delete_version`."""
    require(context, Action.DELETE_MODEL)
    wanted = get(context, name).id
    with context.workspace.write() as session:
        model = db.registry.find_locked(session, name)
        if model is None or model.id != wanted:
            raise NotFoundError(f"Model {name} was deleted in the meantime. Choose another model.")
        _refuse(context, f"Model {name}", tuple(model.aliases), model.versions)
        _refuse_served(name, f"Model {name}", [""] if _served(db.serving.served(session), model.id) else [])
        db.registry.delete_model(session, model.id)
        told = {"model": name, "versions": [version.number for version in model.versions]}
        db.events.add(session, [model_event(context, Action.DELETE_MODEL, name, told, {})])
    freed = _removed(context, model.versions)
    with contextlib.suppress(OSError):  # it holds what was set aside, or was never there
        (context.workspace.settings.models_dir / str(model.id)).rmdir()
    return freed


def _refuse(context: Context, what: str, aliases: Sequence[str], versions: Sequence[VersionRecord]) -> None:
    """Raises StateError where an alias points at it, or its files are where this host cannot remove them."""
    if aliases:
        names = " and ".join(aliases)
        raise StateError(
            f"{what} is in use under the name{'s' if len(aliases) > 1 else ''} {names}. Move or remove "
            f"{'them' if len(aliases) > 1 else 'it'} first, then delete."
        )
    settings = context.workspace.settings
    away = [version for version in versions if not is_this_host(settings, version.host)]
    if away:
        titles = ", ".join(version.title for version in away)
        hosts = " and ".join(sorted({version.host for version in away}))
        raise StateError(f"The files of {titles} are on host {hosts}. Delete it in the dashboard of that host.")


def _served(records: Sequence[ServedRecord], model_id: int) -> dict[str, str]:
    """Which versions are in use, as they are named, by what they do; a model that is not served has none."""
    options = next((each.options for each in records if each.model_id == model_id), None)
    if options is None:
        return {}
    told = {" as the version that answers": "reference", " as its challenger": "challenger"}
    return {role: str(options.get(key, "")).strip() for role, key in told.items()}


def _refuse_served(name: str, what: str, roles: Sequence[str]) -> None:
    """Raises StateError where there is a role."""
    if roles:
        raise StateError(
            f"{what} is served{roles[0]}. Stop serving it first (python -m core models unserve {name}), or serve "
            "another version, then delete."
        )


def _removed(context: Context, versions: Sequence[VersionRecord]) -> int:
    freed, left = 0, []
    for version in versions:
        place = version_files.folder(context.workspace.settings, version.model_id, version.number)
        size, reason = version_files.removed(place)
        freed += size
        left += [f"{version.title}: {reason}"] if reason else []
    if left:
        raise StateError(f"Deleted, but some files could not be removed; remove them by hand. {'; '.join(left)}.")
    return freed
