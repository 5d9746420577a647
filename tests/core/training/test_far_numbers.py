"""Numbers that float32 cannot hold, in real runs: what is learnt, asked, resumed and fine-tuned with them."""

import json
import math
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.data import library
from core.data.base import Array
from core.evaluation.report_files import read_predictions, read_report
from core.jobs.prediction import Prediction, Row, not_ready
from core.runs.highlights import loss_note
from db.records import RunRecord, RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import Warm, eventually

Train = Callable[[int], RunRecord]
Add = Callable[..., dict[str, Any]]
FAST = {"epochs": 80, "optimizer": {"name": "adam", "learning_rate": 0.03}}


@pytest.fixture
def add(workspace: Workspace, tmp_path: Path) -> Add:
    """`add(x, y)`: a data set of these rows; returns the source that a config names."""

    def go(x: Array, y: Array, name: str = "a") -> dict[str, Any]:
        np.savez(tmp_path / f"{name}.npz", x=x, y=y)
        library.add_arrays(workspace.settings, name, tmp_path / f"{name}.npz")
        return {"source": "arrays", "dataset": name}

    return go


def _rows(count: int = 120, columns: int = 2) -> Array:
    return np.random.default_rng(0).normal(size=(count, columns))


def _metrics(context: Context, run: RunRecord) -> dict[str, float]:
    assert run.state is RunState.FINISHED, run.reason
    return {name: each.last for name, each in runs.summaries(context, [run.id])[run.id].items()}


def _answers(warm: Warm, workspace: Workspace, run: RunRecord, x: Array) -> list[float]:
    raws = [
        Row(values={f"Value {place}": float(value) for place, value in enumerate(row, 1)}).model_dump(mode="json")
        for row in x
    ]
    found = warm.call("tests.core.inside:predict", workspace.settings.environment(), run.id, raws)
    answers = [Prediction.model_validate(each) for each in found]
    assert [answer.problem for answer in answers] == [""] * len(x)
    return [answer.number or 0.0 for answer in answers]


@pytest.mark.parametrize(("offset", "unit"), [(1.7e18, 1e9), (2.0**53 - 1e4, 1.0), (0.0, 1e-9), (0.0, 1e140)])
def test_a_feature_that_float32_cannot_hold_is_learnt_from(
    context: Context, queue: Queue, train: Train, add: Add, warm: Warm, workspace: Workspace, offset: float, unit: float
) -> None:
    steps = np.random.default_rng(1).permutation(200).astype(float)
    x = np.stack([offset + unit * steps, np.zeros(200)], axis=1)
    run = train(queue(data=add(x, np.sin(steps / 30)), training=FAST))
    assert _metrics(context, run)["test_r2"] > 0.9
    frame = read_predictions(workspace.settings, run.id)
    assert set(frame["x_1"]) <= set(x[:, 0].tolist())
    asked = _answers(warm, workspace, run, frame[["x_1", "x_2"]].to_numpy()[:5])
    assert asked == pytest.approx(frame["predicted"].tolist()[:5], abs=1e-4)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_years_are_told_apart_in_less_than_float32(
    context: Context, queue: Queue, train: Train, add: Add, precision: str
) -> None:
    x = np.stack([2000.0 + np.arange(200) % 24, 1e5 + 10 * (np.arange(200) % 7)], axis=1)
    y = (x[:, 0] - 2012) / 7
    run = train(queue(data=add(x, y), training={**FAST, "precision": precision}))
    assert _metrics(context, run)["test_r2"] > 0.9


def test_a_target_that_is_the_same_in_training_is_no_division_by_zero(
    context: Context, queue: Queue, train: Train, add: Add
) -> None:
    y = np.full(120, 1.7e9)
    y[0] += 5
    data = {**add(_rows(), y), "validation_split": 0.5}
    run = train(queue(data=data, training={"epochs": 3}))
    found = _metrics(context, run)
    assert all(math.isfinite(value) for value in found.values())
    assert found["test_mae"] < 10


def test_a_layer_list_learns_a_large_target_too_and_one_that_ends_in_relu_its_own_unit(
    context: Context, queue: Queue, train: Train, add: Add
) -> None:
    x = _rows()
    hidden = [{"layer": "Normalization"}, {"layer": "Dense", "arguments": {"units": 16, "activation": "relu"}}]
    linear = [*hidden, {"layer": "Dense", "arguments": {"units": 1}}]
    data = add(x, 1.7e9 + 10 * x[:, 0])
    run = train(queue(data=data, architecture={"name": "layers", "layers": linear}, training=FAST))
    assert _metrics(context, run)["test_r2"] > 0.9
    bounded = [*hidden, {"layer": "Dense", "arguments": {"units": 1, "activation": "relu"}}]
    data = add(x, 3 + np.maximum(-2.5, x[:, 0]), "b")
    run = train(queue(data=data, architecture={"name": "layers", "layers": bounded}, training=FAST))
    assert run.facts["target_scaling"]["kind"] == "none"
    assert _metrics(context, run)["test_r2"] > 0.9


def test_a_file_gives_the_targets_unit_to_whoever_loads_it_by_keras(
    context: Context, queue: Queue, train: Train, add: Add, warm: Warm, workspace: Workspace
) -> None:
    x = _rows()
    run = train(queue(data=add(x, 250 + 40 * x[:, 0]), training=FAST))
    frame = read_predictions(workspace.settings, run.id)
    path = str(runs.artifact_file(context, run.id, "best.keras"))
    rows = frame[["x_1", "x_2"]].to_numpy().tolist()
    given = warm.call("tests.core.inside:loaded_by_keras", path, rows)
    assert given == pytest.approx(frame["predicted"].tolist(), rel=1e-4)


