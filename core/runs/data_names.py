"""What the data set of a run is called, wherever a run is named; told from its config, whatever kind or version."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from core.config.edit import Raw
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.scripts.parameter import SEEDS
from db.params import as_text
from db.records import RunRecord

MOST_FOLDS = 10_000  # more is no cross-validation, whatever somebody has called so


def data_set(run: RunRecord) -> str:
    """Of data that were added, their name; otherwise that of the source; "" where the config tells neither."""
    return named_data(run.config)


def named_data(config: Raw) -> str:
    data = config.get("data")
    if not isinstance(data, dict):
        return ""
    name = data.get("dataset") or data.get("source")
    return name if isinstance(name, str) else ""


def data_of_params(params: Mapping[str, str]) -> str:
    """As `named_data`, of a run's flattened params."""
    return params.get("data.dataset") or params.get("data.source") or ""


def default_name(config: RunConfig, preset: str) -> str:
    """For a run that nobody gave a name: the preset's, as long as its data and its architecture are the preset's."""
    raw = config.model_dump(mode="json", include={"data", "architecture"})
    own = f"{named_data(raw)}-{config.architecture.name}"
    known = PRESETS.get(preset)
    if known is None:
        return preset or own
    same = named_data(known.raw) == named_data(raw) and known.config.architecture.name == config.architecture.name
    return preset if same else own


def is_repeat(key: str) -> bool:
    """Whether runs that differ in this param alone are the same experiment done again: in a seed, or a fold.

    Scripts and clients call their seeds by several names.
    """
    return key == "data.fold" or key.rpartition(".")[2] in SEEDS


def folds_of(params: Mapping[str, Any]) -> int:
    """How many folds the flattened params of a run cut its examples into; 0 of none, or of what is no such number."""
    folds = whole(params.get("data.folds"))
    return folds if folds is not None and 1 < folds <= MOST_FOLDS else 0


def whole(value: Any) -> int | None:
    """A param as a whole number of at most nine digits from 0 on; None of all else that a script may have told."""
    text = as_text(value)
    return int(text) if text.isdecimal() and len(text) < 10 else None


def folds_key(kind: str, params: Mapping[str, Any]) -> str:
    """What is the same for all folds and seeds of one cross-validation, by flattened params; "" of a run without."""
    if not folds_of(params):
        return ""
    shared = sorted((key, as_text(value)) for key, value in params.items() if not is_repeat(key))
    return hashlib.sha256(repr((kind, shared)).encode()).hexdigest()[:32]


def without_repeat(name: str) -> str:
    """A run's name without the seed and fold that it ends with: what all runs of its launch are called."""
    return re.sub(r"[\s·_-]*(fold \d+ of \d+[\s·]*)?(seed[ _=-]?\d+)?$", "", name) or name


def task(run: RunRecord) -> str:
    """What its metrics measure, as far as the run has told: its task, and of running text what is predicted."""
    told = run.facts.get("task")
    data = run.config.get("data")
    unit = data.get("tokens") if told == "generation" and isinstance(data, dict) else None
    return " by ".join(part for part in (told, unit) if isinstance(part, str))


def same_data(one: RunRecord, other: RunRecord) -> bool:
    """Whether metrics of the two can be ranked: data of one name and content, and one task. Unknown counts as same."""
    if data_set(one) != data_set(other):
        return False
    pairs = [(run.facts.get("data_fingerprint"), task(run)) for run in (one, other)]
    return all(first == second or not first or not second for first, second in zip(*pairs, strict=True))
