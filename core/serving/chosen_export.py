"""Which export of a version answers: the fastest that is here, made where there is none yet."""

import contextlib
from pathlib import Path

from core.common.context import Context
from core.inference.export_formats import FORMATS
from core.jobs import export, job_queue
from core.models import exports
from core.models.naming import ModelError
from core.serving.options import ServingError
from core.system.hosts import living_supervisor
from db.registry_records import VersionRecord

WANTED = "onnx"  # that is made where there is none


def wanted(version: VersionRecord) -> str:
    """The export that is made where there is none: of a file of a runtime, that."""
    told = version.facts.get("uploaded")
    return "litert" if isinstance(told, dict) and told.get("format") == "litert" else WANTED


class PreparingError(ServingError):
    """It can be asked in a moment."""


def folder_to_serve(context: Context, version: VersionRecord) -> Path:
    """Of the export that answers. Where there is none, one is asked for.

    Raises:
        PreparingError: there is none yet.
        ServingError: it cannot be made; why.
        StateError: the version's files are on another host.
    """
    return folder_there(context, version) or _asked_for(context, version)


def need_folder(context: Context, version: VersionRecord) -> Path:
    """Of the export that answers, where there is one; which asks for none. Raises ServingError."""
    if found := folder_there(context, version):
        return found
    raise ServingError(f"{version.title} has no export to answer with. Export it on the Models page.")


def folder_there(context: Context, version: VersionRecord) -> Path | None:
    """The same; None where there is none on this host."""
    found = exports.answering(context, version)
    with contextlib.suppress(ModelError):  # it is on another host
        return exports.bundle(context.workspace.settings, version, found) if found else None
    return None


def _asked_for(context: Context, version: VersionRecord) -> Path:
    form = wanted(version)
    export.request(context, version, form)  # refuses what is on another host
    key = export.key(version, form)
    # It is not forgotten, as nobody else would hear of it: the Models page tells it, too, until it is put away there.
    done = job_queue.look_if_asked(context, export.KIND, key, keep=True)
    if done is not None and done.problem and not _is_over(context, done):
        raise ServingError(f"{version.title} cannot be served: {done.problem}")
    if done is not None:
        if found := folder_there(context, version):  # it was done since
            return found
        job_queue.forget(context, key)  # of an export that was deleted, or that can be tried again
    export.ask(context, version, form)
    told = export.progress(context, version, form)
    title = FORMATS[form].title
    raise PreparingError(f"{version.title} is being exported to {title}: {told.text if told else 'it waits its turn'}.")


def _is_over(context: Context, done: export.Exported) -> bool:
    """Whether what nobody was left to do can be done by now, so that it is asked for again."""
    return done.is_lost and living_supervisor(context.workspace) is not None
