"""The worker that has networks of several runs answer a data set chosen afterwards; see core.jobs.comparison."""

import itertools
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core import runs
from core.common.context import Actor, Context
from core.common.errors import DataError, TraindeckError
from core.common.text import first_line, plural
from core.common.whole_files import write_whole
from core.data import other_data
from core.data.base import Array, Dataset, Examples
from core.data.examples import drawn, take
from core.data.library.known import source_of
from core.data.prepare import load
from core.evaluation import classification, predictions, regression
from core.evaluation.chances import holm
from core.evaluation.report import Report
from core.inference.decisions import HALF, taken, two_columns
from core.jobs.comparison import Compared, Difference, Wanted, answers_file
from core.runs.specs import need_spec
from core.tracking.full_disk import problem_of
from core.verdicts import on_examples
from core.verdicts.estimates import SURE, Estimate
from core.workers.prediction import Network
from core.workers.work import Work
from db.records import RunRecord

_BATCH = 256  # examples that a network is asked about at a time
_MOST = 100_000  # examples; of more, as many are drawn
_METRICS = ("test_accuracy", "test_roc_auc", "test_f1_macro", "test_loss", "test_mae", "test_rmse", "test_r2")


def answer(work: Work, asked: Wanted) -> Compared:
    """Whatever goes wrong is told as its problem."""
    try:
        return _compared(work, asked)
    except TraindeckError as error:
        return Compared(problem=problem_of(error))
    except Exception as error:  # noqa: BLE001 - whatever a network or a disk raises
        traceback.print_exc()
        text = first_line(error)
        return Compared(problem=problem_of(error, f"They could not be compared: {type(error).__name__}: {text}"))


@dataclass(frozen=True)
class _Subject:
    run: RunRecord
    network: Network
    x: Examples  # as the network takes them, numbers in their own unit
    y: Array  # class numbers of this network, or numbers
    seen: Array  # bool: which of them it learned from, or was chosen by

    @property
    def who(self) -> str:
        return f"run {self.run.id}"

    def taken(self, positions: Array) -> "_Subject":
        return replace(self, x=take(self.x, positions), y=self.y[positions], seen=self.seen[positions])


def _compared(work: Work, asked: Wanted) -> Compared:
    """Raises TraindeckError, OSError."""
    context, notes = Context(work.workspace, Actor("comparison", "process")), list[str]()
    work.progress("reading the data set", 0.0)
    data = other_data.known(source_of(work.settings, asked.data), work.settings)
    if len(data.y) > _MOST:
        notes.append(f"{_MOST:,} of its {len(data.y):,} examples were drawn.")
        data = data.taken(np.sort(drawn(len(data.y), _MOST)))
    subjects = []
    for number in asked.runs:
        run = runs.get(context, number)
        work.progress(f"loading the network of run {run.id}", 0.1)
        subjects.append(_subject(work, context, run, data, notes))
    first = subjects[0].network.info
    for each in subjects[1:]:
        if sorted(each.network.info.class_names) != sorted(first.class_names):
            raise DataError(f"{subjects[0].who} and {each.who} tell other classes, and cannot be compared by them.")
    kept = _usable(subjects, notes)
    data, subjects = data.taken(kept), [each.taken(kept) for each in subjects]
    if len(kept) < 2:
        raise DataError(f"{data.title} has fewer than two examples that none of them learned from. {' '.join(notes)}")
    frames: dict[int, pd.DataFrame] = {}
    metrics: dict[int, dict[str, float]] = {}
    for place, each in enumerate(subjects):
        report, frame = _judged(work, each, data, (place, len(subjects)))
        frames[each.run.id] = _in_order(frame, each.network.info.class_names, first.class_names)
        metrics[each.run.id] = report.metrics()
        path = answers_file(work.settings, asked, each.run.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, frames[each.run.id].to_parquet)
    work.progress("comparing the answers", 0.97)
    return Compared(
        title=data.title, examples=len(kept), metrics=metrics, classes=tuple(first.class_names), notes=tuple(notes),
        differences=tuple(_differences(frames, metrics)),
    )  # fmt: skip


def _subject(work: Work, context: Context, run: RunRecord, data: other_data.Known, notes: list[str]) -> _Subject:
    network = Network(work.workspace, str(run.id))
    network.load()
    who, info = f"run {run.id}", network.info
    x = other_data.fitted(data, info, network.stored, network.vocabulary, who)
    y = other_data.labels(data, info.class_names, who) if info.is_classification else data.y.astype(np.float64)
    config = need_spec(run)
    try:
        work.progress(f"looking which examples run {run.id} learned from", 0.1)
        own = load(config.data, context.workspace.settings, config.seed)
        seen = other_data.is_seen(x, [own.x_train, own.x_val])
    except DataError as error:
        notes.append(f"What {who} learned from cannot be read ({error}), so that it may have seen some of these.")
        seen = np.zeros(len(y), bool)
    if seen.any():
        notes.append(f"{seen.sum():,} of {len(seen):,} examples are among those that {who} learned from or was chosen "
                     "by; they are left out.")  # fmt: skip
    return _Subject(run, network, x, y, seen)


