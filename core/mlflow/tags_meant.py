"""Tags that mean something here as well: a run's name, notes, user, parent, and where its code came from."""

from collections.abc import Iterable, Mapping
from typing import Any

import db.reported
import db.told_runs
from core.common.context import Context
from core.mlflow import shapes
from core.runs import labels, logged

# What the Facts tab calls them.
_FACTS = {
    "mlflow.source.name": "source",
    "mlflow.source.type": "source type",
    "mlflow.source.git.commit": "commit",
    "mlflow.source.git.branch": "branch",
    "mlflow.source.git.repoURL": "repository",
    "mlflow.project.entryPoint": "entry point",
    "mlflow.docker.image.name": "image",
}


def facts_of(tags: Mapping[str, str]) -> dict[str, Any]:
    return {name: tags[key] for key, name in _FACTS.items() if tags.get(key)}


def put_tags(context: Context, run_id: int, tags: Mapping[str, str], removed: Iterable[str] = ()) -> None:
    """Raises ForbiddenError, NotFoundError."""
    gone = list(removed)
    logged.put_tags(context, run_id, tags, gone)
    changed: dict[str, Any] = {}
    if name := short_line(tags.get(shapes.RUN_NAME, "")):
        changed["name"] = name
    if shapes.NOTE in tags or shapes.NOTE in gone:
        changed["notes"] = tags.get(shapes.NOTE, "")[: labels.MAX_NOTES]
    if tags.get(shapes.USER):
        changed["created_by"] = tags[shapes.USER]
    facts = facts_of(tags)
    parent = tags.get(shapes.PARENT, "")
    if not (changed or facts or parent):
        return
    with context.workspace.write() as session:
        above = db.told_runs.head(session, parent) if parent else None
        if above is not None and above.id != run_id:
            changed["parent_id"] = above.id
        db.reported.describe(session, run_id, facts, **changed)


def short_line(name: str) -> str:
    """As it can stand on one line of a table; the tag has the whole."""
    return "".join(each if each.isprintable() else " " for each in name).strip()[: labels.MAX_NAME]
