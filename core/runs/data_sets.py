"""Data sets that people add and remove: core.data.library, with who may do it and the history."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import db.events
from core.common.context import Context
from core.common.errors import DataError
from core.data import library
from core.data.library import Manifest, Options, Progress, Upload
from core.data.library.read_options import silent
from core.data.library.renaming import Names
from core.runs.events import data_event
from core.runs.permissions import Action, require


def add(
    context: Context, kind: str, name: str, path: Path, options: Options | None = None, progress: Progress = silent
) -> Manifest:
    """From a file or folder on this host: all of it or nothing; see core.data.library.

    Raises:
        ForbiddenError, DataError: nothing was added.
        StoreError: it was added, and only the history does not say so.
    """
    require(context, Action.ADD_DATA)
    settings = context.workspace.settings.model_copy(update={"user": context.actor.name})  # whom the manifest names
    manifest = library.add(settings, kind, name, path, options, progress)
    _note(context, Action.ADD_DATA, manifest.name, {}, _told(manifest))
    return manifest


def remove(context: Context, name: str) -> None:
    """For ever; runs that learned from it keep their results.

    Raises:
        ForbiddenError, DataError: it is still there.
        StoreError: it was removed, and only the history does not say so.
    """
    require(context, Action.REMOVE_DATA)
    try:
        removed = _told(library.get(context.workspace.settings, name))
    except DataError:  # damaged, which is why it is removed; if there is none, removing it says so
        removed = {"title": name}
    library.remove(context.workspace.settings, name)
    _note(context, Action.REMOVE_DATA, name, removed, {})


def rename_classes(context: Context, name: str, names: Names) -> Manifest:
    """By label or in order, see core.data.library.renaming. Runs of before keep the names in their results.

    Raises:
        ForbiddenError, DataError: they are called as before.
        StoreError: they were renamed, and only the history does not say so.
    """
    require(context, Action.EDIT_DATA)
    before = library.get(context.workspace.settings, name).info.class_names
    manifest = library.rename_classes(context.workspace.settings, name, names)
    after = manifest.info.class_names
    changed = [place for place, old in enumerate(before) if after[place] != old]
    told = [", ".join(each[place] for place in changed) for each in (before, after)]
    _note(context, Action.EDIT_DATA, name, {"classes": told[0]}, {"classes": told[1]})
    return manifest


async def receive(context: Context, inbox: str, name: str, size: int, pieces: AsyncIterator[bytes]) -> Upload:
    """A file that a browser sends, to be added later. Raises ForbiddenError, NotFoundError, DataError."""
    require(context, Action.ADD_DATA)
    return await library.receive(context.workspace.settings, inbox, name, size, pieces)


def _note(context: Context, action: Action, name: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    with context.workspace.write() as session:
        db.events.add(session, [data_event(context, action, name, before, after)])


def _told(manifest: Manifest) -> dict[str, Any]:
    """What tells this data set from another of the same name."""
    return {
        "kind": manifest.kind,
        "title": manifest.title,
        "origin": manifest.origin,
        "bytes": manifest.bytes,
        "fingerprint": manifest.fingerprint,
    }
