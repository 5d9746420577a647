"""The evaluation at the end of a run: predict the test set once, and keep the report, the predictions and samples."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from core.common.whole_files import write_whole
from core.config.threshold_rules import Half, Threshold
from core.data.base import Array, Dataset
from core.evaluation import (
    classification,
    forecasts,
    generation,
    kept_texts,
    multilabel,
    predictions,
    regression,
    samples,
    thresholds,
)
from core.evaluation.outputs import outputs, predict, token_losses
from core.evaluation.report import Report, Thresholds, defined
from core.evaluation.report_files import PREDICTIONS, REPORT, SAMPLES
from core.inference.decisions import taken, two_columns


def store(
    report: Report,
    frame: pd.DataFrame,
    data: Dataset,
    folder: Path,
    publishing: Callable[[Path, str], AbstractContextManager[None]],
    keep: Callable[[Callable[[], None]], None] = lambda write: write(),
) -> None:
    """Write what `judge` found.

    Args:
        folder: where the files go; made when it is not there.
        publishing: given each file and the kind of artifact it is; the file is put in place within.
        keep: called with what writes a file, for it to be done, again where the disk is full.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    for name, write in _files(report, frame, data).items():
        kind = "predictions" if name == PREDICTIONS else "evaluation"
        keep(partial(_keep, folder / name, write, partial(publishing, folder / name, kind)))


