"""A file that somebody gave becomes a version: looked at, asked, judged on the test set where its inputs are known."""

import math
import shutil
import uuid
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.common.context import Context
from core.common.errors import DataError, TraindeckError
from core.data.base import Dataset
from core.data.data_info import NUMBERS, Array, DataInfo
from core.data.examples import take
from core.data.network_numbers import scaled
from core.data.number_scaling import Numbers, of_inputs, restored
from core.data.prepare import load
from core.data.vocabulary import Vocabulary
from core.evaluation.outputs import outputs
from core.evaluation.report import Report
from core.evaluation.report_files import PREDICTIONS, REPORT, SAMPLES
from core.evaluation.samples import save_samples
from core.export import asked_examples
from core.export.asked_range import asked_in, range_hint
from core.export.completing import completed
from core.export.file_checks import check
from core.export.given_network import (
    GivenNetwork,
    opened,
    require_answers,
    require_each_answered,
    require_fits,
    require_logits,
    shape_told,
)
from core.export.input_likeness import Like, like_of
from core.export.runtime_words import runtime_said
from core.inference.description import MANIFEST
from core.inference.engines import ONNX_KINDS
from core.jobs.new_version import BYTES, CHECK_CPU_SECONDS, Uploaded, placed
from core.models import version_files, version_manifest
from core.models.version_manifest import Manifest
from core.models.version_source import Source, of_file
from core.system.cpu_limit import at_most_cpu
from core.training import uploaded_network
from core.training.final_evaluation import baseline_facts
from core.training.joined_networks import Progress, judged_by, written
from core.training.uploaded_network import UploadError

_PROBES = 8
_MOST_VALUES = 2**24  # of an example; a picture of 2,000 by 2,000 pixels has 12 million
_EXACT = 2**24  # up to which whole numbers are themselves in float32, in which inputs come
_FAR = 10.0  # times the error of always the mean: a network that was asked in another unit, not a bad one
_READ = 1000  # training examples by which it is told in which unit a network answers
_FROM_ELSEWHERE = (
    "The file came from elsewhere: whether it learned from these test examples is not known; if it did, the figures "
    "are too good."
)
_ENDS = {"keras": ".keras", "onnx": ".onnx", "litert": ".tflite"}


def uploaded(
    progress: Progress, context: Context, asked: Uploaded, folder: Path, kept: Path | None = None, uid: str = ""
) -> Source:
    """What is asked for, with its files in `folder`.

    Args:
        kept: a file that is taken in place of what was uploaded; then samples are written, too.
        uid: of the network, a new one when empty.

    Raises:
        TraindeckError, OSError
    """
    place = kept or placed(context.workspace.settings, asked.folder)
    if not place.is_file():
        raise UploadError(f"{asked.name} is no longer there. Upload it again.")
    progress(f"looking into {asked.name}", 0.0)
    form = check(place, asked.name)
    path = folder / f"given{_ENDS[form]}"
    shutil.copyfile(place, path)
    like = like_of(context, asked.like) if asked.like else None
    with at_most_cpu(CHECK_CPU_SECONDS):  # a loop in it may have no end
        progress("loading the network", 0.1)
        network = opened(path, form, asked.name)
        manifest = _manifest(context, like, network, asked.name)
        progress("asking it about made examples", 0.2)
        given = _answers(network, manifest, asked.name)
        if asked.logits:
            require_logits(given, manifest.info, asked.name)
        if asked.logits or asked.pixels != BYTES:
            network = completed(network, path, manifest.info, asked, given.shape[-1])
            given = _answers(network, manifest, asked.name)
    require_answers(given, manifest.info, asked.name)
    units = tuple(given.shape[1:])
    if like is None:
        manifest = manifest.model_copy(update={"info": replace(manifest.info, units=int(np.prod(units)))})
    model = network.model
    if model is None and like is not None and network.ask is not None:
        model = uploaded_network.through_runtime(network.ask, manifest.info, network.batch, units)
    report, why, numbers, hint = None, "it takes numbers as they are", None, ""
    if like is not None:
        report, why, numbers, hint = _report(
            progress, context, like, model, folder, asked.pixels, with_samples=kept is not None
        )
    if like is not None and report is not None:
        spec = version_manifest.need_config(like.config)
        raw = numbers.raw() if numbers else None
        manifest = version_manifest.manifest_of(context.workspace.settings, spec, report, raw, views=False)
    found = {"unmeasured": why, "hint": hint}
    return _source(context, asked, like, path, network, manifest, report, found, uid or uuid.uuid4().hex)


