"""Names that point at versions: champion, challenger, any other. Where they pointed before is in the history."""

import db.events
import db.registry
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted, suggestion
from core.models.naming import check_alias
from core.models.registered import get
from core.runs.events import model_event
from core.runs.permissions import Action, require
from db.engine import Session
from db.registry_records import VersionRecord


def point(context: Context, version: VersionRecord, alias: str) -> VersionRecord | None:
    """Have an alias point at the version; returns that at which it pointed before, None for none.

    Raises:
        ModelError: the alias has a name that is not accepted.
        NotFoundError: the version was deleted in the meantime.
        ForbiddenError
    """
    require(context, Action.POINT)
    check_alias(alias)
    with context.workspace.write() as session:
        model = db.registry.find(session, version.model)
        if model is None or version.id not in [each.id for each in model.versions]:
            raise NotFoundError(f"{version.title} was deleted in the meantime. Choose another version.")
        before = model.aliases.get(alias)
        move(context, session, version, alias, before)
    return before


def move(
    context: Context, session: Session, version: VersionRecord, alias: str, before: VersionRecord | None = None
) -> None:
    """Of an alias that pointed at `before`, in the transaction that is under way; it goes into the model's history."""
    db.registry.point(session, alias, version)
    old = {alias: before.number} if before else {}
    db.events.add(session, [model_event(context, Action.POINT, version.model, old, {alias: version.number})])


def drop_alias(context: Context, name: str, alias: str) -> None:
    """Remove an alias; the version stays.

    Raises:
        NotFoundError: no such model, or it has no such alias.
        ForbiddenError
    """
    require(context, Action.POINT)
    model = get(context, name)
    if alias not in model.aliases:
        has = f"It has {', '.join(model.aliases)}" if model.aliases else "It has none"
        raise NotFoundError(f"Model {name} has no alias {quoted(alias)}{suggestion(alias, model.aliases)}. {has}.")
    with context.workspace.write() as session:
        db.registry.drop_alias(session, model.id, alias)
        old = {alias: model.aliases[alias].number}
        db.events.add(session, [model_event(context, Action.POINT, name, old, {alias: None})])
