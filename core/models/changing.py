"""Descriptions, stages, notes and cards: what people say of models and versions."""

from typing import Any

import db.events
import db.registry
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted, suggestion
from core.models.naming import ModelError, check_text
from core.models.registered import get
from core.runs.events import model_event
from core.runs.permissions import Action, require
from db.registry_records import Stage, VersionRecord


def set_stage(context: Context, version: VersionRecord, stage: str) -> None:
    """Raises ModelError for another stage than those of `Stage`, NotFoundError, ForbiddenError."""
    if stage not in set(Stage):
        raise ModelError(f"{quoted(stage)} is no stage{suggestion(stage, Stage)}; accepted are {', '.join(Stage)}.")
    _change(context, version, stage=stage)


def annotate(context: Context, version: VersionRecord, note: str) -> None:
    """Raises ModelError for a text that cannot be stored, NotFoundError, ForbiddenError."""
    check_text(note, "note")
    _change(context, version, note=note)


def edit_card(context: Context, version: VersionRecord, card: str) -> None:
    """Put a text in the card's place; the one written from the facts is kept, and "" takes it back.

    Raises ModelError for a text that cannot be stored, NotFoundError, ForbiddenError.
    """
    check_text(card, "card")
    _change(context, version, edited_card="" if card.strip() == version.card.strip() else card)


def describe(context: Context, name: str, description: str) -> None:
    """What the model is for. Raises ModelError, NotFoundError, ForbiddenError."""
    require(context, Action.EDIT_MODEL)
    check_text(description, "description")
    model = get(context, name)
    with context.workspace.write() as session:
        db.registry.describe(session, model.id, description)
        told = {"description": model.description}, {"description": description}
        db.events.add(session, [model_event(context, Action.EDIT_MODEL, name, *told)])


def _change(context: Context, version: VersionRecord, **values: str) -> None:
    require(context, Action.EDIT_MODEL)
    of: dict[str, Any] = {"version": version.number}
    before = of | {name: str(getattr(version, name)) for name in values}
    with context.workspace.write() as session:
        if not db.registry.change_version(session, version.id, **values):
            raise NotFoundError(f"{version.title} was deleted in the meantime. Choose another version.")
        db.events.add(session, [model_event(context, Action.EDIT_MODEL, version.model, before, of | values)])