def _keep(path: Path, write: Callable[[Path], object], publishing: Callable[[], AbstractContextManager[None]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, write, publishing())


def _files(report: Report, frame: pd.DataFrame, data: Dataset) -> dict[str, Callable[[Path], object]]:
    """What writes each file. The report comes last: where it is, the others are."""
    files: dict[str, Callable[[Path], object]] = {}
    if data.info.is_image:
        assert not isinstance(data.x_test, dict)
        pictures = data.x_test
        files[SAMPLES] = lambda path: samples.save_samples(path, pictures, frame)
    files[PREDICTIONS] = lambda path: frame.to_parquet(path, index=False)
    files[REPORT] = lambda path: path.write_text(report.model_dump_json())
    return files


def judge(
    model: keras.Model,
    data: Dataset,
    targets: Array,
    before_batch: Callable[[], object] = lambda: None,
    threshold: Threshold | None = None,
    *,
    entropies: bool = True,
) -> tuple[Report, pd.DataFrame]:
    """Evaluate the model, with the weights it has, on the test set, which is not empty: a report, and all predictions.

    Args:
        model: compiled.
        data: as the network takes them.
        targets: of the test examples, as the model's loss takes them.
        before_batch: what it raises ends the evaluation.
        entropies: whether the losses of a classifier are cross-entropies, neither weighted by class nor smoothed.
        threshold: from which probability of the second class of two it is taken; 0.5 where none is given.
    """
    report = Report(task=data.info.task, kind=data.info.kind, target=data.info.target, examples=len(data.y_test))
    if data.info.is_classification:
        given, losses = predict(model, data.x_test, targets, before_batch)
        validation = np.zeros((0, 2))
        if data.info.task == "binary" and len(data.y_val):
            validation = two_columns(outputs(model, data.x_val, before_batch))
        found = _Given(two_columns(given), losses, entropies, validation)
        return _classes(report, found, data, threshold or Half())
    if data.info.task == "multilabel":
        cut = multilabel.half(data.info.classes)
        if len(data.y_val):
            cut = multilabel.thresholds(outputs(model, data.x_val, before_batch), data.y_val)
        given, losses = predict(model, data.x_test, targets, before_batch)
        return _labels(report, given, losses, data, cut, entropies)
    if data.info.task == "regression":
        return _numbers(report, *predict(model, data.x_test, targets, before_batch), data)
    if data.info.task == "forecast":
        return _forecasts(report, *predict(model, data.x_test, targets, before_batch), data)
    assert not isinstance(data.x_test, dict)
    return _windows(report, *token_losses(model, data.x_test, targets, before_batch), data)


@dataclass(frozen=True)
class _Given:
    """What a classifier gave."""

    probabilities: Array  # [examples, classes], of the test set
    losses: Array  # [examples], the loss of these probabilities, clipped at 1e-7
    entropies: bool  # whether those are the cross-entropies
    validation: Array  # [examples, 2], of two classes; may be empty


def _classes(report: Report, given: _Given, data: Dataset, rule: Threshold) -> tuple[Report, pd.DataFrame]:
    probabilities, losses = given.probabilities, given.losses
    names = predictions.unique(data.info.class_names)
    known = _numbers_only(probabilities)
    labels, told, made = data.y_test[known], _left_out(known), None
    entropies = losses if given.entropies else None
    predicted = probabilities.argmax(axis=1)
    if known.any():
        told += classification.notices(labels, names)
        chosen = _threshold(given, known, data, rule) if data.info.task == "binary" else None
        if chosen is not None:
            predicted = taken(probabilities[:, 1], chosen.threshold)
            told += thresholds.notices(chosen)
        some = None if entropies is None else entropies[known]
        made = classification.classification(probabilities[known], labels, names, some, predicted[known])
        made = made.model_copy(update={"thresholds": chosen})
    frame = predictions.of_classes(probabilities, data, names, losses, predicted)
    if kept_texts.UNSEEN in frame:
        told += kept_texts.told(frame[kept_texts.UNSEEN].tolist(), data.info.shape[0])
    update = {"classification": made, "notices": tuple(told), "left_out": int((~known).sum())}
    report = report.model_copy(update={**update, "loss": _mean(losses, known)})
    return report, frame


def _threshold(given: _Given, known: Array, data: Dataset, rule: Threshold) -> Thresholds:
    numbers = _numbers_only(given.validation)
    first, second = predictions.unique(data.info.class_names)
    validation = given.validation[numbers, 1], data.y_val[: len(numbers)][numbers]
    return thresholds.thresholds(rule, (first, second), validation, (given.probabilities[known, 1], data.y_test[known]))


def _labels(
    report: Report, given: Array, losses: Array, data: Dataset, cut: multilabel.Thresholds, entropies: bool
) -> tuple[Report, pd.DataFrame]:
    """`entropies`: whether the losses are cross-entropies."""
    names = predictions.unique(data.info.class_names)
    known, told, made = _numbers_only(given), [], None
    told += _left_out(known)
    if known.any():
        y = data.y_test[known]
        made = multilabel.multilabel(given[known], y, names, cut, losses[known] if entropies else None)
        told += multilabel.notices(y, names, cut, len(data.y_val))
    frame = predictions.of_labels(given, data, names, cut.values, losses)
    if kept_texts.UNSEEN in frame:
        told += kept_texts.told(frame[kept_texts.UNSEEN].tolist(), data.info.shape[0])
    update = {"multilabel": made, "notices": tuple(told), "left_out": int((~known).sum())}
    report = report.model_copy(update={**update, "loss": _mean(losses, known)})
    return report, frame


def _numbers(report: Report, outputs: Array, losses: Array, data: Dataset) -> tuple[Report, pd.DataFrame]:
    """In the target's unit; the loss as while training, of scaled targets."""
    outputs = outputs.reshape(len(data.y_test))
    given = data.numbers.of_outputs(outputs) if data.numbers is not None else outputs
    true = data.y_test if data.targets_test is None else data.targets_test
    known = np.isfinite(given)
    made = regression.regression(given[known], true[known]) if known.any() else None
    told = [*_left_out(known), *regression.notices(true[known])]
    frame = predictions.of_numbers(given, data)
    if kept_texts.UNSEEN in frame:
        told += kept_texts.told(frame[kept_texts.UNSEEN].tolist(), data.info.shape[0])
    update = {"regression": made, "notices": tuple(told), "left_out": int((~known).sum())}
    report = report.model_copy(update={**update, "loss": _mean(losses, known)})
    return report, frame


def _forecasts(report: Report, outputs: Array, losses: Array, data: Dataset) -> tuple[Report, pd.DataFrame]:
    """As `_numbers`, a row of them for each window."""
    outputs = outputs.reshape(len(data.y_test), -1)
    given = data.numbers.of_outputs(outputs) if data.numbers is not None else outputs
    known = _numbers_only(given)
    if not known.any():
        return report.model_copy(update={"notices": tuple(_left_out(known))}), pd.DataFrame()
    made, frame = forecasts.forecast(given, data, known)
    update = {"forecast": made, "notices": tuple(_left_out(known))}
    update |= {"left_out": int((~known).sum()), "loss": _mean(losses, known)}
    return report.model_copy(update=update), frame


def _windows(report: Report, losses: Array, right: Array, data: Dataset) -> tuple[Report, pd.DataFrame]:
    known = _numbers_only(losses)
    made = generation.generation(losses[known], right[known]) if known.any() else None
    update = {"generation": made, "notices": tuple(_left_out(known)), "left_out": int((~known).sum())}
    report = report.model_copy(update={**update, "loss": _mean(losses, known)})
    return report, predictions.of_windows(losses, right, data)


def _mean(losses: Array, known: Array) -> float | None:
    """Over the examples whose prediction is a number; None when there are none."""
    return defined(float(losses[known].mean(dtype=np.float64))) if known.any() else None


def _numbers_only(rows: Array) -> Array:
    """Whether all of each row are numbers, as [rows]."""
    return np.asarray(np.isfinite(rows).all(axis=1))


def _left_out(known: Array) -> list[str]:
    """`known` says of each prediction whether it is a number."""
    if known.all():
        return []
    if not known.any():
        return [
            "Not one prediction for the test set was a number, so there is nothing to evaluate. Take a smaller "
            "learning rate or gradient clipping, and look for extreme values in the data."
        ]
    return [
        f"{(~known).sum():,} of {len(known):,} predictions for the test set were not a number. These examples are left "
        "out of the figures here. Look for extreme values in the data."
    ]
