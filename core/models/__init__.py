"""Trained models: named, with versions that outlive the runs they came of, and names that point at versions."""

from core.models.aliases import drop_alias, point
from core.models.changing import annotate, describe, edit_card, set_stage
from core.models.gates import Finding, Gate, GateError, findings, gate, set_gate, surely_better
from core.models.model_card import in_use as card_in_use
from core.models.model_card import shown as shown_card
from core.models.naming import CHALLENGER, CHAMPION, ModelError, named, slug
from core.models.registered import descriptions, find, get, history, kept_told, listing, of_runs, parents
from core.models.registering import CHECKPOINTS, checkpoints, register, why_not
from core.models.removing import delete_model, delete_version
from core.models.version_files import network_file
from db.registry_records import ModelRecord, Stage, VersionRecord

__all__ = [
    "CHALLENGER",
    "CHAMPION",
    "CHECKPOINTS",
    "Finding",
    "Gate",
    "GateError",
    "ModelError",
    "ModelRecord",
    "Stage",
    "VersionRecord",
    "annotate",
    "card_in_use",
    "checkpoints",
    "delete_model",
    "delete_version",
    "describe",
    "descriptions",
    "drop_alias",
    "edit_card",
    "find",
    "findings",
    "gate",
    "get",
    "history",
    "kept_told",
    "listing",
    "named",
    "network_file",
    "of_runs",
    "parents",
    "point",
    "register",
    "set_gate",
    "set_stage",
    "shown_card",
    "slug",
    "surely_better",
    "why_not",
]
