"""What a run that goes on compares with the attempt before, and how its time is counted."""

import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import db.leases
import db.runs
from core import comparison, runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data import library
from db.records import Lease, RunRecord, RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import eventually

TRAINING = {"epochs": 1000, "batch_size": 8}
CONFIG = {
    "data": {"source": "table", "dataset": "colours"},
    "training": TRAINING,
}


@pytest.fixture
def add_table(settings: Settings, tmp_path: Path) -> Callable[[int], None]:
    """Store the data set, in place of the one of that name."""

    def add(seed: int) -> None:
        if library.listing(settings):
            library.remove(settings, "colours")
        values = np.random.default_rng(seed).normal(size=60)
        rows = "\n".join(f"{'red' if n % 3 else 'blue'},{value},{n % 2}" for n, value in enumerate(values))
        (tmp_path / "t.csv").write_text(f"colour,size,label\n{rows}\n")
        library.add_table(settings, "colours", tmp_path / "t.csv", library.TableOptions(target="label"))

    return add


def _train_and_stop(context: Context, start: StartRun, run_id: int) -> RunRecord:
    begun = runs.get(context, run_id).step
    child = start(run_id, "at_step", begun + 40)  # some epochs
    eventually(lambda: runs.get(context, run_id).step >= begun + 40)
    child.kill(signal.SIGTERM)
    assert child.wait() == 0, child.log
    return runs.get(context, run_id)


def test_a_run_goes_on_with_no_other_data_than_it_has_learned_from(
    workspace: Workspace, context: Context, queue: Queue, start: StartRun, add_table: Callable[[int], None]
) -> None:
    add_table(0)
    run_id = queue(**CONFIG)
    first = _train_and_stop(context, start, run_id)
    before = runs.history(context, run_id, "loss")

    add_table(1)
    assert start(run_id).result() == 1
    refused = runs.get(context, run_id)
    assert refused.state is RunState.FAILED
    assert "The data set 'colours' has changed since attempt 1" in refused.reason
    known = first.facts["data_fingerprint"]
    manifest = library.get(workspace.settings, "colours")
    assert f"{manifest.fingerprint}, and was {known}" in refused.reason
    assert "put those back" in refused.reason
    assert refused.facts == first.facts
    assert runs.history(context, run_id, "loss").value.tolist() == before.value.tolist()
    assert refused.trained_seconds == first.trained_seconds

    add_table(0)
    again = _train_and_stop(context, start, run_id)
    assert again.state is RunState.STOPPED
    assert again.step > first.step
    assert [each.state for each in runs.attempts(context, run_id)] == ["stopped", "failed", "stopped"]


def test_other_versions_than_before_are_noted(
    workspace: Workspace, context: Context, queue: Queue, start: StartRun
) -> None:
    run_id = queue(training=TRAINING)
    first = _train_and_stop(context, start, run_id)
    [attempt] = runs.attempts(context, run_id)
    assert attempt.facts == first.facts
    assert runs.changed_versions([attempt]) == []
    older = {**attempt.facts, "versions": {**attempt.facts["versions"], "keras": "2.0"}}
    with workspace.write() as session:  # as a version of that time would have left it
        db.runs.update(session, run_id, state=RunState.RUNNING.value)
        db.leases.put_facts(session, Lease(run_id, 1), older)
        db.runs.update(session, run_id, state=RunState.STOPPED.value)

    child = start(run_id, "at_step", first.step + 8)
    eventually(lambda: runs.get(context, run_id).step > first.step)
    child.kill(signal.SIGTERM)
    assert child.wait() == 0, child.log

    found = runs.attempts(context, run_id)
    now = attempt.facts["versions"]["keras"]
    assert [(each.number, changes) for each, changes in runs.changed_versions(found)] == [(2, {"keras": ("2.0", now)})]
    assert f"Another version than in the attempt before: keras {now}, before 2.0." in child.log
    assert found[0].facts == older, "what an earlier attempt was is never overwritten"


def test_pauses_between_attempts_count_as_nothing(context: Context, queue: Queue, start: StartRun) -> None:
    run_id = queue(training=TRAINING)
    for _ in range(2):
        run = _train_and_stop(context, start, run_id)
    first, second = runs.attempts(context, run_id)
    assert first.ended_at is not None
    assert second.training_at is not None
    pause = second.training_at - first.ended_at
    assert pause > 0
    assert run.trained_seconds == pytest.approx(first.trained_seconds + second.trained_seconds)
    history = runs.history(context, run_id, "loss")
    frame = comparison.curve_frame([run], {(run_id, "loss"): history}, "time")
    assert frame["x"].is_monotonic_increasing
    assert frame["x"].iloc[-1] <= run.trained_seconds
    whole = history.wall_time[-1] - history.wall_time[0]
    assert frame["x"].iloc[-1] - frame["x"].iloc[0] <= whole - pause + 0.01
    telemetry = runs.history(context, run_id, "system/process_memory_mb").step
    assert (telemetry[1:] > telemetry[:-1]).all()
