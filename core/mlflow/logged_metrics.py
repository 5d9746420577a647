"""What is measured of logged models: kept with the model, the last value of each metric, data set and step."""

import time
from collections.abc import Sequence
from typing import Any, Protocol

import db.logged_models
from core.common.context import Context
from core.mlflow import shapes
from core.runs.permissions import Action, require

MOST_KEPT = 10_000  # values of a model


class OfModel(Protocol):
    """A value of a metric of a logged model, see logging_calls.Measured."""

    @property
    def key(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def step(self) -> int: ...
    @property
    def model(self) -> str: ...
    @property
    def data_set(self) -> tuple[str, str]: ...


def note_measured(context: Context, run_id: str, measured: Sequence[OfModel]) -> None:
    """Models that are not there are left out. Raises ForbiddenError."""
    if not measured:
        return
    require(context, Action.REPORT)
    with context.workspace.write() as session:
        for key in dict.fromkeys(each.model for each in measured):
            model = db.logged_models.find(session, key)
            if model is None:
                continue
            known = {_key(each): each for each in model.metrics}
            known |= {_key(new): new for each in measured if each.model == key for new in [_told(each, run_id)]}
            kept = list(known.values())[-MOST_KEPT:]
            db.logged_models.change(session, key, metrics=kept, updated_at=time.time())


def _key(each: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(each.get(name) for name in ("key", "dataset_name", "dataset_digest", "step", "timestamp"))


def _told(each: OfModel, run_id: str) -> dict[str, Any]:
    name, digest = each.data_set
    data_set = {"dataset_name": name, "dataset_digest": digest} if name else {}
    shown = {"key": each.key, "value": shapes.number(each.value), "timestamp": each.timestamp, "step": each.step}
    return {**shown, "model_id": each.model, "run_id": run_id, **data_set}