def _as_an_earlier_version(path: Path) -> None:
    """The same checkpoint without what this version keeps of the numbers beside it."""
    other = path.with_suffix(".old")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "traindeck.json":
                content = json.dumps({k: v for k, v in json.loads(content).items() if k != "numbers"}).encode()
            target.writestr(entry, content)
    shutil.move(other, path)


def test_a_run_of_an_earlier_version_answers_and_goes_on_as_before(
    context: Context, queue: Queue, train: Train, start: StartRun, add: Add, warm: Warm, workspace: Workspace
) -> None:
    x = _rows()
    config = {"data": add(x, 250 + 40 * x[:, 0]), "training": {**FAST, "epochs": 2000, "max_steps": 3000}}
    through = train(queue(**config))
    run_id = queue(**config)
    child = start(run_id, "at_step", 900)
    eventually(lambda: runs.get(context, run_id).step >= 900)
    runs.stop(context, [run_id])
    assert child.wait() == 0, child.log
    for name in ("best.keras", "last.keras"):
        _as_an_earlier_version(runs.artifact_file(context, run_id, name))
    stopped = runs.get(context, run_id)
    before = _answers(warm, workspace, stopped, x[:3])
    assert before == pytest.approx((250 + 40 * x[:3, 0]).tolist(), abs=60)
    resumed = train(run_id)
    curves = [runs.history(context, run.id, "val_loss").value for run in (through, resumed)]
    assert curves[0].tolist() == pytest.approx(curves[1].tolist(), rel=1e-3)


def test_a_resumed_run_scales_as_before(
    context: Context, queue: Queue, train: Train, start: StartRun, add: Add
) -> None:
    x = 1.7e9 + 100 * _rows()
    y = np.exp(2 * _rows()[:, 0])
    training = {**FAST, "epochs": 2000, "max_steps": 2500, "target_scaling": "log"}
    config = {"data": add(x, y), "training": training}
    through = train(queue(**config))
    run_id = queue(**config)
    child = start(run_id, "at_step", 900)
    eventually(lambda: runs.get(context, run_id).step >= 900)
    runs.stop(context, [run_id])
    assert child.wait() == 0, child.log
    resumed = train(run_id)
    for metric in ("val_loss", "val_mae", "test_mae"):
        curves = [runs.history(context, run.id, metric).value.tolist() for run in (through, resumed)]
        assert curves[0] == curves[1]


def test_fine_tuning_begins_with_what_was_learnt_of_shifted_features(
    context: Context, queue: Queue, train: Train, add: Add
) -> None:
    steps = np.random.default_rng(1).permutation(200).astype(float)
    first = add((1.7e9 + steps)[:, np.newaxis], np.sin(steps / 30))
    run = train(queue(data=first, training=FAST))
    later = add((1.7e9 + steps[steps > 100])[:, np.newaxis], np.sin(steps[steps > 100] / 30), "b")
    tuned = train(
        queue(
            data=later,
            fine_tune={"run": run.id},
            training={"epochs": 1, "optimizer": {"name": "sgd", "learning_rate": 1e-9}, "target_scaling": "none"},
        )
    )
    assert tuned.state is RunState.FINISHED, tuned.reason
    # Its target is not scaled, the other one's was: deviations and means of a sine, of which shape and place remain.
    frame = read_predictions(context.workspace.settings, tuned.id)
    assert np.corrcoef(frame["label"], frame["predicted"])[0, 1] > 0.9


def test_a_run_whose_loss_never_was_a_number_has_no_best_and_says_why(
    context: Context, queue: Queue, train: Train
) -> None:
    wild = {"name": "sgd", "learning_rate": 100.0, "momentum": 0.99}
    network = {"name": "mlp", "hidden": [64] * 4, "activation": "linear"}
    run = train(
        queue(architecture=network, training={"epochs": 2, "batch_size": 1, "optimizer": wild, "stop_on_nan": False})
    )
    assert run.state is RunState.FINISHED
    assert run.reason.startswith("No epoch had a finite val_loss, so nothing was evaluated.")
    summary = runs.summaries(context, [run.id])[run.id]["val_loss"]
    assert not summary.has_best
    assert "No epoch had a finite val_loss" in not_ready(context, run)
    assert "Relaunch" not in not_ready(context, run)


def test_the_loss_of_a_regression_says_what_it_is(
    context: Context, queue: Queue, train: Train, add: Add, workspace: Workspace
) -> None:
    x = _rows()
    data = add(x, np.exp(2 * x[:, 0]))
    run = train(queue(data=data, training={"epochs": 2, "target_scaling": "log"}))
    scaling = run.facts["target_scaling"]
    assert scaling["kind"] == "log"
    assert f"Mean squared error of log(1 + target / {scaling['unit']:.4g})" in loss_note(run.facts)
    assert read_report(workspace.settings, run.id).loss == _metrics(context, run)["test_loss"]
    log = runs.log_tail(context, run.id, 100)
    assert not log or loss_note(run.facts) in log
    assert loss_note(train(queue(training={"epochs": 1})).facts) == ""


def test_a_very_skewed_target_is_told_when_it_is_added(add: Add, workspace: Workspace) -> None:
    x = _rows(500)
    add(x, np.exp(2 * x[:, 0]))
    [told] = library.get(workspace.settings, "a").warnings
    assert told.startswith("The target is very skewed (skewness ")
    assert told.endswith("consider the target scaling log.")
    add(x, x[:, 0], "b")
    assert library.get(workspace.settings, "b").warnings == ()
    add(x, -np.exp(2 * x[:, 0]), "c")
    assert "consider the target scaling robust" in library.get(workspace.settings, "c").warnings[0]
