"""Networks that are compared, loaded and ready to answer: the best one of a run, or that of a version of a model."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core import models, runs
from core.common.context import Context
from core.common.errors import DataError, TraindeckError
from core.config.run import RunConfig
from core.data.base import Array, DataInfo, Examples
from core.data.number_scaling import Numbers, of_inputs, restored
from core.data.vocabulary import Vocabulary
from core.engine.picture_views import with_views
from core.evaluation.given_labels import levels_of
from core.evaluation.outputs import outputs
from core.evaluation.report_files import folder as report_folder
from core.evaluation.report_files import read_report
from core.export import networks
from core.export.given_network import opened
from core.inference.decisions import HALF
from core.jobs.comparison import Subject
from core.jobs.prediction import PredictionError, info, network_path, not_ready, stored_info
from core.models import origin, version_manifest
from core.models.version_manifest import Manifest
from core.runs.specs import need_spec
from core.training.checkpoints import load_network, read_position
from core.training.uploaded_network import through_runtime
from db.records import RunRecord
from db.registry_records import VersionRecord

_FORMS = {".onnx": "onnx", ".tflite": "litert"}
_MOST_BEFORE = 20  # runs of which one began from another

Answers = Callable[[Examples], Array]  # [examples, outputs] of examples as the network takes them, in their own unit


@dataclass(frozen=True)
class Answering:
    who: str  # run 12, digits@3
    info: DataInfo  # what it takes
    stored_shape: tuple[int, ...]  # of the data set that it learned from, at whose size pictures are sampled first
    vocabulary: Vocabulary | None
    outputs: Answers
    threshold: float  # of two classes
    levels: tuple[float, ...]  # of labels
    learned: tuple[RunConfig, ...]  # configs that say which examples it learned from, or was chosen by
    notes: tuple[str, ...]  # what of that is not known


def answering(context: Context, subject: Subject) -> Answering:
    """Raises TraindeckError: it is gone, or cannot be asked."""
    if not subject.version:
        return _of_run(context, runs.get(context, subject.run))
    version = models.find(context, subject.version)
    if version.id != subject.version_id:
        raise models.ModelError(f"{subject.version} was deleted in the meantime. Choose another.")
    return _of_version(context, version)


def _of_run(context: Context, run: RunRecord) -> Answering:
    settings, who = context.workspace.settings, f"run {run.id}"
    if problem := not_ready(context, run):
        raise PredictionError(f"{who}: {problem}")
    best = network_path(settings, run)
    position = read_position(best, run.uid)
    if position is None:
        raise PredictionError(f"The checkpoint {best} is of another run. Relaunch this run to get one of its own.")
    known = info(context, run)
    words = Vocabulary.load(report_folder(settings, run.id) / "vocabulary.json") if known.vocabulary else None
    chosen = None
    with contextlib.suppress(TraindeckError):  # it was not evaluated yet
        scores = read_report(settings, run.id).classification
        chosen = scores.thresholds if scores else None
    network, scaled = load_network(best, position), position.numbers
    if run.kind == runs.NETWORK.name:
        spec = need_spec(run)
        network = with_views(network, spec.evaluation)
        learned, notes = _learned(context, who, spec)
    else:  # of these the file does not say how its inputs are prepared, but as what it was judged does
        scaled = version_manifest.kept(best.parent).numbers
        learned, notes = (), (f"{who} is of a program of its own: it may have learned from these examples.",)
    given, numbers = _asked_by_keras(network), restored(scaled) if scaled else Numbers()
    return Answering(
        who, known, stored_info(context, run).shape, words, lambda x: numbers.of_outputs(given(of_inputs(numbers, x))),
        HALF if chosen is None else chosen.threshold, levels_of(settings, run.id, known.class_names), learned, notes,
    )  # fmt: skip


def _of_version(context: Context, version: VersionRecord) -> Answering:
    known, file = (
        version_manifest.of_version(context, version),
        models.network_file(context.workspace.settings, version),
    )
    if known.info.units:
        raise DataError(
            f"{version.title} takes numbers as they are, so that what its answers mean is not known. Upload it again, "
            "and say whose inputs it takes (--like)."
        )
    words = Vocabulary.load(file.with_name("vocabulary.json")) if known.info.vocabulary else None
    numbers = restored(known.numbers) if known.numbers else Numbers()
    given = (_keras if file.suffix == ".keras" else _runtime)(known, file, version)
    learned, notes = _learned_by_version(context, version)
    return Answering(
        version.title, known.info, known.stored_shape, words,
        lambda x: numbers.of_outputs(given(of_inputs(numbers, x))),
        HALF if known.threshold is None else known.threshold, known.levels, learned, notes,
    )  # fmt: skip


def _keras(known: Manifest, file: Path, version: VersionRecord) -> Callable[[Any], Array]:
    return _asked_by_keras(networks.asked(networks.load(file, version.run_uid), known))


def _asked_by_keras(model: Any) -> Callable[[Any], Array]:
    return lambda x: outputs(model, x, lambda: None)


def _runtime(known: Manifest, file: Path, version: VersionRecord) -> Callable[[Any], Array]:
    """Of a file that was uploaded for another runtime."""
    network = opened(file, _FORMS[file.suffix], version.title)
    assert network.ask is not None
    ask = through_runtime(network.ask, known.info, network.batch, ()).layers[-1].asked

    def given(x: Any) -> Array:
        found = np.asarray(ask(x))
        return found[:, np.newaxis] if found.ndim == 1 else found

    return given


def _learned_by_version(context: Context, version: VersionRecord) -> tuple[tuple[RunConfig, ...], tuple[str, ...]]:
    if origin.uploaded(version):
        return (), (f"{version.title} came from elsewhere: it may have learned from these examples.",)
    config = version_manifest.need_config(version.config)
    found, notes = _learned(context, version.title, config)
    for member in origin.members(version):
        with_seed = config if member.seed is None else config.model_copy(update={"seed": member.seed})
        own, more = _learned(context, version.title, _config_of(context, member.run, member.uid) or with_seed)
        found, notes = (*found, *own), (*notes, *more)
    return found, tuple(dict.fromkeys(notes))


def _learned(context: Context, who: str, config: RunConfig) -> tuple[tuple[RunConfig, ...], tuple[str, ...]]:
    """Also what the run learned from that it began from."""
    found = [config]
    while found[-1].fine_tune is not None and len(found) <= _MOST_BEFORE:
        number = found[-1].fine_tune.run
        before = _config_of(context, number)
        if before is None:
            return tuple(found), (
                f"{who} began from run {number}, which is gone: what that learned from is not known.",
            )
        found.append(before)
    return tuple(found), ()


def _config_of(context: Context, number: int, uid: str = "") -> RunConfig | None:
    try:
        run = runs.get(context, number)
        return need_spec(run) if uid in ("", run.uid) else None
    except TraindeckError:
        return None
