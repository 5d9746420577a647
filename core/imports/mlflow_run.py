"""What MLflow's two stores have in common: states, tags with a meaning, where artifacts lie."""

import math
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from core.imports.found_run import FoundRun, files_below
from core.runs.shown_files import shown_by
from db.records import RunState

STATES = {
    "RUNNING": RunState.RUNNING,
    "SCHEDULED": RunState.RUNNING,
    "FINISHED": RunState.FINISHED,
    "FAILED": RunState.FAILED,
    "KILLED": RunState.STOPPED,
}
NUMBERED = ("", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")  # in files; mlflow/protos/service.proto
_FAR = sys.float_info.max  # what the database has in place of an infinity


def number(value: Any, is_nan: bool = False) -> float:
    """Raises ValueError, TypeError."""
    found = math.nan if is_nan else float(value)
    return math.copysign(math.inf, found) if abs(found) == _FAR else found


def seconds(milliseconds: Any) -> float | None:
    return None if not isinstance(milliseconds, int | float) or not milliseconds else milliseconds / 1000


def take_tags(found: FoundRun, tags: Mapping[str, str]) -> None:
    """Name, notes, user and parent are tags there; the others are tags with values here."""
    found.name = tags.get("mlflow.runName") or found.name
    found.notes = tags.get("mlflow.note.content", "")
    found.created_by = tags.get("mlflow.user") or found.created_by
    found.parent_uid = tags.get("mlflow.parentRunId", "")
    known = ("mlflow.runName", "mlflow.note.content", "mlflow.user", "mlflow.parentRunId")
    found.keyed_tags |= {key: value for key, value in tags.items() if key not in known}


def take_artifacts(found: FoundRun, uri: str, store: Path, experiment: str) -> None:
    """Those that lie below the store's own folder: a store of others must not name any file of this host."""
    run = found.uid
    parts = urlsplit(uri)
    tried = [store / root / experiment / run / "artifacts" for root in ("mlruns", "mlartifacts", ".")]
    if parts.scheme in ("", "file"):
        tried.insert(0, store / unquote(parts.path if parts.scheme else uri))
    inside = [path for path in tried if path.resolve().is_relative_to(store.resolve()) and path.is_dir()]
    if inside:
        found.files += files_below(inside[0], "artifact", "artifacts/", found.left_out)
        _take_shown(found)
    elif parts.scheme in ("", "file", "mlflow-artifacts"):
        if parts.scheme != "mlflow-artifacts" and Path(unquote(parts.path)).is_dir():
            found.left_out[f"artifacts that lie outside of {store}"] += 1
    else:
        found.left_out[f"artifacts at {parts.scheme}://"] += 1


def _take_shown(found: FoundRun) -> None:
    """What log_image, log_table and log_text have written is looked at where it lies."""
    several: Counter[tuple[str, str, int]] = Counter()
    for file in found.files:
        shown = shown_by(file.path.removeprefix("artifacts/"), file.content) if isinstance(file.content, Path) else None
        if shown is not None:
            key = (shown.kind, shown.name, shown.step)
            found.shown[file.path] = replace(shown, number=several[key])
            several[key] += 1


def typed(params: Mapping[str, str]) -> dict[str, Any]:
    """Params are all texts there; those that are numbers or truths become so, where they would be written the same."""
    return {key: _typed(text) for key, text in params.items()}


def _typed(text: str) -> Any:
    if text in ("True", "False", "true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        if str(value) == text:
            return value
    return text
