"""Calls that search registered models and their versions."""

from typing import Any

from core import models
from core.common.context import Context
from core.mlflow.asked import Asked
from core.mlflow.filter_grammar import Language, ordered, parsed
from core.mlflow.matching_values import Values, matches, paged, sort
from core.mlflow.registry_calls import name_of, shown_model, shown_version, source_of
from db.registry_records import ModelRecord, VersionRecord
from db.run_filters import Order

_MODELS = Language(
    numbers=("creation_timestamp", "timestamp", "last_updated_timestamp"),
    strings=("name",),
    entities=("attribute", "tag"),
)
_VERSIONS = Language(
    numbers=("creation_timestamp", "last_updated_timestamp", "version_number"),
    strings=("name", "run_id", "source_path", "version", "model_id"),
    entities=("attribute", "tag"),
    aliases=(("source", "source_path"),),
)
_NO_PROMPT = {"mlflow.prompt.is_prompt": "false"}  # clients leave prompts out by what this is not
MOST_MODELS, MOST_VERSIONS = 1000, 200_000


def search_models(context: Context, asked: Asked) -> dict[str, Any]:
    most = asked.at_most("max_results", 100, MOST_MODELS)
    node = parsed(asked.text("filter"), _MODELS)
    order = [*ordered(asked.texts("order_by"), _MODELS), Order("attribute", "name")]

    def values(model: ModelRecord) -> Values:
        shown = shown_model(model)
        return Values({**shown, "timestamp": shown["creation_timestamp"]}, {**_NO_PROMPT, **model.tags})

    among = [each for each in models.listing(context) if matches(node, values(each))]
    page, token = paged(sort(among, order, values), asked.text("page_token"), most)
    return {
        "registered_models": [shown_model(each) for each in page],
        **({"next_page_token": token} if token else {}),
    }


def search_versions(context: Context, asked: Asked) -> dict[str, Any]:
    most = asked.at_most("max_results", 10_000, MOST_VERSIONS)
    node = parsed(asked.text("filter"), _VERSIONS)
    order = ordered(asked.texts("order_by"), _VERSIONS)
    order += [Order("attribute", "name"), Order("attribute", "version_number", True)]
    names = {model.name: name_of(model) for model in models.listing(context)}

    def values(version: VersionRecord) -> Values:
        shown = shown_version(version, names[version.model])
        more = {"source_path": source_of(version), "version_number": version.number}
        return Values({**shown, **more, "run_id": version.run_uid}, {**_NO_PROMPT, **version.tags})

    every = [version for model in models.listing(context) for version in model.versions if model.name in names]
    among = [each for each in every if matches(node, values(each))]
    page, token = paged(sort(among, order, values), asked.text("page_token"), most)
    return {
        "model_versions": [shown_version(each, names[each.model]) for each in page],
        **({"next_page_token": token} if token else {}),
    }