def _source(
    context: Context, asked: Uploaded, like: Like | None, path: Path, network: GivenNetwork, manifest: Manifest,
    report: Report | None, found: dict[str, str], uid: str,
) -> Source:  # fmt: skip
    form = next(name for name, ending in _ENDS.items() if ending == path.suffix)
    told = {
        "file": asked.name, "bytes": path.stat().st_size, "sha256": version_files.sha256(path), "format": form,
        "by": context.actor.name, "like": like.title if like else "", "logits": asked.logits, **found,
        "asked": asked_in(manifest.info, like.numbers, asked.pixels, like.title) if like else "numbers as they are",
    }  # fmt: skip
    facts: dict[str, Any] = {"uploaded": told}
    if like is not None:
        kept = ("task", "target", "examples", "data_fingerprint")
        facts |= {name: like.facts[name] for name in kept if name in like.facts}
    if report is not None:
        facts |= baseline_facts(report)
    if network.model is not None:
        facts["parameters"] = int(network.model.count_params())
        path = written(network.model, None, uid, path.parent)
    version_manifest.write(manifest, path.parent)
    beside = [each for name in (MANIFEST, REPORT, PREDICTIONS) if (each := path.with_name(name)).is_file()]
    beside += [like.words] if like is not None and like.words is not None else []
    return of_file(uid, asked.name, path, beside, report, asked.run, config=like.config if like else {}, facts=facts)


def _manifest(context: Context, like: Like | None, network: GivenNetwork, name: str) -> Manifest:
    """What it takes. Raises UploadError: something else than was said."""
    if like is None:
        return Manifest(info=_raw(network, name), stored_shape=tuple(network.inputs[0].shape))
    spec = version_manifest.need_config(like.config)
    raw = like.numbers.raw()
    try:
        found = version_manifest.manifest_of(context.workspace.settings, spec, None, raw, views=False)
    except DataError:
        if like.version is None:
            raise
        found = version_manifest.of_version(context, like.version)
        found = found.model_copy(update={"numbers": raw, "views": "none", "threshold": None})
    require_fits(network.inputs, found.info, like.title, name)
    return found


def _raw(network: GivenNetwork, name: str) -> DataInfo:
    """Of numbers as they are."""
    if len(network.inputs) != 1:
        names = ", ".join(each.name for each in network.inputs)
        raise UploadError(f"{name} has {len(network.inputs)} inputs ({names}); of numbers as they are, one is "
                          "accepted. Say whose inputs it takes, where there is a run with the same.")  # fmt: skip
    (one,) = network.inputs
    if one.kind == "string" or any(size is None for size in one.shape) or not one.shape:
        raise UploadError(
            f"{name} takes {one.kind} of shape {shape_told(one.shape)}; of numbers as they are, a fixed shape is "
            "accepted. Save it with one, or say whose inputs it takes."
        )
    shape = tuple(int(size or 0) for size in one.shape)
    if not 0 < (size := math.prod(shape)) <= _MOST_VALUES:
        raise UploadError(
            f"{name} takes {size:,} numbers for an example, of shape {shape_told(shape)}; 1 to {_MOST_VALUES:,} are "
            "taken. Export a network of other inputs."
        )
    found = DataInfo(shape, (), 0, 0, task="forecast", kind="series", units=1)
    if np.dtype("float32" if one.kind == "bfloat16" else ONNX_KINDS.get(f"tensor({one.kind})", one.kind)).kind in "iu":
        limits = np.iinfo(one.kind)
        return replace(found, whole=(max(int(limits.min), -_EXACT), min(int(limits.max), _EXACT)))
    return replace(found, whole=(0, 1)) if one.kind == "bool" else found


