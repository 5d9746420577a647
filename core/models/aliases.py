"""Names that point at versions: champion, challenger, any other. Where they pointed before is in the history."""

from typing import Any

import db.events
import db.registry
from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from core.common.text import quoted, suggestion
from core.models.gates import Finding, findings, require_passed
from core.models.naming import check_alias, check_text
from core.models.registered import get
from core.runs.events import model_event
from core.runs.permissions import Action, require
from db.registry_records import ModelRecord, VersionRecord


def point(context: Context, version: VersionRecord, alias: str, approval: str = "") -> VersionRecord | None:
    """Have an alias point at the version; returns that at which it pointed before, None for none.

    Args:
        approval: why the version may have it though it does not pass the alias's gate; kept with who said so.

    Raises:
        ModelError: the alias has a name that is not accepted.
        GateError: the version does not pass.
        NotFoundError: the version was deleted in the meantime.
        StateError: the gate, or the version that it was set beside, is another by now.
        ForbiddenError
    """
    require(context, Action.POINT)
    check_alias(alias)
    check_text(approval, "reason")
    judged = get(context, version.model)
    passing = findings(context, judged, version, alias)
    if not approval.strip():
        require_passed(version, alias, passing)
    with context.workspace.write() as session:
        model = db.registry.find_locked(session, version.model)
        if model is None or version.id not in [each.id for each in model.versions]:
            raise NotFoundError(f"{version.title} was deleted in the meantime. Choose another version.")
        if _judged_by(model, alias) != _judged_by(judged, alias):
            raise StateError(
                f"The gate of {alias} of {model.name}, or the version that has it, changed meanwhile. Look at it, and "
                "try again."
            )
        before = model.aliases.get(alias)
        db.registry.point(session, alias, version)
        old = {alias: before.number} if before else {}
        new = {alias: version.number, **_told(passing, approval)}
        db.events.add(session, [model_event(context, Action.POINT, version.model, old, new)])
    return before


def _judged_by(model: ModelRecord, alias: str) -> tuple[dict[str, Any] | None, int | None]:
    """What a finding of the gate depends on, but for the version itself."""
    rules, holder = model.gates.get(alias), model.aliases.get(alias)
    return rules, holder.id if rules and holder else None


def _told(passing: list[Finding], approval: str) -> dict[str, str]:
    """Of the gate, for the history."""
    if failed := [each.text for each in passing if not each.passed]:
        return {"approved": approval.strip(), "though": " ".join(failed)}
    return {"gate": "passed"} if passing else {}


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
