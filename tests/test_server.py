"""The server as a process: health, restarts, Ctrl-C, and stores that cannot be used."""

import http.client
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.system.hosts import living_supervisor
from db.records import RunState
from tests.calm import WITHOUT_TENSORFLOW
from tests.host import ENDLESS, PATIENCE_SECONDS, Host, trainer, wait_until
from tests.leftovers import titles
from tests.server import Server


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    """Without a process that has TensorFlow, and not started yet."""
    started = Server(workspace.settings.model_copy(update={"standby": False}))
    yield started
    started.close()


def test_server_supervisor_and_training_survive_each_other(
    server: Server, workspace: Workspace, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in WITHOUT_TENSORFLOW.items():
        monkeypatch.setenv(name, value)  # that is for the one trainer to import, not for each of four standbys
    host = Host(workspace)
    server.settings = workspace.settings  # with a standby
    server.start()
    assert server.health()["supervisor"]["alive"]
    run_id = host.launch(**ENDLESS)  # no browser is open: the supervisor starts it all the same
    process = trainer(host.learning(run_id))
    title = f"traindeck: trainer {run_id}"
    wait_until(lambda: {title, "traindeck: supervisor", "traindeck: standby"} <= _titles(workspace), "all have titles")

    server.end(signal.SIGKILL)
    step = host.run(run_id).step
    wait_until(lambda: host.run(run_id).step > step, "the training goes on while the server is dead")
    server.start()

    supervisor = server.health()["supervisor"]["pid"]
    os.kill(supervisor, signal.SIGKILL)
    wait_until(lambda: server.health()["supervisor"].get("pid") not in (None, supervisor), "a new supervisor")
    assert process.is_alive()

    printed = server.end(signal.SIGINT)
    assert "1 training goes on" in printed
    wait_until(lambda: _titles(workspace) <= {title}, "only the training goes on")
    assert living_supervisor(workspace) is None
    assert process.is_alive()

    server.start()
    runs.stop(context, [run_id])
    assert host.ended(run_id).state is RunState.STOPPED


def test_a_supervisor_that_a_person_started_outlives_the_server_which_no_listener_holds(
    server: Server, workspace: Workspace
) -> None:
    host = Host(workspace, WITHOUT_TENSORFLOW)
    host.start()
    server.start()
    supervisor = living_supervisor(workspace)
    listening = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    listening.request("GET", "/api/v1/changes")
    changes = listening.getresponse()
    assert changes.readline() == b"retry: 2000\n"
    server.end(signal.SIGINT)
    changes.read()  # to its end
    listening.close()
    found = living_supervisor(workspace)
    assert supervisor is not None
    assert found is not None
    assert found.pid == supervisor.pid
    host.end()


def _titles(workspace: Workspace) -> set[str]:
    """Of the processes at work on the workspace; a training's own trial comes and goes with it."""
    return titles(workspace.settings.home) - {"traindeck: trial"}


def test_a_store_that_is_no_database_is_reported_and_left_as_it_is(tmp_path: Path, settings: Settings) -> None:
    settings.home.mkdir()
    file = settings.home / "traindeck.db"
    file.write_bytes(b"these are my holiday photographs" * 100)
    server = Server(settings.model_copy(update={"standby": False}))
    try:
        server.start(until_healthy=False)
        health = server.health()
        assert not health["alive"]
        assert "not a database" in health["database"]["error"]
    finally:
        server.close()
    assert file.read_bytes() == b"these are my holiday photographs" * 100