def _answers(network: GivenNetwork, manifest: Manifest, name: str) -> Array:
    """Of a few made examples. Raises UploadError: it cannot be asked."""
    info = manifest.info
    numbers = restored(manifest.numbers) if manifest.numbers else Numbers()
    x = of_inputs(numbers, take(asked_examples.made(manifest, numbers), slice(0, _PROBES)))
    if isinstance(x, dict) and NUMBERS in x:  # a network of others may know no missing ones
        x = x | {NUMBERS: np.nan_to_num(x[NUMBERS])}
    try:
        if network.model is not None:
            ask = partial(uploaded_network.asked, network.model, network.inputs)
        else:
            assert network.ask is not None
            ask = uploaded_network.through_runtime(network.ask, info, network.batch, ()).layers[-1].asked
        given = require_each_answered(ask, x, name)
    except TraindeckError:
        raise
    except Exception as error:  # whatever a runtime raises
        raise UploadError(f"{name} cannot be asked: {runtime_said(error)}. Look at what it takes.") from error
    return given[:, np.newaxis] if given.ndim == 1 else given


def _report(
    progress: Progress, context: Context, like: Like, model: Any, folder: Path, pixels: tuple[float, float], *,
    with_samples: bool,
) -> tuple[Report | None, str, Numbers, str]:  # fmt: skip
    """On the test set, "", how its numbers are read, and a hint; or None, and why."""
    spec = version_manifest.need_config(like.config)
    spec = spec.model_copy(update={"evaluation": spec.evaluation.model_copy(update={"test_time_augmentation": "none"})})
    progress("loading the data", 0.3)
    try:
        data = load(spec.data, context.workspace.settings, spec.seed)
    except DataError as error:
        return None, f"the data set of {like.title} cannot be read ({error})", like.numbers, ""
    if like.facts and data.fingerprint != like.facts.get("data_fingerprint"):
        return None, f"the data set is another now than when {like.title} was trained", like.numbers, ""
    if data.vocabulary is not None and (like.words is None or Vocabulary.load(like.words) != data.vocabulary):
        return None, f"the texts are cut otherwise now than when {like.title} was trained", like.numbers, ""
    if not len(data.y_test):
        return None, "the data set has no test examples", like.numbers, ""
    numbers, told = _in_unit(like, model, data)
    hint = range_hint(model, data, numbers, pixels)
    notices = [_FROM_ELSEWHERE, *told, *([hint] if hint else [])]
    known = scaled(data, numbers)
    report = judged_by(progress, context, model, spec, known, like.facts, folder, notices)
    if with_samples and known.info.is_image and not isinstance(known.x_test, dict):
        save_samples(folder / SAMPLES, known.x_test, pd.read_parquet(folder / PREDICTIONS))
    return report, "", numbers, hint


def _in_unit(like: Like, model: Any, data: Dataset) -> tuple[Numbers, list[str]]:
    """How the numbers that it gives are read, by which is nearer to the training targets, and a sentence on that."""
    target = like.target
    if not data.info.predicts_numbers:
        return like.numbers, []
    x, y = take(data.x_train, slice(0, _READ)), data.y_train[:_READ]
    given = outputs(model, of_inputs(like.numbers, x), lambda: None).reshape(y.shape)
    if wrong := int((~np.isfinite(given.reshape(len(y), -1)).all(axis=1)).sum()):
        raise UploadError(f"The network gives what is no finite number for {wrong} of {len(y)} training examples. Look "
                          "at its weights, and at what it does with missing values.")  # fmt: skip
    own = float(np.abs(given - y).mean())
    other = float(np.abs(target.undo(given) - y).mean()) if target is not None else math.inf
    spread = float(np.abs(y - y.mean()).mean())
    if not min(own, other) <= _FAR * spread and spread:  # also what is no number
        ways = "as the target itself" if target is None or target.kind == "none" else (
            f"as the target itself by {own:.4g}, as scaled like that of {like.title}")  # fmt: skip
        raise UploadError(
            f"What the network gives is far from the targets of the training part, read {ways} by "
            f"{min(own, other) if target is None else other:.4g}; always the mean would be off by {spread:.4g}. It "
            f"takes its inputs prepared otherwise than {like.title} (raw, or normalised outside of it), or was trained "
            "for other data. Upload a network that takes what that run's network takes."
        )
    if target is None or target.kind == "none" or own <= other:
        return like.numbers, []
    numbers = Numbers(like.numbers.inputs, target)
    told = (
        f"What it gives was read as scaled like the target of {like.title}, which is off by {other:.4g} on the "
        f"training part; read as the target itself it would be off by {own:.4g}."
    )
    return numbers, [told]
