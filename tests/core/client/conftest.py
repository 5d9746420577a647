"""A server that is not started yet, and scripts that find the package and nothing else of ours."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from core.common.settings import PROJECT_ROOT
from core.common.workspace import Workspace
from core.web.api import build_api
from tests.host import wait_until
from tests.server import Server

Script = Callable[..., "subprocess.Popen[str]"]


class ServerHere:
    """What answers scripts, in a thread of this process: a server without the seconds that its processes take."""

    def __init__(self, workspace: Workspace) -> None:
        self._socket = socket.socket()  # that does not listen yet: who asks is refused
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = Starlette(routes=[Mount("/api", build_api(lambda: workspace))])
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    def start(self) -> None:
        self._thread.start()
        wait_until(lambda: self._server.started, "the server listens")

    def close(self) -> None:
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    """One that can be killed, with processes of its own; not started yet."""
    found = Server(workspace.settings.model_copy(update={"standby": False}))
    yield found
    found.close()


@pytest.fixture
def server_here(workspace: Workspace) -> Iterator[ServerHere]:
    """Not started yet."""
    found = ServerHere(workspace)
    yield found
    found.close()


@pytest.fixture
def script(request: pytest.FixtureRequest, tmp_path: Path) -> Script:
    """Starts the source in a process whose path has `traindeck`, as it is installed; more environment may be given."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "traindeck").symlink_to(PROJECT_ROOT / "core" / "client")
    server: Server | ServerHere = request.getfixturevalue(
        "server" if "server" in request.fixturenames else "server_here"
    )
    own = {"TRAINDECK_URL": server.url, "TRAINDECK_SPOOL": str(tmp_path / "spool"), "PYTHONPATH": str(folder)}

    def start(source: str, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", source],
            env={**os.environ, **own, **environment},
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def sync(script: Script) -> tuple[int, str]:
    """Exit code and output of `python -m traindeck sync`."""
    running = script("import runpy, sys; sys.argv[1:] = ['sync']; runpy.run_module('traindeck', run_name='__main__')")
    told, _ = running.communicate(timeout=300)
    return running.returncode, told
