"""Whether a run may learn from another network's answers: both must have learned from the same examples."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import db.registry
import db.runs
from core.common.settings import Settings
from core.common.text import quoted
from core.config.check import read
from core.config.run import RunConfig
from core.data.series_source import SeriesSource
from core.data.source_options import CorpusSource
from core.runs.location import is_this_host
from db.engine import Session
from db.registry_records import VersionRecord

SAME = "It may know those by which this run is judged: take the same data, split and seed."
_WITHIN = {"augmentation", "scaling"}  # what either does by itself to the same examples


def other_examples(config: RunConfig, teacher: RunConfig) -> str:
    """What makes their training examples differ, in words; "" where they are the same."""
    here, there = _chosen(config), _chosen(teacher)
    different = [name for name in here if here[name] != there.get(name)]
    return ", ".join(f"{name} {there.get(name)} there, {here[name]} here" for name in different)


def teaching_version(session: Session, reference: str) -> VersionRecord | None:
    """NAME@NUMBER; no alias, which may point at another one by the time that the run begins, or goes on."""
    name, _, number = reference.rpartition("@")
    model = db.registry.find(session, name) if name and number.isascii() and number.isdecimal() else None
    return next((each for each in model.versions if each.number == int(number)), None) if model else None


def version_file(settings: Settings, version: VersionRecord) -> Path:
    """A network that Keras loads, where it is one of runs."""
    return settings.models_dir / str(version.model_id) / str(version.number) / "model.keras"


def version_problem(session: Session, settings: Settings, reference: str, configs: Sequence[RunConfig]) -> str:
    """Why no run of these configs can learn from a version of a model, in sentences; "" where all can."""
    version = teaching_version(session, reference)
    if version is None:
        return f"There is no version {quoted(reference)} to learn from; accepted is NAME@NUMBER, such as digits@3."
    if version.checkpoint == "uploaded":
        return f"{reference} came in a file, and which examples it learned from is not known. Choose one of a run."
    if not is_this_host(settings, version.host):
        return f"The files of {reference} are on host {version.host}. Launch the run there, or choose another teacher."
    if not version_file(settings, version).is_file():
        return f"The network of {reference} is gone: {version_file(settings, version)}. Choose another teacher."
    for name, known in _learned(session, version):
        apart = next(filter(None, (other_examples(each, known) for each in configs)), "")
        if apart:
            return f"{name} learned from other examples ({apart}). {SAME}"
    return ""


def _learned(session: Session, version: VersionRecord) -> Iterator[tuple[str, RunConfig]]:
    """By name, what each of its networks learned from: of an ensemble the config of each member.

    Of a run that was deleted, it is the version's own config with that run's seed.
    """
    own, told = f"{version.model}@{version.number}", version.facts.get("members")
    members = told if version.checkpoint == "ensemble" and isinstance(told, list) else []
    for member in [each for each in members if isinstance(each, dict)] or [{}]:
        run = db.runs.get(session, int(member["run"])) if "run" in member else None
        is_there = run is not None and run.uid == member.get("uid")
        raw = run.config if run is not None and is_there else version.config | {
            name: member[name] for name in ("seed",) if member.get(name) is not None
        }  # fmt: skip
        config, _ = read(raw)
        if config is not None:
            yield (f"{own}'s member, run {member['run']}," if member else own), config


def _chosen(config: RunConfig) -> dict[str, Any]:
    """What says which examples a run trains on."""
    data = config.data
    found = data.model_dump(exclude=_WITHIN)
    drawn = data.limit or (not isinstance(data, CorpusSource | SeriesSource) and (data.validates or data.folds))
    return found | ({"seed": config.seed} if drawn else {})
