"""Models and versions that clients of MLflow register: kept as the files that they logged, which nothing here reads."""

import os
import shutil
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import db.events
import db.registry
from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from core.common.text import quoted
from core.models import version_files
from core.models.naming import check_name, check_text
from core.models.origin import LOGGED
from core.models.registered import get
from core.runs.events import model_event
from core.runs.permissions import Action, require
from db.registry_records import ModelRecord, VersionRecord

FOLDER = "mlflow"  # of a version's, with what its client logged


def create(context: Context, name: str, description: str, tags: Mapping[str, str]) -> ModelRecord:
    """A model without a version yet.

    Raises:
        ModelError: the name or the description is not accepted.
        StateError: there is one of this name.
        ForbiddenError
    """
    require(context, Action.REGISTER)
    check_name(name)
    check_text(description, "description")
    with context.workspace.write() as session:
        if db.registry.find(session, name) is not None:
            raise StateError(f"There is a model {quoted(name)} already. Add a version to it, or take another name.")
        db.registry.add_model(session, name, description, context.actor.name, dict(tags))
        told = {"description": description}
        db.events.add(session, [model_event(context, Action.REGISTER, name, {}, told)])
    return get(context, name)


def keep(
    context: Context, model: ModelRecord, files: Path | None, facts: Mapping[str, Any], values: Mapping[str, Any]
) -> VersionRecord:
    """The next version of a model, with a copy of a folder, which takes no room as long as that is there in `home`.

    Args:
        facts: what the client said of it: its source above all.
        values: other columns: run_id, run_uid, run_name, experiment, note, tags.

    Raises:
        NotFoundError: the model was deleted in the meantime.
        ForbiddenError
    """
    require(context, Action.REGISTER)
    check_text(str(values.get("note", "")), "note")
    found = files.rglob("*") if files else ()
    size = sum(each.stat().st_size for each in found if each.is_file() and not each.is_symlink())
    card = f"# {model.name}\n\nLogged by a client of MLflow as `{facts.get('source', '')}`.\n"
    columns = {
        **{"run_id": 0, "run_uid": "", "run_name": "", "experiment": "", "config": {}, "metrics": {}, "tags": {}},
        **values,
        **{"checkpoint": LOGGED, "sha256": "", "size": size, "host": socket.gethostname(), "card": card},
        **{"facts": dict(facts), "created_by": context.actor.name},
    }
    with context.workspace.write() as session:
        if db.registry.find_locked(session, model.name) is None:
            raise NotFoundError(f"Model {model.name} was deleted in the meantime.")
        version = db.registry.add_version(session, model.name, columns)
        if files is not None:
            is_ours = files.is_relative_to(context.workspace.settings.home.resolve())
            _copied(files, files_of(context, version), link=is_ours)
        told = {"version": version.number, "source": facts.get("source", "")}
        db.events.add(session, [model_event(context, Action.REGISTER, model.name, {}, told)])
    return version


def files_of(context: Context, version: VersionRecord) -> Path:
    return version_files.folder(context.workspace.settings, version.model_id, version.number) / FOLDER


def _copied(files: Path, place: Path, *, link: bool) -> None:
    """Without symbolic links, which could lead anywhere.

    `link`: where the file system has hard links, by them: what writes there puts another file in place of one.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)

    def linked(source: str, target: str) -> None:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)

    def links(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if Path(folder, name).is_symlink()]

    shutil.copytree(files, place, copy_function=linked if link else shutil.copy2, ignore=links)


def put_tags(
    context: Context, name: str, number: int | None, tags: Mapping[str, str], removed: Iterable[str] = ()
) -> None:
    """Of a model, or of one of its versions. Raises NotFoundError, ForbiddenError."""
    require(context, Action.EDIT_MODEL)
    gone = set(removed)
    with context.workspace.write() as session:
        model = db.registry.find_locked(session, name)
        version = next((each for each in model.versions if each.number == number), None) if model else None
        if model is None or (number is not None and version is None):
            raise NotFoundError(f"There is no {name}{'' if number is None else f'@{number}'}.")
        known = model.tags if version is None else version.tags
        after = {key: value for key, value in {**known, **tags}.items() if key not in gone}
        if version is None:
            db.registry.change_model(session, model.id, tags=after)
        else:
            db.registry.change_version(session, version.id, tags=after)
