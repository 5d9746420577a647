"""A version that is a file of a runtime already: its one export is that file. And what any export is measured on."""

import shutil
from pathlib import Path

from core.common.settings import Settings
from core.data.number_scaling import Numbers, restored
from core.data.vocabulary import Vocabulary
from core.export import asked_examples
from core.export.given_network import opened
from core.export.networks import ExportError
from core.inference.export_formats import FORMATS, Format
from core.models import version_manifest
from core.models.version_manifest import Manifest
from db.registry_records import VersionRecord

_FORMS = {".onnx": "onnx", ".tflite": "litert"}


def put(version: VersionRecord, network: Path, form: Format, folder: Path) -> int | None:
    """The file into the folder of an export; returns how many examples it takes at a time, None for any number.

    Raises:
        ExportError: another format than the file's.
    """
    own = _FORMS[network.suffix]
    if form.name != own:
        raise ExportError(
            f"{version.title} is the file {version.run_name}, which is {FORMATS[own].title} and no other format can be "
            f"made of. Export it as {FORMATS[own].title}, or upload the network as .keras to have the others."
        )
    shutil.copyfile(network, folder / form.file)
    return opened(network, form.engine, version.run_name).batch


def examples(
    settings: Settings, version: VersionRecord, known: Manifest, vocabulary: Vocabulary | None
) -> asked_examples.Known:
    """Of the test set; made ones where there is none, or it is another now."""
    found = None
    if version.config:
        config, stamp = version_manifest.need_config(version.config), version.facts.get("data_fingerprint")
        found = asked_examples.of_data(settings, config, stamp, vocabulary)
    numbers = restored(known.numbers) if known.numbers else Numbers()
    return found or asked_examples.Known(asked_examples.made(known, numbers))
