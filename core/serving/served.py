"""Which models are in use: serve one, serve it otherwise, stop."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

import db.events
import db.registry
import db.serving
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted
from core.models.naming import check_text, named
from core.models.registered import get
from core.runs.events import model_event
from core.runs.permissions import Action, require
from core.serving.options import Options, ServingError, options_of
from db.registry_records import ModelRecord
from db.serving_records import ServedRecord as ServedRecord

_TOLD = ("reference", "challenger", "mode", "share")  # in the history


@dataclass(frozen=True)
class Served:
    """A model in use, with all of its versions."""

    record: ServedRecord
    options: Options
    model: ModelRecord


def same_version(model: ModelRecord, options: Options) -> str:
    """Why there is no challenger where it is the version that answers, as once it became the champion; "" otherwise."""
    with contextlib.suppress(NotFoundError):
        main = named(model, options.reference)
        if options.challenger and named(model, options.challenger).id == main.id:
            return (
                f"The challenger, version {main.number}, is the version that answers now: there is no challenger any "
                "more. Choose another one, or none."
            )
    return ""


def serve(context: Context, name: str, options: Options) -> None:
    """Have a model answer, or answer otherwise; the server that is at work sees it within a second.

    Raises:
        NotFoundError: no such model, or no version of the reference or the challenger.
        ModelError: a text that cannot be stored.
        ServingError: the challenger is the version that answers.
        ForbiddenError
    """
    require(context, Action.SERVE)
    check_text(options.title, "title")
    check_text(options.about, "text of the demo page")
    model = get(context, name)
    for reference in filter(None, (options.reference, options.challenger)):
        named(model, reference)
    if same := same_version(model, options):
        raise ServingError(same)
    old = record(context, name)
    before = {key: old.options.get(key) for key in _TOLD} if old else {}
    after = {key: getattr(options, key) for key in (_TOLD if options.challenger else _TOLD[:1])}
    with context.workspace.write() as session:
        db.serving.put(session, model.id, options.model_dump(), context.actor.name)
        db.events.add(session, [model_event(context, Action.SERVE, name, before, {"served": "yes", **after})])


def stop(context: Context, name: str) -> None:
    """Raises NotFoundError: it is not served; ForbiddenError."""
    require(context, Action.SERVE)
    found = record(context, name)
    if found is None:
        raise NotFoundError(f"Model {quoted(name)} is not served. python -m core models lists all models.")
    with context.workspace.write() as session:
        db.serving.remove(session, found.model_id)
        told = {"served": "yes"}, {"served": "no"}
        db.events.add(session, [model_event(context, Action.SERVE, name, *told)])


def everything(context: Context, only: Mapping[str, Options] | None = None) -> list[Served]:
    """All that is served and can be read; or these models, as they are to be served, whatever the store says."""
    with context.workspace.read() as session:
        if only is not None:
            models = [(db.registry.find(session, name), options) for name, options in only.items()]
            return [Served(ServedRecord(each.id, each.name), options, each) for each, options in models if each]
        found = []
        for each in db.serving.served(session):
            model = db.registry.find(session, each.model)
            with contextlib.suppress(ServingError):
                if model is not None:
                    found.append(Served(each, options_of(each.options), model))
        return found


def listing(context: Context) -> list[ServedRecord]:
    """By name."""
    with context.workspace.read() as session:
        return db.serving.served(session)


def record(context: Context, name: str) -> ServedRecord | None:
    """None where it is not served."""
    return next((each for each in listing(context) if each.model == name), None)
