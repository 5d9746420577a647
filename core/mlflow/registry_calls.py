"""Calls about registered models and their versions, on Traindeck's own registry.

Names that Traindeck does not accept are written as it does, and told as the client wrote them: `My Model`, `my-model`.
"""

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

from core import models
from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from core.mlflow import shapes
from core.mlflow.artifact_paths import REGISTERED
from core.mlflow.asked import Asked
from core.mlflow.entity_rules import MOST_REGISTRY_TAG, check_alias_name, check_tag
from core.mlflow.mlflow_error import EXISTS, MISSING, MlflowError
from core.models import from_clients
from core.models.naming import slug
from db.registry_records import ModelRecord, Stage, VersionRecord

NAME = "mlflow.registeredModelName"  # a tag: how the client wrote it
_HIDDEN = (NAME,)
_STAGES = {"None": Stage.NONE, "Staging": Stage.STAGING, "Production": Stage.PRODUCTION, "Archived": Stage.ARCHIVED}


def find(context: Context, name: str) -> ModelRecord:
    """By the name that its client gave it, or by ours. Raises MlflowError."""
    found = _named(context, name)
    if found is None:
        raise MlflowError(f"Registered Model with name={name} not found", MISSING)
    return found


def _named(context: Context, name: str) -> ModelRecord | None:
    with contextlib.suppress(NotFoundError):
        likely = models.get(context, slug(name))
        if name_of(likely) == name:
            return likely
    every = models.listing(context)
    given = [model for model in every if name_of(model) == name]
    return next(iter([*given, *(model for model in every if model.name == name)]), None)


def version_of(context: Context, asked: Asked) -> VersionRecord:
    """By `name` and `version`. Raises MlflowError."""
    asked.need("name", "version")
    number = asked.whole("version")
    model = find(context, asked.text("name"))
    found = next((each for each in model.versions if each.number == number), None)
    if found is None:
        raise MlflowError(f"Model Version (name={asked.text('name')}, version={number}) not found", MISSING)
    return found


def name_of(model: ModelRecord) -> str:
    return str(model.tags.get(NAME, model.name))


def shown_model(model: ModelRecord) -> dict[str, Any]:
    latest = {version.stage: version for version in reversed(model.versions)}
    changed = max([model.created_at, *(version.created_at for version in model.versions)])
    return {
        "name": name_of(model),
        "creation_timestamp": shapes.millis(model.created_at),
        "last_updated_timestamp": shapes.millis(changed),
        "user_id": model.created_by,
        "description": model.description,
        "latest_versions": [shown_version(each, name_of(model)) for each in latest.values()],
        "tags": _tags(model.tags),
        "aliases": [{"alias": alias, "version": str(each.number)} for alias, each in sorted(model.aliases.items())],
    }


def shown_version(version: VersionRecord, name: str) -> dict[str, Any]:
    stage = next(theirs for theirs, ours in _STAGES.items() if ours is version.stage)
    model_id = version.facts.get("model_id", "")
    return {
        "name": name,
        "version": str(version.number),
        "creation_timestamp": shapes.millis(version.created_at),
        "last_updated_timestamp": shapes.millis(version.created_at),
        "user_id": version.created_by,
        "current_stage": stage,
        "description": version.note,
        "source": source_of(version),
        "run_id": version.run_uid,
        "status": "READY",
        "run_link": version.facts.get("run_link", ""),
        "tags": _tags(version.tags),
        "aliases": list(version.aliases),
        **({"model_id": model_id} if model_id else {}),
    }


def source_of(version: VersionRecord) -> str:
    return str(version.facts.get("source", "")) or kept_at(version)


def kept_at(version: VersionRecord) -> str:
    return f"{shapes.PROXIED}/{REGISTERED}/{version.model_id}/{version.number}"


def _tags(tags: dict[str, Any]) -> list[dict[str, str]]:
    return shapes.pairs((key, value) for key, value in tags.items() if key not in _HIDDEN)


def create(context: Context, asked: Asked) -> dict[str, Any]:
    name = asked.needed("name")
    _check_name(name)
    tags = dict(asked.pairs("tags"))
    for key, value in tags.items():
        check_tag(key, value, most=MOST_REGISTRY_TAG)
    known = models.listing(context)
    if any(name_of(model) == name for model in known):
        raise MlflowError(f"Registered Model (name={name}) already exists.", EXISTS)
    taken = {model.name for model in known}
    ours = next(text for text in _likely(slug(name)) if text not in taken)
    try:
        model = from_clients.create(
            context, ours, asked.text("description"), tags if ours == name else {**tags, NAME: name}
        )
    except StateError as error:
        raise MlflowError(f"Registered Model (name={name}) already exists.", EXISTS) from error
    return {"registered_model": shown_model(model)}


def _likely(ours: str) -> Iterator[str]:
    """Names of ours for one of theirs, since two of theirs may come to the same."""
    yield ours
    for number in itertools.count(2):
        yield f"{ours[:58]}-{number}"


def _check_name(name: str) -> None:
    if "/" in name or ":" in name:
        raise MlflowError(f"Invalid name: '{name}'. Registered model name cannot contain '/' or ':'.")


