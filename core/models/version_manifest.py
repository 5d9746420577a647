"""What describes the data of a version for ever: what its network takes, and what its answers mean.

Written when a version is registered, so that it can be exported and asked when its run and its data set are gone.
"""

import json
import zipfile
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from core.common.context import Context
from core.common.errors import TraindeckError
from core.common.safe_files import file_inside
from core.common.settings import Settings
from core.common.whole_files import write_whole
from core.config.check import read
from core.config.run import RunConfig
from core.data.data_info import DataInfo
from core.data.learned_ranges import ranges_of
from core.evaluation.report import Report
from core.evaluation.report_files import REPORT
from core.inference.decisions import HALF
from core.inference.description import LAYOUT, MANIFEST
from core.models.naming import ModelError
from core.models.version_files import network_file
from db.registry_records import VersionRecord

_NOTE = "traindeck.json"  # in a checkpoint, as core.training.checkpoints writes it


class Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")  # a later version may say more

    layout: Literal[1] = LAYOUT  # of this file
    info: DataInfo
    stored_shape: tuple[int, ...]  # of an example of the data set, before the options of the run
    numbers: dict[str, Any] | None = None  # core.data.number_scaling.Numbers; None where none are changed
    views: str = "none"  # test-time augmentation, which the exported network holds within
    threshold: float | None = None  # of two classes; None for 0.5
    levels: tuple[float, ...] = ()  # of labels
    ranges: dict[str, tuple[float, float]] = {}  # least and greatest number of each feature that was learned from


def of_version(context: Context, version: VersionRecord) -> Manifest:
    """As it is kept, or made now and kept, of one that an earlier Traindeck registered.

    Raises:
        ModelError: there is none, and its data set or files are gone; or they are on another host.
    """
    settings = context.workspace.settings
    folder = network_file(settings, version).parent
    kept = file_inside(folder, MANIFEST)
    try:
        if kept is not None:
            return Manifest.model_validate_json(kept.read_bytes())
        made = describe(settings, version.config, folder)
    except (ValidationError, TraindeckError, OSError) as error:
        raise ModelError(
            f"What {version.title} takes is not known: it was registered before Traindeck kept that, and its data set "
            f"cannot be read any more ({error}). Add the data set under its name again, or register another run."
        ) from error
    write(made, folder)
    return made


def kept(folder: Path) -> Manifest:
    """Of a network that was judged as a file is. Raises ModelError."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelError(f"{folder / MANIFEST} is damaged ({error}). Have the network evaluated again.") from error


def write(manifest: Manifest, folder: Path) -> None:
    """Raises OSError."""
    text = manifest.model_dump_json(indent=1)
    write_whole(folder / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))


def describe(settings: Settings, config: dict[str, Any], folder: Path) -> Manifest:
    """Of a version's config and its folder with the network, and with the report where there is one.

    Raises:
        TraindeckError: the config is of another version, or its data set is not there.
    """
    return manifest_of(settings, need_config(config), _report(folder), numbers_of(folder))


def manifest_of(
    settings: Settings, spec: RunConfig, report: Report | None, numbers: dict[str, Any] | None, *, views: bool = True
) -> Manifest:
    """Of a network that takes its inputs as this config says. Raises DataError: its data set is not there."""
    info = spec.data.info(settings)
    chosen = report.classification.thresholds if report and report.classification else None
    labels = report.multilabel.labels if report and report.multilabel else ()
    levels = tuple(each.threshold for each in labels)
    if info.task == "multilabel" and len(levels) != info.classes:
        levels = (HALF,) * info.classes
    return Manifest(
        info=info,
        stored_shape=spec.data.published(settings).shape,
        numbers=numbers,
        views=spec.evaluation.test_time_augmentation if info.is_image and views else "none",
        threshold=chosen.threshold if chosen is not None and chosen.threshold != HALF else None,
        levels=levels,
        ranges=ranges_of(settings, spec.data),
    )


def need_config(config: dict[str, Any]) -> RunConfig:
    """Raises ModelError."""
    spec, problems = read(config)
    if spec is None:
        told = "; ".join(map(str, problems[:3]))
        raise ModelError(f"The config of its run is of another version of Traindeck: {told}.")
    return spec


def numbers_of(folder: Path) -> dict[str, Any] | None:
    """What a version's checkpoint says of how numbers were scaled. Raises ModelError: it is damaged."""
    path = folder / "model.keras"
    try:
        with zipfile.ZipFile(path) as archive:
            numbers: dict[str, Any] | None = json.loads(archive.read(_NOTE)).get("numbers")
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} is damaged ({error}). Register the run again.") from error
    return numbers


def _report(folder: Path) -> Report | None:
    try:
        return Report.model_validate_json((folder / REPORT).read_bytes())
    except (OSError, ValidationError):
        return None
