"""The worker that has several networks answer a data set chosen afterwards; see core.jobs.comparison."""

import itertools
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.common.context import Actor, Context
from core.common.errors import DataError, TraindeckError
from core.common.settings import Settings
from core.common.text import first_line, plural
from core.common.whole_files import write_whole
from core.data import other_data
from core.data.base import Array, Dataset, Examples
from core.data.examples import drawn, take
from core.data.library.known import source_of
from core.data.prepare import load
from core.evaluation import classification, flips, multilabel, predictions, regression
from core.evaluation.chances import holm
from core.evaluation.report import Report
from core.evaluation.samples import save_pictures
from core.export.compared_networks import Answering, answering
from core.inference.decisions import taken, two_columns
from core.jobs.comparison import Compared, Difference, Wanted, answers_file, pictures_file
from core.tracking.full_disk import problem_of
from core.verdicts import on_examples
from core.verdicts.estimates import SURE, Estimate
from core.workers.work import Work

_BATCH = 256  # examples that a network is asked about at a time
_MOST = 100_000  # examples; of more, as many are drawn
_SHARES = (  # of which two are at most 1 apart
    *("test_accuracy", "test_f1_micro", "test_f1_samples", "test_subset_accuracy", "test_hamming_loss", "test_roc_auc"),
    "test_f1_macro",
)
_METRICS = (*_SHARES, "test_loss", "test_mae", "test_rmse", "test_r2")


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
    key: str
    network: Answering
    x: Examples  # as the network takes them, numbers in their own unit
    y: Array  # class numbers or labels as the first network numbers them, or numbers
    seen: Array  # bool: which of them it learned from, or was chosen by

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
    subjects: list[_Subject] = []
    for each in asked.subjects:
        work.progress(f"loading the network of {each.key}", 0.1)
        network = answering(context, each)
        notes += network.notes
        first = subjects[0].network.info if subjects else network.info
        if first.task != network.info.task:
            raise DataError(
                f"{subjects[0].key} was trained for {first.task}, {each.key} for {network.info.task}: networks of "
                "other tasks cannot be compared. Take others."
            )
        names = first.class_names
        if sorted(map(other_data.plain, names)) != sorted(map(other_data.plain, network.info.class_names)):
            raise DataError(
                f"{subjects[0].key} tells {other_data.listed(names)}, {each.key} tells "
                f"{other_data.listed(network.info.class_names)}: of other classes they cannot be compared. Take others."
            )
        subjects.append(_subject(work, each.key, network, data, names, notes))
    kept = _usable(subjects, notes)
    data, subjects = data.taken(kept), [each.taken(kept) for each in subjects]
    if len(kept) < 2:
        raise DataError(f"{data.title} has fewer than two examples that none of them learned from. {' '.join(notes)}")
    names = subjects[0].network.info.class_names
    frames: dict[str, pd.DataFrame] = {}
    metrics: dict[str, dict[str, float]] = {}
    for place, one in enumerate(subjects):
        report, frame = _judged(work, one, data, names, (place, len(subjects)))
        frames[one.key], metrics[one.key] = frame, report.metrics()
        path = answers_file(work.settings, asked, one.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, frame.to_parquet)
    if data.info.is_image:
        _keep_pictures(work.settings, asked, data, list(frames.values()))
    work.progress("comparing the answers", 0.97)
    return Compared(
        title=data.title, examples=len(kept), metrics=metrics, classes=tuple(names), notes=tuple(notes),
        differences=tuple(_differences(frames, metrics)),
    )  # fmt: skip


def _subject(
    work: Work, key: str, network: Answering, data: other_data.Known, names: Sequence[str], notes: list[str]
) -> _Subject:
    info = network.info
    x = other_data.fitted(data, info, network.stored_shape, network.vocabulary, key)
    y = other_data.labels(data, names, key) if info.class_names else data.y.astype(np.float64)
    seen = np.zeros(len(y), bool)
    for config in network.learned:
        try:
            work.progress(f"looking which examples {key} learned from", 0.1)
            own = load(config.data, work.settings, config.seed)
            seen |= other_data.is_seen(x, [own.x_train, own.x_val])
        except DataError as error:
            notes.append(f"What {key} learned from cannot be read ({error}), so that it may have seen some of these.")
    return _Subject(key, network, x, y, seen)


def _keep_pictures(settings: Settings, asked: Wanted, data: other_data.Known, frames: Sequence[pd.DataFrame]) -> None:
    """Of what some get right and others do not, then of what is wrong for all; as many as there is room for."""
    found = [flips.right(frame) for frame in frames]
    if any(each is None for each in found):
        return
    right = np.stack([each for each in found if each is not None])
    apart, wrong = right.any(axis=0) & ~right.all(axis=0), ~right.any(axis=0)
    positions = np.concatenate([np.flatnonzero(apart), np.flatnonzero(wrong)])
    pictures = other_data.pictures(data)
    write_whole(pictures_file(settings, asked), lambda path: save_pictures(path, pictures, positions))


