"""What the demo page of a model says and asks for."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from core.data.category_order import in_order
from core.data.data_info import DataInfo, Feature
from core.data.examples import row_features
from core.data.library.tables.date_parts import date_columns
from core.data.row_input import asked_fields
from core.inference.description import EXAMPLES, Description
from core.inference.told import MOST_CLASSES
from core.jobs.explanation import methods
from core.serving.options import Options

_MOST_EXAMPLES = 12
_KINDS = {"image": "image", "text": "text", "table": "row", "rows": "row"}  # others are asked with numbers


def described(known: Description, options: Options, folder: Path, version: int) -> dict[str, Any]:
    """Title and text, what is to be given, and examples to try, as JSON data."""
    info = known.info
    is_row = _KINDS.get(info.kind) == "row"
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
        "fields": [_field(known, feature) for feature in asked_fields(info, {})[0]] if is_row else [],
        "examples": examples(folder, info),
        "explained": info.kind != "corpus" and bool(methods(info)),
    }


def _field(known: Description, feature: Feature) -> dict[str, Any]:
    low, high = _days(known, feature.name) if feature.kind == "date" else known.ranges.get(feature.name, (None, None))
    return {
        "name": feature.name,
        "kind": feature.kind,
        "choices": in_order(feature.categories),
        "unit": feature.unit,
        "low": low,
        "high": high,
    }


def _days(known: Description, column: str) -> tuple[str | None, str | None]:
    """The first and the last day that was learned from, as far as what a date gives tells them."""
    for part in date_columns(row_features(known.info)).get(column, ()):
        _, since, day = part.name.rpartition(" days since ")
        if since and part.name in known.ranges:
            first, last = (np.datetime64(day, "D") + int(days) for days in known.ranges[part.name])
            return str(first), str(last)
    return None, None


def examples(folder: Path, info: DataInfo) -> list[Any]:
    """Instances that came with an export, each date as one; none of a folder that has none."""
    try:
        found = json.loads((folder / EXAMPLES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    found = found[:_MOST_EXAMPLES] if isinstance(found, list) else []
    if info.kind not in ("table", "rows") or not all(isinstance(each, dict) for each in found):
        return found
    asked, _ = asked_fields(info, {})
    rows = [asked_fields(info, each) for each in found]
    # What a date gives may contradict itself in rows that were made up, which are no examples where one date is asked.
    return [{field.name: given.get(field.name) for field in fields} for fields, given in rows if fields == asked]
