"""The worker that asks a run's best network about a whole file; see core.jobs.batch_prediction."""

import traceback
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from core.common.errors import DataError, TraindeckError
from core.common.settings import Settings
from core.common.text import first_line
from core.common.whole_files import write_whole
from core.data.base import Array, Examples
from core.data.examples import together
from core.data.input_files import InputFile, read_pictures, read_rows, read_texts
from core.data.label_sets import names_of
from core.evaluation.predictions import MOST_CLASSES, PROBABILITY, unique
from core.evaluation.report import Thresholds
from core.inference.decisions import HALF, taken, two_columns
from core.jobs.batch_prediction import SHOWN, File, Predicted, answers, given
from core.tracking.full_disk import problem_of
from core.workers.prediction import Network
from core.workers.work import Work

_BATCH = 256  # inputs that the network is asked about at a time


def answer(work: Work, asked: File) -> Predicted:
    """Whatever goes wrong with the whole is told as its problem; with one input, in its row."""
    try:
        network = Network(work.workspace, str(asked.run))
        network.load()
        return _answered(work, network, asked)
    except TraindeckError as error:
        return Predicted(problem=problem_of(error))
    except Exception as error:  # noqa: BLE001 - whatever a network or a disk raises
        traceback.print_exc()
        text = first_line(error)
        return Predicted(problem=problem_of(error, f"The file could not be answered: {type(error).__name__}: {text}"))


def _answered(work: Work, network: Network, asked: File) -> Predicted:
    """Raises TraindeckError, OSError."""
    work.progress(f"reading {asked.name}")
    file = _read(work.settings, network, asked)
    rows = len(file.kept)
    outputs: list[Array] = []
    errors: dict[int, str] = {}
    for batch, places in _batches(file, errors):
        work.progress(f"asking the network: {places[-1] + 1:,} of {rows:,}", (places[-1] + 1) / max(1, rows))
        outputs.append(network.outputs(batch))
    frame = _table(file, network, outputs, errors)
    target = answers(work.settings, asked)
    if asked.format == "csv":
        write_whole(target, lambda path: frame.to_csv(path, index=False))
    else:
        write_whole(target, lambda path: frame.to_parquet(path, index=False))
    shown = frame.head(SHOWN).map(lambda cell: "" if pd.isna(cell) else f"{cell:.6g}" if isinstance(cell, float) else
                                  str(cell))  # fmt: skip
    return Predicted(
        rows=rows,
        wrong=len(errors),
        notes=(*file.notes, *_decided(network.threshold()), *_told(errors, file, rows)),
        columns=tuple(map(str, frame.columns)),
        first=tuple(tuple(row) for row in shown.to_numpy().tolist()),
        step=network.step,
        epoch=network.epoch,
    )


def _read(settings: Settings, network: Network, asked: File) -> InputFile:
    """Raises DataError."""
    info, path = network.info, given(settings, asked)
    if info.is_image:
        return read_pictures(settings, path, asked.name, network.stored.shape, info.shape)
    if info.kind == "text" and network.vocabulary is not None:
        return read_texts(settings, path, asked.name, network.vocabulary, info, asked.text_column)
    if info.kind in ("table", "rows"):
        return read_rows(settings, path, asked.name, info)
    if info.kind == "series":
        raise DataError("This run's network forecasts a series; newer rows are given with the forecast, not as a file.")
    raise DataError("This run's network writes text; it is asked with a prompt, not with a file.")


def _batches(file: InputFile, errors: dict[int, str]) -> Iterator[tuple[Examples, list[int]]]:
    """Inputs together, with their rows; what cannot be read goes to `errors`, by row."""
    batch: list[Examples] = []
    places: list[int] = []
    for place, each in enumerate(file.inputs):
        if isinstance(each, DataError):
            errors[place] = str(each)
            continue
        batch.append(each)
        places.append(place)
        if len(batch) == _BATCH:
            yield together(batch), places
            batch, places = [], []
    if batch:
        yield together(batch), places


def _table(file: InputFile, network: Network, outputs: list[Array], errors: dict[int, str]) -> pd.DataFrame:
    """What was kept, then prediction and probabilities; empty where a row could not be read."""
    info, frame = network.info, file.kept.copy()
    known = np.array([place not in errors for place in range(len(frame))], bool)
    found: dict[str, Any] = {}
    if info.is_classification:
        names = unique(info.class_names)
        rows = two_columns(np.concatenate(outputs)) if outputs else np.empty((0, len(names)), np.float32)
        predicted = np.full(len(frame), None, object)
        numbers, chosen = np.isfinite(rows).all(axis=1), network.threshold()
        decided = rows.argmax(axis=1) if chosen is None else taken(rows[:, 1], chosen.threshold)
        given: Array = np.array(names, object)[decided]
        given[~numbers] = None
        predicted[known] = given
        found["prediction"] = predicted
        if len(names) <= MOST_CLASSES:
            found |= {f"{PROBABILITY}{name}": _placed(rows[:, at], known) for at, name in enumerate(names)}
    elif info.task == "multilabel":
        rows = np.concatenate(outputs) if outputs else np.empty((0, info.classes), np.float32)
        found |= _label_columns(rows, known, unique(info.class_names), network.levels())
    else:
        values = np.concatenate([each.reshape(-1) for each in outputs]) if outputs else np.empty(0)
        found["prediction"] = _placed(values, known)
    if errors:
        found["error"] = [errors.get(place, "") for place in range(len(frame))]
    added = unique([*map(str, frame.columns), *found])[len(frame.columns) :]
    return pd.concat([frame, pd.DataFrame(dict(zip(added, found.values(), strict=True)), index=frame.index)], axis=1)


def _label_columns(rows: Array, known: Array, names: list[str], levels: tuple[float, ...]) -> dict[str, Any]:
    """The labels of each row that was read, parted as in predictions.parquet, and their probabilities."""
    predicted = np.full(len(known), None, object)
    numbers = np.asarray(np.isfinite(rows).all(axis=1)).tolist()
    predicted[known] = [
        names_of(row > levels, names) if is_number else None for row, is_number in zip(rows, numbers, strict=True)
    ]
    found: dict[str, Any] = {"prediction": predicted}
    if len(names) <= MOST_CLASSES:
        found |= {f"{PROBABILITY}{name}": _placed(rows[:, at], known) for at, name in enumerate(names)}
    return found


def _placed(values: Array, known: Array) -> Array:
    """In the rows that were read; NaN in the others."""
    placed = np.full(len(known), np.nan)
    placed[known] = values
    return placed


def _decided(chosen: Thresholds | None) -> list[str]:
    if chosen is None or chosen.threshold == HALF:
        return []
    return [f"Predicted is {chosen.positive} from the run's threshold on, a probability of {chosen.threshold:.3g}."]


def _told(errors: dict[int, str], file: InputFile, rows: int) -> list[str]:
    if not errors:
        return []
    told = [f"{len(errors):,} of {rows:,} rows could not be read; their prediction is empty, and a column says why."]
    by_file = file.kept["file"].tolist() if list(file.kept.columns) == ["file"] else None
    told += [
        text if by_file else f"Row {place + 1:,}: {text}" for place, text in list(errors.items())[:SHOWN]
    ]  # fmt: skip
    return told
