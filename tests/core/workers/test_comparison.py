"""Networks of two runs on a data set that was chosen afterwards."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.common.context import Context
from core.data import library
from core.jobs import comparison, comparison_told
from core.jobs.comparison import Compared
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


def compared(context: Context, warm: Warm, runs: Sequence[RunRecord], data: str) -> tuple[comparison.Wanted, Compared]:
    asked = comparison.wanted(context, runs, data)
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
    assert f"{left} of 350 examples are among those that run {first.id} learned from" in found.notes[0]
    assert found.metrics[first.id]["test_accuracy"] > 0.9
    accuracy = found.differences[0]
    assert (accuracy.metric, accuracy.one, accuracy.other) == ("test_accuracy", first.id, second.id)
    assert accuracy.low is not None
    assert accuracy.low > 0
    names = {run.id: f"run {run.id}" for run in two}
    assert comparison_told.heading(found, names).startswith(
        f"On later ({found.examples} examples) run {first.id} is better than run {second.id}: by "
    )
    answers = pd.read_parquet(comparison.answers_file(context.workspace.settings, asked, first.id))
    right = (answers["label"] == answers["predicted"]).mean()
    assert right == pytest.approx(found.metrics[first.id]["test_accuracy"])
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
