"""Fields that mean something for some tasks only."""

from collections.abc import Collection, Mapping

from core.common.settings import Settings
from core.config.edit import Raw
from core.data.base import DataInfo
from pages.parts.launch.choices import info_of


def hidden(settings: Settings, raw: Raw) -> Collection[str]:
    """Paths of those that change nothing for the data, unless something was chosen there."""
    info = info_of(settings, raw.get("data"))
    return [] if info is None else [path for path in _without_meaning(info) if _is_default(raw, path)]


def _without_meaning(info: DataInfo) -> list[str]:
    known = {
        "training.target_scaling": info.predicts_numbers,
        "training.class_weights": info.is_classification,
        "evaluation.threshold": info.task == "binary",
        "evaluation.test_time_augmentation": info.is_image,
    }
    return [path for path, means in known.items() if not means]


def _is_default(raw: Raw, path: str) -> bool:
    section, _, name = path.partition(".")
    values = raw.get(section)
    value = values.get(name) if isinstance(values, dict) else None
    value = value.get("name") if isinstance(value, Mapping) else value
    return value in (None, "auto", "none", "half")
