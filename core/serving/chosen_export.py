"""Which export of a version answers: the fastest that is here, made where there is none yet."""

import contextlib
from pathlib import Path

from core.common.context import Context
from core.inference.export_formats import FORMATS
from core.jobs import export, job_queue
from core.models import exports
from core.models.naming import ModelError
from core.serving.options import ServingError
from db.registry_records import VersionRecord

WANTED = "onnx"  # that is made where there is none
# LiteRT answers one example sooner, and several at a time later. Those of Keras need ten seconds and TensorFlow.
_ORDER = ("onnx", "litert", "saved_model", "keras")


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
    there = {each.name: each for each in exports.listing(context, version)}
    for name in _ORDER:  # those in fewer bits answer otherwise
        with contextlib.suppress(ModelError):  # its folder is gone, or on another host
            if name in there:
                return exports.bundle(context.workspace.settings, version, there[name])
    return None


def _asked_for(context: Context, version: VersionRecord) -> Path:
    export.request(context, version, WANTED)  # refuses what is on another host
    key = export.key(version, WANTED)
    done = job_queue.look_if_asked(context, export.KIND, key)
    if done is not None and done.problem:  # it is not forgotten: whoever looks again is told at once
        raise ServingError(f"{version.title} cannot be served: {done.problem}")
    if done is not None:
        if found := folder_there(context, version):  # it was done since
            return found
        job_queue.forget(context, key)  # of an export that was deleted
    export.ask(context, version, WANTED)
    told = export.progress(context, version, WANTED)
    title = FORMATS[WANTED].title
    raise PreparingError(f"{version.title} is being exported to {title}: {told.text if told else 'it waits its turn'}.")
