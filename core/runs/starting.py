"""A config to start from for a data set that somebody wants to learn from."""

from typing import Any

from core.architectures.fitting import FIRST
from core.common.settings import Settings
from core.config.complete import complete
from core.config.edit import Raw
from core.config.presets import PRESETS
from core.data.base import DataInfo, Kind
from core.data.library.known import find

_COSINE = {"name": "cosine"}
_TRAINING: dict[Kind, dict[str, Any]] = {
    "image": {"epochs": 10, "batch_size": 64, "schedule": _COSINE},
    "rows": {"epochs": 30},
    "series": {"epochs": 50, "schedule": _COSINE},
    "table": {"epochs": 30, "schedule": _COSINE},
    "text": {"epochs": 5, "batch_size": 64, "optimizer": {"name": "adam", "learning_rate": 0.002}, "schedule": _COSINE},
    "corpus": {
        "epochs": 10,
        "batch_size": 64,
        "optimizer": {"name": "adam", "learning_rate": 0.004, "clip_norm": 1.0},
        "schedule": _COSINE,
    },
}
_WIDE = 64  # pixels; larger pictures are made as small to begin with


def for_dataset(settings: Settings, name: str) -> Raw:
    """That of the first preset for this data set, otherwise one that suits its kind. Raises NotFoundError."""
    known = find(settings, name)
    data: Raw = {"source": known.manifest.kind, "dataset": name} if known.manifest else {"source": name}
    for preset in PRESETS.values():
        if data.items() <= preset.raw["data"].items():
            return preset.raw
    kind = known.info.kind
    data |= _options(known.info)
    return complete({"data": data, "architecture": {"name": FIRST[kind]}, "training": _TRAINING[kind]})


def _options(info: DataInfo) -> Raw:
    return {"resize": [_WIDE, _WIDE]} if info.is_image and max(info.shape[:2]) > _WIDE else {}
