"""What the server as a process answers: to whom, how large uploads, and the logs of runs."""

import contextlib
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data.library import Inbox
from tests.conftest import AddRun
from tests.host import PATIENCE_SECONDS, paths_in
from tests.server import Server


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    home = tmp_path_factory.mktemp("answers") / "workspace"
    settings = Settings(
        home=home, user="ada", standby=False, max_upload_mb=1, allowed_hosts="deck.example.com, deck.lan"
    )
    opened = Workspace.open(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(workspace: Workspace) -> Iterator[Server]:
    """One for all of these tests."""
    with Server(workspace.settings) as started:
        yield started


def test_the_log_of_a_run_is_served_and_a_missing_one_is_named(
    server: Server, workspace: Workspace, add_run: AddRun
) -> None:
    run_id = add_run()
    log = workspace.settings.log_file(run_id)
    log.parent.mkdir(parents=True)
    log.write_text("epoch 1\n")
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
    status, error = _put(server, "0" * 32, 10)
    assert status == 404
    assert "The form that sent this file is gone" in error
    inbox = Inbox(workspace.settings)
    status, error = _put(server, inbox.key, 2 * 1024**2)
    assert status == 413
    assert "TRAINDECK_MAX_UPLOAD_MB" in error
    assert "big.csv" not in {path.name for path in paths_in(workspace.settings.datasets_dir)}


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
