"""Networks of runs and versions of models on a data set that was chosen afterwards."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import models, runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.data import library
from core.evaluation.samples import load_samples
from core.jobs import comparison, comparison_told
from core.jobs.comparison import Chosen, Compared
from core.jobs.prediction import PredictionError
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]


def table(context: Context, folder: Path, name: str, rows: Sequence[tuple[float, float, str]], columns: str) -> None:
    path = folder / f"{name}.csv"
    path.write_text("\n".join([columns, *(f"{a:.4f},{b:.4f},{label}" for a, b, label in rows)]))
    library.add_table(context.workspace.settings, name, path, library.TableOptions(target="y"))


def made(count: int, seed: int) -> list[tuple[float, float, str]]:
    """`a` decides; `b` is noise."""
    drawn = np.random.default_rng(seed).normal(size=(count, 2))
    return [(a, b, "yes" if a > 0 else "no") for a, b in drawn.tolist()]


@pytest.fixture
def two(context: Context, queue: Queue, train: Train, tmp_path: Path) -> list[RunRecord]:
    """One that has learned, and one that was stopped before it could."""
    table(context, tmp_path, "learned", made(200, 0), "a,b,y")
    data = {"source": "table", "dataset": "learned"}
    rates = (0.05, 1e-7)
    return [
        train(queue(data=data, training={"epochs": 12, "optimizer": {"name": "adam", "learning_rate": rate}}))
        for rate in rates
    ]


def compared(context: Context, warm: Warm, chosen: Sequence[Chosen], data: str) -> tuple[comparison.Wanted, Compared]:
    asked = comparison.wanted(context, chosen, data)
    environment = context.workspace.settings.environment()
    return asked, Compared(**warm.call("tests.core.inside:comparison", environment, asked.model_dump()))


def test_the_better_one_is_told_on_rows_that_neither_has_seen(
    context: Context, two: list[RunRecord], warm: Warm, tmp_path: Path
) -> None:
    seen = made(200, 0)[:50]
    table(context, tmp_path, "later", [*made(300, 1), *seen], "a,b,y")  # its columns in this order
    asked, found = compared(context, warm, two, "later")
    assert found.problem == ""
    first, second = two
    left = 350 - found.examples
    assert 20 < left <= 50  # what was in the test part of both stays
    told = f"{left} of 350 examples are among those that run {first.id} and run {second.id} learned from"
    assert found.notes[0].startswith(told)
    one, other = (f"run {run.id}" for run in two)
    assert found.metrics[one]["test_accuracy"] > 0.9
    accuracy = found.differences[0]
    assert (accuracy.metric, accuracy.one, accuracy.other) == ("test_accuracy", one, other)
    assert accuracy.low is not None
    assert accuracy.low > 0
    assert comparison_told.heading(found, {one: one, other: other}).startswith(
        f"On later ({found.examples} examples) run {first.id} is better than run {second.id}: by "
    )
    answers = pd.read_parquet(comparison.answers_file(context.workspace.settings, asked, one))
    right = (answers["label"] == answers["predicted"]).mean()
    assert right == pytest.approx(found.metrics[one]["test_accuracy"])
    assert {"x_a", "x_b", "p_yes"} <= set(answers.columns)


def test_what_does_not_fit_is_refused_with_what_would(
    context: Context, two: list[RunRecord], warm: Warm, tmp_path: Path
) -> None:
    table(context, tmp_path, "other", made(60, 2), "a,c,y")
    for data, why in (
        ("other", f"other has no column 'b', which run {two[0].id} learned from; 1 of 2 are not there."),
        ("iris", "iris has no column"),
        ("digits", f"digits holds grey pictures; run {two[0].id} takes rows."),
        ("elnino", "elnino is series; accepted are rows, texts and pictures"),
    ):
        _, found = compared(context, warm, two, data)
        assert why in found.problem, found.problem
    with pytest.raises(PredictionError, match="received 1"):
        comparison.wanted(context, two[:1], "iris")


def test_versions_are_compared_like_runs_and_outlive_them(
    context: Context, two: list[RunRecord], warm: Warm, tmp_path: Path
) -> None:
    """Answers of a version are those of its run, whose examples it does not answer; also where the run is gone."""
    first, second = two
    table(context, tmp_path, "later", [*made(100, 1), *made(200, 0)[:50]], "a,b,y")
    versions = [models.register(context, run, name) for run, name in ((first, "good"), (second, "good"))]
    _, by_runs = compared(context, warm, two, "later")
    runs.trash(context, [first.id])
    runs.empty_trash(context)
    asked, found = compared(context, warm, [versions[0], second], "later")
    assert found.problem == ""
    assert found.examples == by_runs.examples
    assert found.metrics["good@1"] == pytest.approx(by_runs.metrics[f"run {first.id}"])
    assert found.differences[0].difference == pytest.approx(by_runs.differences[0].difference)
    assert any(f"are among those that good@1 and run {second.id} learned from" in note for note in found.notes)
    models.delete_version(context, "good", 1)
    environment = context.workspace.settings.environment()
    gone = Compared(**warm.call("tests.core.inside:comparison", environment, asked.model_dump()))
    assert "Model good has no version '1'" in gone.problem
    library.remove(context.workspace.settings, "later")
    with pytest.raises(NotFoundError, match="later"):
        comparison.wanted(context, [versions[1], second], "later")


def test_pictures_on_which_they_differ_are_kept(context: Context, queue: Queue, train: Train, warm: Warm) -> None:
    data = {"source": "digits", "limit": 300}
    pair = [train(queue(data=data, training={"epochs": epochs})) for epochs in (1, 6)]
    asked, found = compared(context, warm, pair, "digits")
    assert found.problem == ""
    settings = context.workspace.settings
    frames = [pd.read_parquet(comparison.answers_file(settings, asked, f"run {run.id}")) for run in pair]
    right = [frame["label"] == frame["predicted"] for frame in frames]
    positions = np.flatnonzero(right[0] != right[1]).tolist()
    assert positions
    pictures = load_samples(comparison.pictures_file(settings, asked), positions)
    assert list(pictures) == positions
    for position in positions[:3]:  # of this very example
        assert float(pictures[position].mean()) == pytest.approx(frames[0]["brightness"][position], rel=1e-5)


def test_labels_are_compared_by_their_names_whatever_their_order(
    context: Context, queue: Queue, train: Train, warm: Warm, tmp_path: Path
) -> None:
    def labelled(name: str, columns: str, seed: int) -> None:
        drawn = np.random.default_rng(seed).normal(size=(120, 2))
        labels = {"up": drawn[:, 0] > 0, "right": drawn[:, 1] > 0}
        lines = [
            ",".join([f"{a:.4f}", f"{b:.4f}", *(str(int(labels[each][at])) for each in columns.split(","))])
            for at, (a, b) in enumerate(drawn.tolist())
        ]
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join([f"a,b,{columns}", *lines]))
        first, *rest = columns.split(",")
        options = library.TableOptions(target=first, more_targets=tuple(rest))
        library.add_table(context.workspace.settings, name, path, options)

    labelled("first", "up,right", 0)
    labelled("turned", "right,up", 1)
    training = {"epochs": 15, "optimizer": {"name": "adam", "learning_rate": 0.05}}
    pair = [
        train(queue(data={"source": "table", "dataset": "first"}, training=training)),
        train(queue(data={"source": "table", "dataset": "turned"}, training={"epochs": 1})),
    ]
    labelled("later", "right,up", 2)
    _, found = compared(context, warm, pair, "later")
    assert found.problem == ""
    one, other = (f"run {run.id}" for run in pair)
    assert found.metrics[one]["test_f1_micro"] > 0.9 > found.metrics[other]["test_f1_micro"]
    assert {each.metric for each in found.differences if each.chance is not None} >= {
        "test_f1_micro", "test_f1_samples", "test_subset_accuracy", "test_hamming_loss", "test_f1_macro", "test_loss"
    }  # fmt: skip
    assert all(
        each.low is not None and each.low > 0 for each in found.differences if each.metric == "test_subset_accuracy"
    )
