"""What the demo page of a model says and asks for."""

import json
from pathlib import Path
from typing import Any

from core.data.examples import row_features
from core.inference.description import EXAMPLES, Description
from core.inference.told import MOST_CLASSES
from core.serving.options import Options

_MOST_EXAMPLES = 12
EXPLAINED = ("image", "text", "table", "rows")  # kinds of data whose answers are explained
_KINDS = {"image": "image", "text": "text", "table": "row", "rows": "row"}  # others are asked with numbers


def described(known: Description, options: Options, folder: Path, version: int) -> dict[str, Any]:
    """Title and text, what is to be given, and examples to try, as JSON data."""
    info = known.info
    return {
        "name": known.model,
        "version": version,
        "title": options.title or known.model,
        "about": options.about,
        "kind": _KINDS.get(info.kind, "numbers"),
        "task": info.task,
        "target": info.target,
        "classes": list(info.class_names[:MOST_CLASSES]),
        "shape": list(info.shape),
        "fields": [_field(known, feature) for feature in row_features(info)] if _KINDS.get(info.kind) == "row" else [],
        "examples": examples(folder),
        "explained": info.kind in EXPLAINED,
    }


def _field(known: Description, feature: Any) -> dict[str, Any]:
    low, high = known.ranges.get(feature.name, (None, None))
    return {
        "name": feature.name,
        "kind": feature.kind,
        "choices": [each for each in feature.categories if each],
        "unit": feature.unit,
        "low": low,
        "high": high,
    }


def examples(folder: Path) -> list[Any]:
    """Instances that came with an export; none of a folder that has none."""
    try:
        found = json.loads((folder / EXAMPLES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found[:_MOST_EXAMPLES] if isinstance(found, list) else []
