"""Which way executes a run, and what it costs to find out."""

import json
import time
from collections.abc import Callable

import pytest

from core import runs
from core.workspace import Workspace
from db.records import RunRecord, RunState
from tests.core.training.conftest import Queue, StartRun
from tests.core.warm import Warm, eventually

INSIDE = "tests.core.training.inside:"
Train = Callable[[int], RunRecord]

LONG = {
    "data": {"source": "digits", "validation_split": 0.0},
    "training": {"epochs": 1_000_000, "batch_size": 32},
    "evaluation": {"test": False},
}


def test_a_short_run_tries_nothing(train: Train, queue: Queue, workspace: Workspace) -> None:
    run = train(queue(training={"epochs": 3}))
    engine = run.facts["engine"]
    assert (engine["way"], engine["why"]) == ("graph", "no other was measured for this network")
    assert engine["setup_seconds"] > 0
    assert not (workspace.settings.home / "cache" / "engines").exists()


def test_a_named_way_is_taken(train: Train, queue: Queue) -> None:
    run = train(queue(training={"epochs": 3, "engine": "step"}))
    assert (run.facts["engine"]["way"], run.facts["engine"]["why"]) == ("step", "chosen in the config")


def test_every_bit_counts_where_the_config_says_so(train: Train, queue: Queue) -> None:
    assert train(queue(training={"epochs": 3}, deterministic=True)).facts["engine"]["way"] == "graph"


def test_a_long_run_is_tried_beside_its_training_and_a_later_one_remembers(
    workspace: Workspace, queue: Queue, start: StartRun, train: Train
) -> None:
    first = queue(**LONG)
    child = start(first)
    eventually(lambda: "measured beside" in runs.get(workspace, first).facts.get("engine", {}).get("why", ""))
    runs.stop(workspace, [first])
    assert child.wait() == 0, child.log
    engine = runs.get(workspace, first).facts["engine"]
    [file] = (workspace.settings.home / "cache" / "engines").glob("*.json")
    timings = json.loads(file.read_text())
    assert {"graph", "xla", "step", "stream"} == set(timings)
    assert min(timings, key=lambda way: timings[way]["step"]) == engine["way"] == "xla"
    assert "Engine: xla, measured beside the training" in child.log
    later = train(queue(**{**LONG, "training": {**LONG["training"], "max_steps": 20}}))
    assert "measured before" in later.facts["engine"]["why"]
    assert later.state is RunState.FINISHED


def test_a_compilation_that_takes_too_long_is_abandoned(warm: Warm) -> None:
    found = warm.call(f"{INSIDE}trial_of_a_deep_network", 1.0)
    assert found["ended"]
    assert "xla" not in found["timings"]
    assert found["cpu"] < 3
    assert not found["alive"]


@pytest.mark.parametrize(
    ("steps", "way"),
    [(10, "graph"), (1000, "graph"), (100_000, "xla")],
    ids=["short", "the setup does not pay", "long"],
)
def test_the_fastest_way_is_the_one_that_ends_first_with_its_setup(warm: Warm, steps: int, way: str) -> None:
    timings = {"graph": [0.2, 0.0010], "xla": [2.0, 0.0005], "step": [0.2, 0.0020]}
    assert warm.call(f"{INSIDE}fastest", timings, steps) == way


@pytest.mark.parametrize("engine", ["step", "stream", "graph", "xla"])
def test_a_stop_takes_effect_within_two_seconds(
    workspace: Workspace, queue: Queue, start: StartRun, engine: str
) -> None:
    run_id = queue(**{**LONG, "training": {**LONG["training"], "engine": engine, "record_steps": True}})
    child = start(run_id)
    eventually(lambda: runs.get(workspace, run_id).step > 100)
    asked = time.time()
    runs.stop(workspace, [run_id])
    assert child.wait() == 0, child.log
    stopped = runs.get(workspace, run_id)
    assert stopped.state is RunState.STOPPED
    assert runs.history(workspace, run_id, "step_loss").wall_time[-1] - asked < 2
