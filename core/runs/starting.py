"""A config to start from for a data set that somebody wants to learn from."""

import math
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
_FILTERS = {2: [32, 64], 3: [32, 64, 64], 4: [16, 32, 64, 64]}  # of convolutions, each of which halves a picture
_FEW = 5_000  # pictures
_STEPS, _MOST_EPOCHS = 1_000, 40


def for_dataset(settings: Settings, name: str) -> Raw:
    """That of the first preset for this data set, otherwise one that suits its kind. Raises NotFoundError."""
    known = find(settings, name)
    data: Raw = {"source": known.manifest.kind, "dataset": name} if known.manifest else {"source": name}
    for preset in PRESETS.values():
        if data.items() <= preset.raw["data"].items():
            return preset.raw
    kind = known.info.kind
    raw = {"data": data, "architecture": {"name": FIRST[kind]}, "training": _TRAINING[kind]}
    return complete(_of_pictures(raw, known.info) if known.info.is_image else raw)


def _of_pictures(raw: Raw, info: DataInfo) -> Raw:
    """As deep as leaves a few pixels, which are seen shifted; few pictures are passed over more often."""
    side = min(_WIDE, *info.shape[:2])
    data: Raw = {"augmentation": {"crop": max(1, side // 8)}}
    if max(info.shape[:2]) > _WIDE:
        data["resize"] = [_WIDE, _WIDE]
    filters = _FILTERS[min(4, max(2, int(math.log2(side / 4))))]
    batch = 32 if info.train_examples < _FEW else 64
    epochs = min(_MOST_EPOCHS, max(10, math.ceil(_STEPS * batch / max(1, info.train_examples))))
    return {
        "data": raw["data"] | data,
        "architecture": raw["architecture"] | {"filters": filters},
        "training": raw["training"] | {"epochs": epochs, "batch_size": batch},
    }
