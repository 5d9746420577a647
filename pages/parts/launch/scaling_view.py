"""The field for the scaling of a target, where there is one to scale."""

from collections.abc import Collection

from pydantic import TypeAdapter, ValidationError

from core.common.errors import DataError
from core.common.settings import Settings
from core.config.edit import Raw
from core.config.run import AnySource

_FIELD = "training.target_scaling"


def hidden(settings: Settings, raw: Raw) -> Collection[str]:
    """Fields that change nothing: the scaling of class numbers, unless one was asked for."""
    training = raw.get("training")
    if isinstance(training, dict) and training.get("target_scaling", "auto") != "auto":
        return ()
    try:
        info = TypeAdapter(AnySource).validate_python(raw.get("data")).info(settings)
    except (ValidationError, DataError):
        return ()
    return () if info.predicts_numbers else (_FIELD,)
