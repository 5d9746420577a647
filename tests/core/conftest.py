"""What tests of rooms with TensorFlow share: its import, paid once, and runs executed by real trainers."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import db.leases
import db.runs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from db.records import SUPERVISOR, RunRecord, RunState
from tests.core.warm import Child, Warm

StartRun = Callable[..., Child]
Queue = Callable[..., int]


@pytest.fixture
def queue(context: Context) -> Queue:
    """`queue(data={…}, architecture={…}, training={…})`: a run of a small config, given away as a supervisor would."""

    def add(**sections: Any) -> int:
        raw = {"data": {"source": "iris"}, "architecture": {"name": "mlp", "hidden": [8]}, **sections}
        return runs.create(context, runs.Draft(raw))[0]

    return add


@pytest.fixture
def start(workspace: Workspace, warm: Warm) -> StartRun:
    """Give a run to a trainer process: `start(run_id, "at_step", 100)` to one that waits, as in `holding`."""

    def go(run_id: int, hold: str = "", *arguments: object) -> Child:
        with workspace.write() as session:
            run = db.runs.get(session, run_id)
            assert run is not None
            db.runs.transition(
                session, run_id, [run.state], RunState.QUEUED, actor=SUPERVISOR, stop_requested="", finished_at=None
            )
            lease = db.leases.grant(session, run, socket.gethostname(), ["cpu:0"], time.time())
            assert lease is not None
        function = hold if ":" in hold else f"tests.core.holding:{hold}" if hold else "tests.core.inside:train"
        return warm.start(function, workspace.settings.environment(), run_id, lease.attempt, *arguments)

    return go


@pytest.fixture
def train(context: Context, start: StartRun) -> Callable[[int], RunRecord]:
    """Execute a run to its end."""

    def go(run_id: int) -> RunRecord:
        child = start(run_id)
        assert child.wait() == 0, child.log
        return runs.get(context, run_id)

    return go


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """`warm.call("module:function", arguments…)` runs a function in a process with TensorFlow imported."""
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


@pytest.fixture(autouse=True)
def _no_child_outlives_its_test(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "warm" in request.fixturenames:
        request.getfixturevalue("warm").end_child()
