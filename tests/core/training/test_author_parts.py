"""What real runs validate on: the author's part and nothing else, or whole groups.

The inputs are the same everywhere, so a network answers one number, and its error tells of which targets it is.
"""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.data import library
from core.data.base import Array
from core.evaluation.report_files import read_predictions
from db.records import RunRecord, RunState
from tests.core.conftest import Queue


def _answer_and_error(workspace: Workspace, context: Context, run: RunRecord) -> tuple[float, float]:
    """The number that the network answers, and its mean absolute error in the validation."""
    assert run.state is RunState.FINISHED, run.reason
    (answer,) = set(read_predictions(workspace.settings, run.id)["predicted"].round(9))
    return answer, runs.summaries(context, [run.id])[run.id]["val_mae"].last


def _error(targets: Array, answer: float) -> float:
    return float(np.abs(targets - answer).mean())


def test_runs_validate_on_the_authors_part_alone_and_on_whole_groups(
    workspace: Workspace, context: Context, queue: Queue, train: Callable[[int], RunRecord], tmp_path: Path
) -> None:
    def launched(options: library.ArrayOptions, **arrays: Array) -> tuple[float, float, dict[str, Any]]:
        name = "groups" if options.group else "parts"
        np.savez(tmp_path / f"{name}.npz", **{key: np.asarray(value) for key, value in arrays.items()})  # type: ignore[arg-type]
        library.add_arrays(workspace.settings, name, tmp_path / f"{name}.npz", options)
        data = {"source": "arrays", "dataset": name, "validation_split": 0.3}
        run = train(queue(data=data, training={"epochs": 1, "batch_size": 8}))
        return *_answer_and_error(workspace, context, run), run.facts["examples"]

    y = np.arange(30.0)
    y_val, x = np.array([1000.0, 2000, 4000, 9000]), np.zeros((30, 1))
    answer, error, counts = launched(
        library.ArrayOptions(), x_train=x, y_train=y, x_val=x[:4], y_val=y_val, x_test=x[:5], y_test=y[:5]
    )
    assert (counts["train"], counts["validation"]) == (30, 4)
    assert error == pytest.approx(_error(y_val, answer), rel=1e-5)

    groups = np.arange(60) % 10
    answer, error, counts = launched(library.ArrayOptions(group="who"), x=np.zeros((60, 1)), y=2.0**groups, who=groups)
    held_back = counts["validation"] // 6
    whole = [each for each in combinations(range(10), held_back) if
             _error(2.0 ** np.array(each), answer) == pytest.approx(error, rel=1e-5)]  # fmt: skip
    assert counts["validation"] == 6 * held_back > 0
    assert len(whole) == 1
    tested = np.log2(read_predictions(workspace.settings, 2)["label"]).round().astype(int)
    assert not set(tested) & set(whole[0])
