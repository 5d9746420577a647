"""The evaluation at the end of a run: predict the test set once, and keep the report, the predictions and samples."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from core.common.whole_files import write_whole
from core.data.base import Array, Dataset
from core.evaluation import classification, generation, kept_texts, predictions, regression, samples
from core.evaluation.outputs import is_cross_entropy, predict, token_losses
from core.evaluation.report import Report, defined
from core.evaluation.report_files import PREDICTIONS, REPORT, SAMPLES


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
    if data.info.is_image and report.classification is not None:
        assert not isinstance(data.x_test, dict)
        pictures = data.x_test
        files[SAMPLES] = lambda path: samples.save_samples(path, pictures, frame)
    files[PREDICTIONS] = lambda path: frame.to_parquet(path, index=False)
    files[REPORT] = lambda path: path.write_text(report.model_dump_json())
    return files


def judge(
    model: keras.Model, data: Dataset, targets: Array, before_batch: Callable[[], object] = lambda: None
) -> tuple[Report, pd.DataFrame]:
    """Evaluate the model, with the weights it has, on the test set, which is not empty: a report, and all predictions.

    Args:
        model: compiled.
        data: as the network takes them.
        targets: of the test examples, as the model's loss takes them.
        before_batch: what it raises ends the evaluation.
    """
    report = Report(task=data.info.task, kind=data.info.kind, target=data.info.target, examples=len(data.y_test))
    if data.info.is_classification:
        given, losses = predict(model, data.x_test, targets, before_batch)
        return _classes(report, given, losses, data, losses if is_cross_entropy(model.loss) else None)
    if data.info.task == "regression":
        return _numbers(report, *predict(model, data.x_test, targets, before_batch), data)
    assert not isinstance(data.x_test, dict)
    return _windows(report, *token_losses(model, data.x_test, targets, before_batch), data)


def _classes(
    report: Report, given: Array, losses: Array, data: Dataset, entropies: Array | None
) -> tuple[Report, pd.DataFrame]:
    """`losses` are as while training, `entropies` the cross-entropies where those are it."""
    probabilities = classification.two_columns(given)
    names = predictions.unique(data.info.class_names)
    known = _numbers_only(probabilities)
    labels = data.y_test[known]
    entropies = None if entropies is None else entropies[known]
    made = classification.classification(probabilities[known], labels, names, entropies) if known.any() else None
    told = [*_left_out(known), *(classification.notices(labels, names) if known.any() else [])]
    frame = predictions.of_classes(probabilities, data, names, losses)
    if kept_texts.UNSEEN in frame:
        told += kept_texts.told(frame[kept_texts.UNSEEN].tolist(), data.info.shape[0])
    update = {"classification": made, "notices": tuple(told), "left_out": int((~known).sum())}
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
    update = {"regression": made, "notices": tuple(told), "left_out": int((~known).sum())}
    report = report.model_copy(update={**update, "loss": _mean(losses, known)})
    return report, predictions.of_numbers(given, data)


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