def get(context: Context, asked: Asked) -> dict[str, Any]:
    return {"registered_model": shown_model(find(context, asked.needed("name")))}


def update(context: Context, asked: Asked) -> dict[str, Any]:
    model = find(context, asked.needed("name"))
    models.describe(context, model.name, asked.text("description"))
    return get(context, asked)


def rename(context: Context, asked: Asked) -> dict[str, Any]:
    """For clients: our own name stays, since it stands in addresses and in the history."""
    model, new = find(context, asked.needed("name")), asked.needed("new_name")
    _check_name(new)
    other = _named(context, new)
    if other is not None and other.id != model.id:
        raise MlflowError(f"Registered Model (name={new}) already exists.", EXISTS)
    from_clients.put_tags(context, model.name, None, {NAME: new})
    return {"registered_model": shown_model(find(context, new))}


def delete(context: Context, asked: Asked) -> dict[str, Any]:
    model = find(context, asked.needed("name"))
    for alias in model.aliases:
        models.drop_alias(context, model.name, alias)
    models.delete_model(context, model.name)
    return {}


def set_tag(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("name", "key")
    _put(context, asked, None, find(context, asked.text("name")).name)
    return {}


def set_version_tag(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("name", "version", "key")
    version = version_of(context, asked)
    _put(context, asked, version.number, version.model)
    return {}


def _put(context: Context, asked: Asked, number: int | None, name: str) -> None:
    key, value = asked.text("key"), asked.text("value")
    check_tag(key, value, most=MOST_REGISTRY_TAG)
    from_clients.put_tags(context, name, number, {key: value})


def delete_tag(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("name", "key")
    from_clients.put_tags(context, find(context, asked.text("name")).name, None, {}, [asked.text("key")])
    return {}


def delete_version_tag(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("name", "version", "key")
    version = version_of(context, asked)
    from_clients.put_tags(context, version.model, version.number, {}, [asked.text("key")])
    return {}


def get_version(context: Context, asked: Asked) -> dict[str, Any]:
    return {"model_version": shown_version(version_of(context, asked), asked.text("name"))}


def update_version(context: Context, asked: Asked) -> dict[str, Any]:
    models.annotate(context, version_of(context, asked), asked.text("description"))
    return get_version(context, asked)


def delete_version(context: Context, asked: Asked) -> dict[str, Any]:
    version = version_of(context, asked)
    for alias in version.aliases:
        models.drop_alias(context, version.model, alias)
    models.delete_version(context, version.model, version.number)
    return {}


def transition(context: Context, asked: Asked) -> dict[str, Any]:
    version, text = version_of(context, asked), asked.needed("stage")
    stage = {name.lower(): ours for name, ours in _STAGES.items()}.get(text.lower())
    if stage is None:
        raise MlflowError(f"Invalid Model Version stage: {text}. Value must be one of {', '.join(_STAGES)}.")
    if asked.flag("archive_existing_versions"):
        if stage not in (Stage.STAGING, Stage.PRODUCTION):
            raise MlflowError(
                "Model version transition cannot archive existing model versions because '"
                f"{text}' is not an Active stage. Valid stages are Staging and Production."
            )
        for other in find(context, asked.text("name")).versions:
            if other.stage is stage and other.id != version.id:
                models.set_stage(context, other, Stage.ARCHIVED)
    models.set_stage(context, version, stage)
    return get_version(context, asked)


def download_uri(context: Context, asked: Asked) -> dict[str, Any]:
    """Ours wherever the files are kept here: they stay when the run and its files go."""
    version = version_of(context, asked)
    kept = from_clients.files_of(context, version)
    return {"artifact_uri": kept_at(version) if kept.is_dir() else source_of(version)}


def latest(context: Context, asked: Asked) -> dict[str, Any]:
    model = find(context, asked.needed("name"))
    wanted = [text.lower() for text in asked.texts("stages")]
    unknown = [text for text in wanted if text not in [name.lower() for name in _STAGES]]
    if unknown:
        raise MlflowError(f"Invalid Model Version stage: {unknown[0]}. Value must be one of {', '.join(_STAGES)}.")
    found = [
        each for each in shown_model(model)["latest_versions"] if not wanted or each["current_stage"].lower() in wanted
    ]
    return {"model_versions": found}


def set_alias(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("name", "alias", "version")
    alias = asked.text("alias")
    check_alias_name(alias)
    models.point(context, version_of(context, asked), alias.lower())
    return {}


def delete_alias(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("name", "alias")
    model, alias = find(context, asked.text("name")), asked.text("alias").lower()
    if alias in model.aliases:
        models.drop_alias(context, model.name, alias)
    return {}


def by_alias(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("name", "alias")
    model, alias = find(context, asked.text("name")), asked.text("alias")
    version = model.aliases.get(alias.lower())
    if version is None:
        raise MlflowError(f"Registered model alias {alias} not found.", "INVALID_PARAMETER_VALUE")
    return {"model_version": shown_version(version, name_of(model))}
