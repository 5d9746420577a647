"""Runs without a process of ours: reported by clients, or brought over from other tools."""

import numpy as np
import pytest

import db.keyed_tags
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, StateError
from core.common.workspace import Workspace
from core.launch.supervisor import Supervisor
from core.runs import logged
from core.runs.logged import Logged, ParamChangedError, Point
from db.listing import RunQuery
from db.records import RunState
from tests.conftest import AddRun


def _points(name: str, *values: float, step: int = 0) -> list[Point]:
    """All at one step."""
    return [(name, step, value, 5.0) for value in values]


def test_a_run_is_reported_from_its_beginning_to_its_end(context: Context) -> None:
    run = logged.begin(
        context, Logged("mine", "theirs", {"lr": 0.1, "net": "wide"}, ("a",), {"git": "abc"}, began_at=100.0)
    )
    assert (run.state, run.kind, run.experiment, run.config) == (
        RunState.RUNNING,
        "logged",
        "theirs",
        {"lr": 0.1, "net": "wide"},
    )
    logged.add_params(context, run.id, {"lr": 0.1, "late": True})
    logged.record(context, run.id, _points("loss", 0.5, 0.4, np.nan) + _points("acc", 0.9, step=7))
    logged.put_tags(context, run.id, {"git": "def", "host": "there"}, removed=["host"])
    logged.end(context, run.id, RunState.FINISHED, at=160.0)

    run = runs.get(context, run.id)
    assert (run.state, run.finished_at, run.trained_seconds, run.step) == (RunState.FINISHED, 160.0, 60.0, 7)
    assert runs.params(context, [run.id])[run.id] == {"lr": "0.1", "net": "wide", "late": "true"}
    kept = runs.history(context, run.id, "loss").value
    np.testing.assert_array_equal(kept, [0.5, 0.4, np.nan])
    with context.workspace.read() as session:
        assert db.keyed_tags.of_runs(session, [run.id]) == {run.id: {"git": "def"}}
    assert runs.matching_ids(context, RunQuery(), "lr=0.1 net=wide") == [run.id]


def test_params_never_change(context: Context) -> None:
    run = logged.begin(context, Logged("mine", params={"lr": 0.1}))
    with pytest.raises(ParamChangedError, match=r"'lr' is '0\.1', received '0\.2'"):
        logged.add_params(context, run.id, {"new": 1, "lr": 0.2})
    assert runs.get(context, run.id).config == {"lr": 0.1}


def test_what_is_not_logged_or_is_there_already_is_refused(context: Context, add_run: AddRun) -> None:
    with pytest.raises(StateError, match="trained by Traindeck itself"):
        logged.record(context, add_run(), _points("loss", 1.0))
    run = logged.begin(context, Logged("mine"))
    with pytest.raises(ConfigError, match=f"run {run.id} has the uid {run.uid} already"):
        logged.begin(context, Logged("again", uid=run.uid))
    with pytest.raises(runs.SpecError, match="of kind 'logged'"):
        runs.relaunch(context, run.id)


def test_a_silent_client_is_lost_and_comes_back(
    workspace: Workspace, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    run = logged.begin(context, Logged("mine"))
    settings = workspace.settings.model_copy(update={"standby": False, "silence_seconds": 60.0})
    supervisor = Supervisor(Workspace.open(settings))
    try:
        for _ in range(7):
            assert runs.get(context, run.id).state is RunState.RUNNING
            supervisor.tick()
            now[0] += 10
        supervisor.tick()
    finally:
        supervisor.close()
        supervisor.workspace.close()
    lost = runs.get(context, run.id)
    assert lost.state is RunState.LOST
    assert "client has not been heard from for 70 s" in lost.reason
    logged.record(context, run.id, _points("loss", 1.0, step=3))
    back = runs.get(context, run.id)
    assert (back.state, back.reason, back.finished_at, back.step) == (RunState.RUNNING, "", None, 3)
