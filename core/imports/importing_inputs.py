"""Storing what a run names beside its values: data sets, logged models with their files, tags of its experiment."""

import time
from pathlib import Path

import db.experiments
import db.logged_models
from core.common.errors import DataError
from core.common.settings import Settings
from core.imports.found_run import FoundRun, NamedModel, safe
from core.imports.kept_files import keep_file
from core.runs.sent_files import OTHERS
from db.engine import Session
from db.logged_models import LoggedModelRecord

_MOST_TAG = 5000  # characters


def put_named(session: Session, run_id: int, found: FoundRun) -> int | None:
    """Their rows; what is here already stays as it is. The experiment's number, None where it was renamed since."""
    experiment = db.experiments.named(session, found.experiment)
    if experiment is None:
        return None
    tags = {key[:250]: value[:_MOST_TAG] for key, value in found.experiment_tags.items() if key}
    db.experiments.put_tags(session, experiment.id, {**tags, **experiment.tags} if tags else {})
    described = [(each.name, each.digest, each.context, each.told) for each in found.data_sets]
    db.logged_models.put_inputs(session, run_id, described)
    for model in found.models:
        _put(session, model, experiment.id)
        db.logged_models.put_models(session, run_id, model.role, [(model.id, model.step)])
    return experiment.id


def keep_model_files(settings: Settings, experiment: int, found: FoundRun) -> int:
    """How many came. Raises OSError."""
    place = settings.home / OTHERS / str(experiment) / "models"
    return sum(_keep_files(place / model.id / "artifacts", model, found) for model in found.models)


def _put(session: Session, model: NamedModel, experiment: int) -> None:
    if db.logged_models.find(session, model.id) is None:
        now = time.time()
        db.logged_models.add(
            session,
            LoggedModelRecord(
                model.id, experiment, model.name, model.status, model.created_at or now, model.updated_at or now,
                model.type, model.made_by, tags=model.tags, params=model.params, metrics=model.metrics,
            ),
        )  # fmt: skip


def _keep_files(place: Path, model: NamedModel, found: FoundRun) -> int:
    count = 0
    for file in model.files:
        target = place.joinpath(*safe(file.path).parts)
        try:
            count += keep_file(target, file.content, model.updated_at or None)
        except DataError:
            found.left_out["files that the server does not give"] += 1
    return count
