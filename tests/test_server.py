"""The server as a process: health, restarts, Ctrl-C, and stores that cannot be used."""

import contextlib
import http.client
import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data.library import Inbox
from core.system.hosts import living_supervisor
from db.records import RunState
from tests.conftest import AddRun
from tests.host import ENDLESS, PATIENCE_SECONDS, Host, paths_in, trainer, wait_until
from tests.leftovers import titles
from tests.server import Server


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    """Not started yet."""
    started = Server(workspace.settings)
    yield started
    started.close()


def test_server_supervisor_and_training_survive_each_other(
    server: Server, workspace: Workspace, context: Context
) -> None:
    host = Host(workspace)
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
    host = Host(workspace)
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


def test_the_log_of_a_run_is_served_and_a_missing_one_is_named(
    server: Server, workspace: Workspace, add_run: AddRun
) -> None:
    run_id = add_run()
    log = workspace.settings.log_file(run_id)
    log.parent.mkdir(parents=True)
    log.write_text("epoch 1\n")
    server.start()
    with urllib.request.urlopen(f"{server.url}/api/runs/{run_id}/log") as response:
        assert response.read() == b"epoch 1\n"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.url}/api/runs/99/log")
    assert refused.value.code == 404
    assert b"There is no run 99" in refused.value.read()


def _put(server: Server, inbox: str, length: int) -> tuple[int, str]:
    """Status and error of an upload that promises so many bytes: it is refused before the first one is sent."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    with contextlib.closing(connection):
        connection.putrequest("PUT", f"/api/uploads/{inbox}?name=big.csv")
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        response = connection.getresponse()
        return response.status, json.load(response)["error"]


def test_an_upload_that_nobody_waits_for_or_that_is_too_large_is_refused(server: Server, workspace: Workspace) -> None:
    server.settings = workspace.settings.model_copy(update={"max_upload_mb": 1})
    server.start()
    status, error = _put(server, "0" * 32, 10)
    assert status == 404
    assert "The form that sent this file is gone" in error
    inbox = Inbox(workspace.settings)
    status, error = _put(server, inbox.key, 2 * 1024**2)
    assert status == 413
    assert "TRAINDECK_MAX_UPLOAD_MB" in error
    assert "big.csv" not in {path.name for path in paths_in(workspace.settings.datasets_dir)}


def test_a_store_that_is_no_database_is_reported_and_left_as_it_is(tmp_path: Path, settings: Settings) -> None:
    settings.home.mkdir()
    file = settings.home / "traindeck.db"
    file.write_bytes(b"these are my holiday photographs" * 100)
    server = Server(settings)
    try:
        server.start(until_healthy=False)
        health = server.health()
        assert not health["alive"]
        assert "not a database" in health["database"]["error"]
    finally:
        server.close()
    assert file.read_bytes() == b"these are my holiday photographs" * 100


def _status(server: Server, target: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
    with contextlib.closing(connection):
        connection.putrequest("GET", target, skip_host=True)
        for name, value in ({"Host": f"localhost:{server.port}"} | headers).items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.headers, b"" if response.status == 101 else response.read()


def test_only_its_own_names_and_pages_reach_the_server_and_every_answer_is_guarded(server: Server) -> None:
    server.settings = server.settings.model_copy(update={"allowed_hosts": "deck.example.com, deck.lan"})
    server.start()
    for target in ("/", "/launch", "/plotly.js", "/api/health", "/api/nothing", "/_stcore/health", "/media/none"):
        for host, allowed in (("evil.example.com", False), ("deck.lan:80", True), (f"127.0.0.1:{server.port}", True)):
            status, headers, _ = _status(server, target, Host=host)
            assert (status != 421) is allowed, (target, host)
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
            assert headers["Referrer-Policy"] == "same-origin"
    told = json.loads(_status(server, "/_stcore/host-config")[2])
    assert told["allowedOrigins"] == []
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    stream = "/_stcore/stream"
    assert _status(server, stream, **upgrade)[0] == 101
    assert _status(server, stream, Origin=f"http://localhost:{server.port}", **upgrade)[0] == 101
    assert _status(server, stream, Origin="http://evil.example.com", **upgrade)[0] == 403
    assert _status(server, stream, Host="evil.example.com", **upgrade)[0] == 403
    assert oct(server.settings.home.stat().st_mode)[-3:] == "700"
    written = [path for path in paths_in(server.settings.home) if path.suffix == ".log"]
    assert written
    assert not [path for path in written if path.stat().st_mode & 0o077]
