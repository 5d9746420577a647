"""Which export of a version answers: the fastest that is here, made where there is none yet."""

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


def folder_to_serve(context: Context, version: VersionRecord) -> Path:
    """Of the export that answers. Where there is none, one is asked for.

    Raises:
        ServingError: there is none yet, or it cannot be made; why, and what to do.
        StateError: the version's files are on another host.
    """
    settings = context.workspace.settings
    there = {each.name: each for each in exports.listing(context, version)}
    for name in _ORDER:  # those in fewer bits answer otherwise
        if name in there:
            try:
                return exports.bundle(settings, version, there[name])
            except ModelError:  # its folder is gone, or on another host
                continue
    return _asked_for(context, version)


def _asked_for(context: Context, version: VersionRecord) -> Path:
    title = FORMATS[WANTED].title
    try:
        done = job_queue.look(context, export.KIND, export.key(version, WANTED))
    except LookupError:
        done = None
    if done is not None and done.problem:  # it is not forgotten: whoever looks again is told at once
        raise ServingError(f"{version.title} cannot be served: {done.problem}")
    if done is not None:  # of an export that was deleted since
        job_queue.forget(context, export.key(version, WANTED))
    export.ask(context, version, WANTED)
    told = export.progress(context, version, WANTED)
    raise PreparingError(f"{version.title} is being exported to {title}: {told.text if told else 'it waits its turn'}.")


class PreparingError(ServingError):
    """It can be asked in a moment."""
