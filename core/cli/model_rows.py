"""Models and versions as `python -m core models` prints them: rows of tables, and JSON."""

from typing import Any

from core.cli.output import ago, utc
from core.models import origin
from core.models.scores import beside_baselines, figures, main_score
from core.runs.data_names import named_data
from db.registry_records import ModelRecord, VersionRecord


def when(moment: float | None, exact: bool) -> str:
    return utc(moment) if exact else ago(moment)


def version_row(version: VersionRecord, *, exact: bool) -> list[object]:
    score = main_score(version)
    value = score.value if score else None
    return [
        *(version.number, ", ".join(version.aliases), version.stage.value, score.name if score else ""),
        *(
            value,
            origin.in_row(version) if exact else origin.label(version),
            named_data(version.config),
            version.network_size,
            when(version.created_at, exact),
        ),
        *(version.created_by, version.note),
    ]


def model_json(model: ModelRecord) -> dict[str, Any]:
    return {
        "name": model.name,
        "description": model.description,
        "aliases": {alias: version.number for alias, version in model.aliases.items()},
        "versions": [version.number for version in model.versions],
        "created_by": model.created_by,
        "created_at": utc(model.created_at),
    }


def version_json(version: VersionRecord) -> dict[str, Any]:
    verdict = beside_baselines(version)
    return {
        "model": version.model,
        "version": version.number,
        "aliases": list(version.aliases),
        "stage": version.stage.value,
        "note": version.note,
        "run": {"id": version.run_id, "uid": version.run_uid, "name": version.run_name},
        "experiment": version.experiment,
        "checkpoint": version.checkpoint,
        "members": [vars(each) for each in origin.members(version)],
        "uploaded": version.facts.get("uploaded"),
        "sha256": version.sha256,
        "bytes": version.size,
        "network_bytes": version.network_size,
        "pruned": version.facts.get("pruned"),
        "zipped_weights": version.facts.get("zipped_weights"),
        "data_set": named_data(version.config),
        "data_fingerprint": version.facts.get("data_fingerprint"),
        "code": version.facts.get("git_commit"),
        "fine_tuned_from": version.facts.get("fine_tuned_from"),
        "metrics": figures(version),
        "verdict": {"standing": verdict.standing, "text": verdict.text} if verdict else None,
        "created_by": version.created_by,
        "created_at": utc(version.created_at),
    }
