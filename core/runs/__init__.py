"""What people do with runs: the use cases that the pages, the CLI and the API share."""

from core.runs.control import BEST_CHECKPOINT, LAST_CHECKPOINT, can_resume, has_checkpoint, resume, stop
from core.runs.deleting import empty_trash, folder_bytes, restore, trash
from core.runs.growth import MAX_CURSORS, Cursor, Growth, growth
from core.runs.labels import MAX_NAME, MAX_NOTES
from core.runs.launching import DEFAULT_EXPERIMENT, MAX_SEED, MAX_SEEDS, Draft, check_draft, create, relaunch
from core.runs.organising import add_tags, annotate, move
from core.runs.reading import (
    active,
    all_tags,
    column_names,
    experiments,
    find,
    get,
    get_many,
    listing,
    matching_ids,
    queue_places,
)
from core.runs.results import artifact_file, artifacts, histories, history, log_file, log_tail, params, summaries

__all__ = [
    "BEST_CHECKPOINT",
    "DEFAULT_EXPERIMENT",
    "LAST_CHECKPOINT",
    "MAX_CURSORS",
    "MAX_NAME",
    "MAX_NOTES",
    "MAX_SEED",
    "MAX_SEEDS",
    "Cursor",
    "Draft",
    "Growth",
    "active",
    "add_tags",
    "all_tags",
    "annotate",
    "artifact_file",
    "artifacts",
    "can_resume",
    "check_draft",
    "column_names",
    "create",
    "empty_trash",
    "experiments",
    "find",
    "folder_bytes",
    "get",
    "get_many",
    "growth",
    "has_checkpoint",
    "histories",
    "history",
    "listing",
    "log_file",
    "log_tail",
    "matching_ids",
    "move",
    "params",
    "queue_places",
    "relaunch",
    "restore",
    "resume",
    "stop",
    "summaries",
    "trash",
]
