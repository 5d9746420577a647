"""Runs that make a network smaller: by pruning, of fewer units, of low rank, by another one's answers."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core import models, runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.models import making
from core.runs import highlights
from core.runs.compressing import compressed
from db.records import RunRecord, RunState
from tests.core.conftest import Queue
from tests.core.training.test_joined_networks import made
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]


def test_the_best_network_is_one_after_the_last_cut(context: Context, queue: Queue, train: Train, warm: Warm) -> None:
    parent = train(queue(training={"epochs": 4}))
    raw = compressed(parent.config, parent.id, "prune", 0.5)
    assert (raw["fine_tune"]["run"], raw["pruning"]["sparsity"]) == (parent.id, 0.5)
    # So fast that it only gets worse: an epoch before the last cut would be the best.
    wild = raw["training"] | {"epochs": 8, "optimizer": {"name": "sgd", "learning_rate": 3.0}, "stop_on_nan": False}
    run = train(queue(**raw | {"training": wild}))
    assert run.parent_id == parent.id
    path = runs.artifact_file(context, run.id, "best.keras")
    found = warm.call("tests.core.training.test_fine_tune:weights", str(path))
    kernels = [np.array(each) for values in found.values() for each in values if np.ndim(each) == 2]
    zeros = sum(int((each == 0).sum()) for each in kernels)
    size = sum(each.size for each in kernels)
    assert zeros == size // 2
    assert run.facts["pruned"] == {"weights": size, "zeros": zeros}
    history = runs.history(context, run.id, "sparsity")
    assert history.value[-1] == 0.5
    assert 0 < history.value[0] < 0.5
    step = warm.call("tests.core.training.test_smaller:step_of", str(path), run.uid)
    assert step >= 4 * history.step[0]
    monitored = runs.summaries(context, [run.id])[run.id][highlights.monitored_metric(run)]
    assert monitored.best_step == step
    assert json.dumps(run.config["pruning"]) == '{"sparsity": 0.5, "ramp": 0.5, "scope": "layer"}'


def step_of(path: str, uid: str) -> int:
    """Where the run was that left this checkpoint; with TensorFlow, so in the warm process."""
    from core.training.checkpoints import read_position

    position = read_position(Path(path), uid)
    assert position is not None
    return position.step


def test_units_that_give_nothing_go_and_nothing_changes(warm: Warm) -> None:
    found = warm.call("tests.core.inside_smaller:reduced")
    apart, told = found["units"]
    assert apart < 1e-5
    assert told == ["conv: 5 of 8 units", "hidden: 7 of 10 units"]
    apart, told = found["both"]
    assert apart < 1e-5
    assert told[-1] == "hidden: rank 7, 100 % of its energy"
    apart, told = found["rank"]
    assert apart > 0.01
    assert told[0].startswith("hidden: rank 2, ")
    assert found["wider"].startswith("conv has 9 units here, and 8 in the other run.")
    assert found["tied"].startswith("Units of sum, of the kind Add, are tied to others")


def test_what_a_teacher_answers_is_a_part_of_the_loss(warm: Warm) -> None:
    found = warm.call("tests.core.inside_smaller:taught")
    assert found["own"] == pytest.approx(0.75)  # of the labels' loss of 1
    assert (found["two columns"], found["labels"]) == (pytest.approx(0, abs=1e-6), pytest.approx(0.25 * 2))
    assert found["numbers"] == pytest.approx(0.25 * 2**2 / 4)
    logits = np.log([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]]) / 2
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    divergence = (shares * np.log(shares / shares[::-1])).sum(axis=1).mean()
    assert found["other"] == pytest.approx(0.25 * 2**2 * divergence, rel=1e-4)


def test_a_smaller_network_begins_from_a_larger_one_and_learns_from_its_answers(queue: Queue, train: Train) -> None:
    parent = train(queue(architecture={"name": "mlp", "hidden": [12, 8]}, training={"epochs": 3}))
    raw = compressed(parent.config, parent.id, "units")
    assert raw["architecture"]["hidden"] == [6, 4]
    run = train(queue(**raw | {"distillation": {"run": parent.id}}))
    begun = run.facts["fine_tuned_from"]
    assert (begun["taken"], begun["new"]) == (4, [])
    assert begun["reduced"] == ["dense_1: 6 of 12 units", "dense_2: 4 of 8 units"]
    assert run.facts["distilled_from"] == {"run": parent.id, "uid": parent.uid}
    assert run.facts["engine"]["why"] == "always so where a teacher is asked, too"
    assert run.facts["parameters"] < parent.facts["parameters"] / 2
    with pytest.raises(
        ConfigError, match=r"distillation.run: run .* learned from other examples \(seed 0 there, 3 here"
    ):
        queue(seed=3, distillation={"run": parent.id})
    assert queue(data={"source": "iris", "validation_split": 0.2}, distillation={"run": parent.id})


def test_an_ensemble_s_answers_are_learned_from_where_its_members_learned_from_the_same(
    context: Context, queue: Queue, train: Train, warm: Warm
) -> None:
    short = {"epochs": 3, "optimizer": {"name": "adam", "learning_rate": 0.05}}
    one, wide = (
        train(queue(seed=1, training=short, architecture={"name": "mlp", "hidden": [size]})) for size in (8, 12)
    )
    assert not made(warm, context, making.ensemble_request(context, [one, wide], "flowers")).problem
    raw = compressed(one.config, one.id, "distil", teacher="flowers@1")
    assert (raw["distillation"]["model"], raw["distillation"]["run"]) == ("flowers@1", None)
    run = train(queue(**raw))
    assert (run.state, run.facts["distilled_from"]) == (RunState.FINISHED, {"version": "flowers@1"}), run.reason
    assert "Learned from the answers of flowers@1, too" in models.register(context, run, "small").card