def _usable(subjects: Sequence[_Subject], notes: list[str]) -> Array:
    """Positions of the examples that all can be judged by."""
    usable = np.ones(len(subjects[0].y), bool)
    for each in subjects:
        usable &= ~each.seen
        if each.network.info.is_classification and (unknown := int((each.y < 0).sum())):
            notes.append(f"{plural(unknown, 'example')} of classes that {each.who} does not tell are left out.")
            usable &= each.y >= 0
        if each.network.info.kind == "rows" and not isinstance(each.x, dict):
            lacking = ~np.isfinite(each.x.reshape(len(each.x), -1).astype(np.float64)).all(axis=1)
            if lacking.any():
                notes.append(f"{plural(int(lacking.sum()), 'row')} with missing values, which {each.who} cannot take.")
            usable &= ~lacking
    return np.flatnonzero(usable)


def _judged(
    work: Work, subject: _Subject, data: other_data.Known, place: tuple[int, int]
) -> tuple[Report, pd.DataFrame]:
    rows, outputs = len(subject.y), list[Array]()
    for start in range(0, rows, _BATCH):
        share = (place[0] + start / rows) / place[1]
        work.progress(f"asking {subject.who}: {start:,} of {rows:,}", 0.2 + 0.75 * share)
        outputs.append(subject.network.outputs(take(subject.x, slice(start, start + _BATCH))))
    given, info = np.concatenate(outputs), subject.network.info
    texts = np.asarray(data.x) if info.kind == "text" else None
    judged = Dataset(
        take(subject.x, slice(0)), subject.y[:0], take(subject.x, slice(0)), subject.y[:0], subject.x, subject.y, info,
        "", subject.network.vocabulary, texts_test=texts,
    )  # fmt: skip
    report = Report(task=info.task, kind=info.kind, target=info.target, examples=rows)
    if not info.is_classification:
        numbers = given.reshape(-1).astype(np.float64)
        known = np.asarray(np.isfinite(numbers))
        made = regression.regression(numbers[known], subject.y[known]) if known.any() else None
        return report.model_copy(update={"regression": made}), predictions.of_numbers(numbers, judged)
    probabilities, chosen = two_columns(given), subject.network.threshold()
    names = predictions.unique(info.class_names)
    level = HALF if chosen is None else chosen.threshold
    predicted = taken(probabilities[:, 1], level) if len(names) == 2 else probabilities.argmax(axis=1)
    frame = predictions.of_classes(probabilities, judged, names, None, predicted)
    known = np.asarray(np.isfinite(probabilities).all(axis=1))
    if not known.any():
        return report, frame
    made_of = classification.classification(probabilities[known], subject.y[known], names, None, predicted[known])
    loss = float(frame["loss"][known].mean())
    return report.model_copy(update={"classification": made_of, "loss": loss}), frame


def _in_order(frame: pd.DataFrame, own: Sequence[str], first: Sequence[str]) -> pd.DataFrame:
    """Classes numbered as the first network's are."""
    if list(own) == list(first) or not own:
        return frame
    places = np.array([list(first).index(name) for name in own])
    changed = frame.assign(label=places[frame["label"]].astype(np.int32))
    told = frame["predicted"].to_numpy()
    changed["predicted"] = np.where(told >= 0, places[np.maximum(told, 0)], -1).astype(np.int32)
    columns = {f"{predictions.PROBABILITY}{name}" for name in own} & set(map(str, frame.columns))
    order = [f"{predictions.PROBABILITY}{name}" for name in first if f"{predictions.PROBABILITY}{name}" in columns]
    rest = [name for name in map(str, frame.columns) if name not in columns]
    return changed[[*rest[:5], *order, *rest[5:]]]


def _differences(frames: Mapping[int, pd.DataFrame], metrics: Mapping[int, Mapping[str, float]]) -> list[Difference]:
    found = []
    pairs = list(itertools.combinations(frames, 2))
    for metric in (name for name in _METRICS if all(name in each for each in metrics.values())):
        told: list[tuple[int, int, Estimate | str]] = []
        for one, other in pairs:
            try:
                told.append((one, other, on_examples.difference(metric, frames[other], frames[one])))
            except on_examples.NotComparableError as error:
                told.append((one, other, str(error)))
        chances = iter(holm([each.chance for _, _, each in told if isinstance(each, Estimate)]))
        for one, other, each in told:
            if isinstance(each, str):
                found.append(Difference(metric=metric, one=one, other=other, reason=each))
                continue
            chance = next(chances)
            low, high = each.interval(SURE * each.chance / chance if each.chance else SURE)
            found.append(Difference(
                metric=metric, one=one, other=other, difference=each.difference, low=low, high=high, chance=chance
            ))  # fmt: skip
    return found