def _usable(subjects: Sequence[_Subject], notes: list[str]) -> Array:
    """Positions of the examples that all can be judged by."""
    usable = np.ones(len(subjects[0].y), bool)
    alike = {each.seen.tobytes(): each.seen for each in subjects if each.seen.any()}
    for told, seen in alike.items():
        who = " and ".join(each.key for each in subjects if each.seen.tobytes() == told)
        notes.append(f"{seen.sum():,} of {len(seen):,} examples are among those that {who} learned from, or by which "
                     "an epoch was chosen; they are left out.")  # fmt: skip
    for each in subjects:
        usable &= ~each.seen
        if each.network.info.is_classification and (unknown := int((each.y < 0).sum())):
            notes.append(f"{plural(unknown, 'example')} of classes that {each.key} does not tell are left out.")
            usable &= each.y >= 0
        if each.network.info.kind == "rows" and not isinstance(each.x, dict):
            lacking = ~np.isfinite(each.x.reshape(len(each.x), -1).astype(np.float64)).all(axis=1)
            if lacking.any():
                notes.append(f"{plural(int(lacking.sum()), 'row')} with missing values, which {each.key} cannot take.")
            usable &= ~lacking
    return np.flatnonzero(usable)


def _judged(
    work: Work, subject: _Subject, data: other_data.Known, names: Sequence[str], place: tuple[int, int]
) -> tuple[Report, pd.DataFrame]:
    """`names` of the classes as the first network numbers them."""
    rows, parts = len(subject.y), list[Array]()
    for start in range(0, rows, _BATCH):
        share = (place[0] + start / rows) / place[1]
        work.progress(f"asking {subject.key}: {start:,} of {rows:,}", 0.2 + 0.75 * share)
        parts.append(subject.network.outputs(take(subject.x, slice(start, start + _BATCH))))
    given, info = np.concatenate(parts), subject.network.info
    texts = np.asarray(data.x) if info.kind == "text" else None
    judged = Dataset(
        take(subject.x, slice(0)), subject.y[:0], take(subject.x, slice(0)), subject.y[:0], subject.x, subject.y, info,
        "", subject.network.vocabulary, texts_test=texts,
    )  # fmt: skip
    report = Report(task=info.task, kind=info.kind, target=info.target, examples=rows)
    if not info.class_names:
        numbers = given.reshape(-1).astype(np.float64)
        known = np.asarray(np.isfinite(numbers))
        made = regression.regression(numbers[known], subject.y[known]) if known.any() else None
        return report.model_copy(update={"regression": made}), predictions.of_numbers(numbers, judged)
    own = [other_data.plain(name) for name in info.class_names]
    order = np.array([own.index(other_data.plain(name)) for name in names])
    if info.task == "multilabel":
        return _of_labels(report, given[:, order], judged, names, np.array(subject.network.levels)[order])
    probabilities, level = two_columns(given), subject.network.threshold
    told = taken(probabilities[:, 1], level) if len(own) == 2 else probabilities.argmax(axis=1)
    return _of_classes(report, probabilities[:, order], judged, names, np.argsort(order)[told])


def _of_classes(
    report: Report, probabilities: Array, judged: Dataset, names: Sequence[str], predicted: Array
) -> tuple[Report, pd.DataFrame]:
    titles = predictions.unique(names)
    frame = predictions.of_classes(probabilities, judged, titles, None, predicted)
    known = np.asarray(np.isfinite(probabilities).all(axis=1))
    if not known.any():
        return report, frame
    made = classification.classification(probabilities[known], judged.y_test[known], titles, None, predicted[known])
    loss = float(frame["loss"][known].mean())
    return report.model_copy(update={"classification": made, "loss": loss}), frame


def _of_labels(
    report: Report, probabilities: Array, judged: Dataset, names: Sequence[str], levels: Array
) -> tuple[Report, pd.DataFrame]:
    titles, losses = predictions.unique(names), multilabel.entropies(probabilities, judged.y_test)
    frame = predictions.of_labels(probabilities, judged, titles, levels, losses)
    known = np.asarray(np.isfinite(probabilities).all(axis=1))
    if not known.any():
        return report, frame
    cut = multilabel.Thresholds(levels, np.zeros(len(levels), bool))
    made = multilabel.multilabel(probabilities[known], judged.y_test[known], titles, cut, losses[known])
    return report.model_copy(update={"multilabel": made, "loss": made.log_loss}), frame


def _differences(frames: Mapping[str, pd.DataFrame], metrics: Mapping[str, Mapping[str, float]]) -> list[Difference]:
    found = []
    pairs = list(itertools.combinations(frames, 2))
    for metric in (name for name in _METRICS if all(name in each for each in metrics.values())):
        told: list[tuple[str, str, Estimate | str]] = []
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
            if metric in _SHARES:
                low, high = max(low, -1.0), min(high, 1.0)
            found.append(Difference(
                metric=metric, one=one, other=other, difference=each.difference, low=low, high=high, chance=chance
            ))  # fmt: skip
    return found
