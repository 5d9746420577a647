"""Make a version of a model from a checkpoint of a run."""

import contextlib
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import db.events
import db.registry
import db.runs
from core.common.context import Context
from core.common.errors import StateError, TraindeckError
from core.common.pause_points import pause_point
from core.common.safe_files import file_inside
from core.common.settings import Settings
from core.common.text import quoted
from core.inference.description import MANIFEST
from core.models import model_card, origin, version_files, version_manifest
from core.models.aliases import point
from core.models.gates import GateError
from core.models.naming import ModelError, check_alias, check_name, check_text
from core.models.network_bytes import network_bytes
from core.models.version_source import Source, is_judged, judged_source, of_run, report_of
from core.runs import BEST_CHECKPOINT, LAST_CHECKPOINT, NETWORK, unreachable
from core.runs.events import model_event
from core.runs.permissions import Action, require
from core.tracking.log_stream import FULL
from db.records import RunRecord
from db.registry_records import ModelRecord, VersionRecord

CHECKPOINTS = {"best": BEST_CHECKPOINT, "last": LAST_CHECKPOINT}


def checkpoints(context: Context, run: RunRecord) -> list[str]:
    """Which of them the run has, the best first."""
    return [name for name in CHECKPOINTS if _checkpoint(context.workspace.settings, run, name)]


def why_not(context: Context, run: RunRecord) -> str:
    """Why no version can be made of the run now, "" where one can."""
    if not run.state.is_finished:
        return f"Run {run.id} is {run.state}; a version is made of a run at rest. Wait for its end, or stop it."
    if found := unreachable(context, run):
        return found
    if run.kind != NETWORK.name:
        command = f"python -m core models register {run.id} MODEL --like RUN"
        return f"Run {run.id} is of kind {run.kind}: its network is judged as a file is. {command} does that."
    if not checkpoints(context, run):
        return (
            f"Run {run.id} left no checkpoint to register: it ended before its first epoch was done, or the files were "
            "removed. Relaunch it to get one."
        )
    return ""


def register(
    context: Context,
    run: RunRecord,
    name: str,
    checkpoint: str = "best",
    *,
    note: str = "",
    description: str = "",
    aliases: Sequence[str] = (),
) -> VersionRecord:
    """The next version of a model, which is made where there is none of this name; `description` is for a new one.

    Raises:
        ModelError: the name is not accepted, the model has this very network, or its file cannot be kept.
        GateError: it is registered, and may not have one of the aliases yet.
        StateError: the run is at work, has no such checkpoint, or changed meanwhile.
        ForbiddenError
    """
    check_words(context, name, note, description, aliases)
    return keep(context, source_of(context, run, checkpoint), name, note=note, description=description, aliases=aliases)


def source_of(context: Context, run: RunRecord, checkpoint: str) -> Source:
    """A checkpoint of a run at rest, to be kept as a version.

    Raises:
        StateError: the run is at work, or has no such checkpoint.
        ForbiddenError
    """
    require(context, Action.REGISTER, run)
    settings = context.workspace.settings
    if is_judged(context, run) and checkpoint == "best":
        return judged_source(settings, run)
    if problem := why_not(context, run):
        raise StateError(problem)
    file = _checkpoint(settings, run, checkpoint)
    if file is None:
        there = " and ".join(checkpoints(context, run))
        raise StateError(f"Run {run.id} has no checkpoint {quoted(checkpoint)}; it has {there}. Take one of these.")
    report = report_of(settings, run, file) if checkpoint == "best" else None
    files = version_files.beside(settings.run_dir(run.id), evaluated=report is not None)
    return of_run(run, checkpoint, file, files, report)


def check_words(context: Context, name: str, note: str, description: str, aliases: Sequence[str]) -> None:
    """Of a new version. Raises ModelError, ForbiddenError."""
    if aliases:
        require(context, Action.POINT)
    check_name(name)
    for alias in aliases:
        check_alias(alias)
    check_text(note, "note")
    check_text(description, "description")


