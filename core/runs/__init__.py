"""What people do with runs: the use cases that the pages, the CLI and the API share."""

from core.runs.attempts import attempts, changed_versions
from core.runs.control import (
    BEST_CHECKPOINT,
    LAST_CHECKPOINT,
    can_resume,
    has_checkpoint,
    missing_folder,
    resume,
    stop,
    unreachable,
)
from core.runs.deleting import Emptied, empty_trash, folder_bytes, restore, trash
from core.runs.events import events
from core.runs.growth import MAX_CURSORS, Cursor, Growth, growth
from core.runs.kinds import KINDS, NETWORK, SCRIPT, Kind, tabs_of
from core.runs.labels import MAX_NAME, MAX_NOTES
from core.runs.launching import MAX_SEED, MAX_SEEDS, Draft, check_draft, create
from core.runs.location import elsewhere, is_here
from core.runs.organising import add_tags, annotate, move
from core.runs.queueing import DEFAULT_EXPERIMENT
from core.runs.reading import (
    active,
    all_tags,
    column_names,
    experiments,
    find,
    folds_together,
    get,
    get_many,
    listing,
    matching_ids,
    queue_places,
    with_uid,
)
from core.runs.relaunching import relaunch
from core.runs.results import artifact_file, artifacts, histories, history, log_file, log_tail, params, summaries
from core.runs.script_launching import check_script_draft, create_script, script_spec, with_defaults
from core.runs.specs import SpecError, checked_spec, need_spec, spec, spec_problem

__all__ = [
    "BEST_CHECKPOINT",
    "DEFAULT_EXPERIMENT",
    "KINDS",
    "LAST_CHECKPOINT",
    "MAX_CURSORS",
    "MAX_NAME",
    "MAX_NOTES",
    "MAX_SEED",
    "MAX_SEEDS",
    "NETWORK",
    "SCRIPT",
    "Cursor",
    "Draft",
    "Emptied",
    "Growth",
    "Kind",
    "SpecError",
    "active",
    "add_tags",
    "all_tags",
    "annotate",
    "artifact_file",
    "artifacts",
    "attempts",
    "can_resume",
    "changed_versions",
    "check_draft",
    "check_script_draft",
    "checked_spec",
    "column_names",
    "create",
    "create_script",
    "elsewhere",
    "empty_trash",
    "events",
    "experiments",
    "find",
    "folder_bytes",
    "folds_together",
    "get",
    "get_many",
    "growth",
    "has_checkpoint",
    "histories",
    "history",
    "is_here",
    "listing",
    "log_file",
    "log_tail",
    "matching_ids",
    "missing_folder",
    "move",
    "need_spec",
    "params",
    "queue_places",
    "relaunch",
    "restore",
    "resume",
    "script_spec",
    "spec",
    "spec_problem",
    "stop",
    "summaries",
    "tabs_of",
    "trash",
    "unreachable",
    "with_defaults",
    "with_uid",
]
