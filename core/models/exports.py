"""Exports that a version has: what was measured of each, where it lies, and how it goes again."""

import contextlib
import math
import os
import shutil
from pathlib import Path
from typing import Literal

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

import db.events
import db.registry_exports
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.common.text import quoted, suggestion
from core.models.naming import ModelError
from core.models.version_files import folder, removed
from core.runs.events import model_event
from core.runs.location import is_this_host
from core.runs.permissions import Action, require
from db.registry_records import ExportRecord, VersionRecord

# By which of them a version answers, the fastest first. LiteRT answers one example sooner than ONNX, and several at a
# time later; those of Keras need ten seconds and TensorFlow; those in fewer bits answer otherwise.
ANSWERING = ("onnx", "litert", "saved_model", "keras")

_UNDISTURBED = 0.15  # of the time: what a quiet host shows by chance is below it


class Measured(BaseModel):
    """Kept with the export, as JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    examples: int  # that it was asked about
    of: Literal["test", "made"]  # test examples, or made ones where the data set is gone
    difference: float  # the largest of an output to the original's: a probability, or deviations of the target
    tolerance: float | None  # None where answers are meant to differ
    metric: str = ""  # the main figure on the test set
    value: float | None = None
    original: float | None = None  # the same of the original network
    flips: int | None = None  # examples whose class, or any label, is another
    gained: int | None = None  # of the flips, those that are right now, and were not
    lost: int | None = None  # those that were right, and are not now
    size: int = 0  # of the network's file, bytes
    zipped: int | None = None  # the same when it is zipped, as a download is
    latency: dict[str, float] = {}  # milliseconds: one_batch_1_p50, all_batch_32_p95, …
    memory_mb: float = 0.0  # at most, of a process with nothing but the runtime
    millijoules: float | None = None  # of all processors, an example of a batch of 32 on one thread; None if not told

    waited: float | None = None  # share of the time on one thread in which it waited for a processor; None if not told

    @property
    def is_disturbed(self) -> bool:
        """Whether other work on the host made its times longer."""
        return self.waited is not None and self.waited > _UNDISTURBED

    @property
    def passed(self) -> bool:
        return math.isfinite(self.difference) if self.tolerance is None else self.difference <= self.tolerance


def listing(context: Context, version: VersionRecord) -> list[ExportRecord]:
    """Sorted by name."""
    with context.workspace.read() as session:
        return db.registry_exports.of_version(session, version.id)


def measured(export: ExportRecord) -> Measured | None:
    """None of one that another version measured in terms that this one does not know."""
    with contextlib.suppress(ValidationError):
        return Measured.model_validate(export.measured)
    return None


def answering(context: Context, version: VersionRecord) -> ExportRecord | None:
    """The export that answers where the version is served; None where there is none yet, or its folder is gone."""
    settings, there = context.workspace.settings, {each.name: each for each in listing(context, version)}
    for name in ANSWERING:
        found = there.get(name)
        if found and (not is_this_host(settings, found.host) or place(settings, version, name).is_dir()):
            return found
    return None


def get(context: Context, version: VersionRecord, name: str) -> ExportRecord:
    """Raises NotFoundError."""
    known = {each.name: each for each in listing(context, version)}
    if name not in known:
        there = f"It has {', '.join(known)}." if known else "It has none yet: export it first."
        raise NotFoundError(f"{version.title} has no export {quoted(name)}{suggestion(name, known)}. {there}")
    return known[name]


def place(settings: Settings, version: VersionRecord, name: str) -> Path:
    """Where an export of a name belongs, whether there is one or not."""
    return folder(settings, version.model_id, version.number) / "exports" / name


def scratch(place: Path) -> Path:
    """Where this process makes what comes to a place."""
    return place.with_name(f".{os.getpid()}-{place.name}")


def remove_left_behind(settings: Settings) -> None:
    """What processes that were killed had begun, of any version."""
    for path in settings.models_dir.glob("*/*/exports/.*-*"):
        number = path.name[1:].partition("-")[0]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            shutil.rmtree(path, ignore_errors=True)


def bundle(settings: Settings, version: VersionRecord, export: ExportRecord) -> Path:
    """Its folder. Raises ModelError: it is on another host, or gone."""
    if not is_this_host(settings, export.host):
        raise ModelError(
            f"The export {export.name} of {version.title} is on host {export.host}. Open the dashboard there."
        )
    found = place(settings, version, export.name)
    if not found.is_dir():
        raise ModelError(f"The export {export.name} of {version.title} is gone: {found} is not there. Export it again.")
    return found


def delete(context: Context, version: VersionRecord, name: str) -> None:
    """Raises NotFoundError, ModelError, ForbiddenError."""
    require(context, Action.EXPORT)
    export = get(context, version, name)
    if not is_this_host(context.workspace.settings, export.host):
        raise ModelError(f"The export {name} is on host {export.host}. Delete it in the dashboard there.")
    with context.workspace.write() as session:
        db.registry_exports.remove(session, version.id, name)
        told = {"version": version.number, "export": name}
        db.events.add(session, [model_event(context, Action.EXPORT, version.model, told, {})])
    where = place(context.workspace.settings, version, name)
    if reason := removed(where)[1]:
        raise ModelError(f"The export {name} is deleted, but not all of its files: {reason}. Remove {where} by hand.")