def keep(
    context: Context, source: Source, name: str, *, note: str = "", description: str = "", aliases: Sequence[str] = ()
) -> VersionRecord:
    """The next version of a model, with its files. Raises as `register`."""
    require(context, Action.REGISTER, source.run)
    settings = context.workspace.settings
    try:
        with version_files.gathered(settings, source.network, source.beside) as kept:
            _describe(settings, source.draft.config, kept)
            draft = _completed(context, source, name, kept)
            version = _stored(context, source.run, replace(draft, note=note), kept, description)
    except FileNotFoundError as error:
        raise _changed(source.draft) from error
    except OSError as error:
        raise ModelError(
            f"The files of {origin.short(source.draft)} cannot be kept in {settings.models_dir} "
            f"({error.strerror or error}). {'Free some space' if error.errno in FULL else 'Look after the folder'}, "
            "and register it again."
        ) from error
    try:
        for alias in aliases:
            point(context, version, alias)
    except GateError as error:
        told = GateError(f"{version.title} is registered. {error}")
        told.version = version.title
        raise told from error
    return replace(version, aliases=tuple(aliases))


def _describe(settings: Settings, config: dict[str, Any], kept: Path) -> None:
    """As long as its data set is there; where it is not, whoever needs the manifest is told."""
    if not (kept / MANIFEST).exists():  # of what brings it along
        with contextlib.suppress(TraindeckError):
            version_manifest.write(version_manifest.describe(settings, config, kept), kept)


def _completed(context: Context, source: Source, name: str, kept: Path) -> VersionRecord:
    """What the version will say, but for its numbers."""
    network = version_files.kept_network(kept)
    assert network is not None
    draft = replace(
        source.draft,
        model=name,
        sha256=version_files.sha256(network),
        size=network.stat().st_size,
        metrics=source.report.metrics() if source.report else {},
        created_by=context.actor.name,
        facts=_with_zipped(source.draft.facts, network) | {"network_bytes": network_bytes(network)},
    )
    return replace(draft, card=model_card.write(draft, source.report, source.seconds))


def _with_zipped(facts: dict[str, Any], network: Path) -> dict[str, Any]:
    """Of a pruned network, how small its weights are once zipped: its file has zeros at full size."""
    if not isinstance(facts.get("pruned"), dict) or network.suffix != ".keras":
        return facts
    try:
        return facts | {"zipped_weights": version_files.zipped_weights(network)}
    except (ValueError, KeyError, zipfile.BadZipFile):  # a damaged one is told where it is loaded
        return facts


def _stored(
    context: Context, run: RunRecord | None, draft: VersionRecord, kept: Path, description: str
) -> VersionRecord:
    """In the store and in its place: both, or neither."""
    settings = context.workspace.settings
    place = None
    try:
        with context.workspace.write() as session:
            if run is not None:
                _require_unchanged(run, db.runs.get(session, run.id))
            version = db.registry.add_version(  # it holds the model until the end, so the check comes after it
                session, draft.model, _columns(draft), description=description, created_by=context.actor.name
            )
            _refuse_twice(version, db.registry.find(session, version.model))
            wanted = version_files.folder(settings, version.model_id, version.number)
            version_files.moved(kept, wanted)
            place = wanted
            pause_point("placed")
            told = {"version": version.number, **origin.told(version)}
            db.events.add(session, [model_event(context, Action.REGISTER, draft.model, {}, told)])
    except BaseException:
        if place is not None:
            with contextlib.suppress(OSError):
                version_files.removed(place)
        raise
    return version


def _require_unchanged(run: RunRecord, now: RunRecord | None) -> None:
    """It may have been resumed, or deleted for good, while its files were gathered. Raises StateError."""
    if now is None or now.deleting_at is not None or not now.state.is_finished:
        raise _changed(run)
    if (now.uid, now.finished_at) != (run.uid, run.finished_at):
        raise _changed(run)


def _changed(source: RunRecord | VersionRecord) -> StateError:
    what = f"run {source.id}" if isinstance(source, RunRecord) else origin.short(source)
    return StateError(
        f"{what[:1].upper()}{what[1:]} was resumed, or its files were deleted, while it was registered. Look at it, "
        "and try again."
    )


def _refuse_twice(version: VersionRecord, model: ModelRecord | None) -> None:
    """Raises ModelError where another version of the model is this network."""
    others = [each for each in model.versions if each.id != version.id] if model else []
    if same := next((each for each in others if each.sha256 == version.sha256), None):
        raise ModelError(
            f"{origin.sentence(version)} is {same.title} already. Move an alias to that version, or register "
            f"another as {version.model}."
        )


def _columns(draft: VersionRecord) -> dict[str, Any]:
    given_by_store = ("id", "model_id", "model", "number", "aliases", "created_at")
    return {name: value for name, value in vars(draft).items() if name not in given_by_store}


def _checkpoint(settings: Settings, run: RunRecord, name: str) -> Path | None:
    file = CHECKPOINTS.get(name)
    return file_inside(settings.run_dir(run.id), f"checkpoints/{file}") if file else None
